// Asking a large language model for traces.

#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "twohop/base/result.h"
#include "twohop/distill/trace.h"
#include "twohop/distill/trace_filter.h"
#include "twohop/domain/taxonomy.h"
#include "twohop/llm/chat_client.h"
#include "twohop/reasoning/blocklist.h"
#include "twohop/reasoning/interest_generator.h"
#include "twohop/reasoning/prompt.h"

namespace twohop {

struct TeacherOptions {
  // Of a reply with all that the model thinks aloud. One that is cut is asked for again, once, with
  // twice as many.
  std::uint32_t max_reply_tokens = 4096;
  // Models that think repeat themselves at 0.
  float temperature = 0.6F;
  std::size_t max_searches = 20;      // The newest ones; the rest are not shown.
  std::size_t max_search_bytes = 80;  // A longer search is cut. At least 3.
  // Asked for so many times about each user, with other seeds; the answers that stand vote
  // (VoteOnTraces). At least 1.
  std::uint32_t answers = 1;
  // Send the schema of the answer, for servers that constrain decoding by it. Others refuse it.
  bool send_schema = false;
};

struct TeacherAnswer {
  std::optional<Trace> trace;  // Its user has the searches that were shown, cleaned.
  TraceReject reject = TraceReject::kNoAnswer;  // If there is no trace.
  TraceFaultCounts faults{};
  std::uint64_t truncated = 0;  // Replies that were cut.
  std::string excerpt;          // The beginning of a reply without answer, unless it is sensitive.
  std::string model;            // As the server names it; empty if nobody was asked.
};

// Loads teacher.v1.txt of `folder`.
//
// Errors: those of Prompt::Load.
Result<Prompt> LoadTeacherPrompt(const std::filesystem::path& folder);

// Shows a teacher one user at a time, with all categories outside the level-1 categories that the
// user knows. Sensitive searches (Blocklist) are neither shown nor kept.
//
// Thread-safe. The client is only needed by Ask.
class Teacher {
 public:
  Teacher(Prompt prompt, Blocklist blocklist, std::shared_ptr<const Taxonomy> taxonomy,
          const TeacherOptions& options);

  const std::string& prompt_version() const { return prompt_.version(); }
  const Taxonomy& taxonomy() const { return *taxonomy_; }

  // Bytes of the messages about this user; 0 if nobody would be asked.
  std::size_t PromptBytes(const UserContext& user) const;

  // Blocks for one call an answer, or two if the first reply was cut. Of several answers the faults
  // are counted together, and there is no trace only if none of them stands or they do not agree.
  //
  // Errors: those of ChatClient::Complete.
  Result<TeacherAnswer> Ask(const UserContext& user, ChatClient& chat, std::uint64_t seed,
                            std::stop_token stop) const;

 private:
  Result<TeacherAnswer> AskOnce(const UserContext& shown, ChatClient& chat, std::uint64_t seed,
                                const std::stop_token& stop) const;
  UserContext Show(const UserContext& user) const;
  std::optional<TraceReject> FindObstacle(const UserContext& shown) const;
  std::vector<ChatMessage> Render(const UserContext& shown) const;
  std::string CategoriesOutside(const std::vector<bool>& known_level1) const;
  void Judge(const ChatReply& reply, const UserContext& shown, TeacherAnswer& answer) const;

  const Prompt prompt_;
  const Blocklist blocklist_;
  const std::shared_ptr<const Taxonomy> taxonomy_;
  const TeacherOptions options_;
  const std::vector<std::string> parts_;  // What is shown of each level-1 category.
};

}  // namespace twohop
