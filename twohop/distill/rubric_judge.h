// A large language model that scores interests on the 0/1/2 scale.

#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/base/result.h"
#include "twohop/distill/labels.h"
#include "twohop/domain/taxonomy.h"
#include "twohop/llm/chat_client.h"
#include "twohop/reasoning/blocklist.h"
#include "twohop/reasoning/interest_generator.h"
#include "twohop/reasoning/prompt.h"

namespace twohop {

struct RubricOptions {
  // Of a reply with all that the model thinks aloud. One that is cut is asked for again with twice
  // as many.
  std::uint32_t max_reply_tokens = 2048;
  float temperature = 0.0F;
  float retry_temperature = 0.7F;     // Of the second attempt: at 0 it would say the same again.
  std::size_t max_searches = 20;      // The newest ones; the rest are not shown.
  std::size_t max_search_bytes = 80;  // A longer search is cut. At least 3.
  std::size_t max_demand_bytes = 96;  // A longer demand is cut. At least 3.
  std::uint64_t seed = 1;
  // Send the schema of the answer, for servers that constrain decoding by it. Others refuse it.
  bool send_schema = true;
};

struct RubricReply {
  Score score = Score::k0;
  std::string reason;  // Cleaned as by CleanSearch, and cut.

  friend bool operator==(const RubricReply&, const RubricReply&) = default;
};

// Reads {"reason": "...", "score": 1}, in a code fence or prose or not.
//
// A pure function. `reply` is untrusted.
//
// Errors: kInvalidArgument if the reply is longer than 64 KiB, does not hold exactly one such
// object, or the score is not 0, 1 or 2.
Result<RubricReply> ParseRubricReply(std::string_view reply);

// The JSON schema of the reply, to constrain a server's decoding; the reason stands first.
std::string RubricReplySchema();

struct RubricVerdict {
  std::optional<Score> score;  // Nothing: no usable reply, twice.
  std::string reason;          // Empty without a score, and if it is sensitive (Blocklist).
  TokenUsage usage;            // Of all attempts.
};

// Loads rubric.v1.txt of `folder`.
//
// Errors: those of Prompt::Load.
Result<Prompt> LoadRubricPrompt(const std::filesystem::path& folder);

// Shows a judge one user and one category at a time. Sensitive searches and demands (Blocklist) are
// not shown.
//
// Thread-safe. The client is only needed by Ask.
class RubricJudge {
 public:
  RubricJudge(Prompt prompt, Blocklist blocklist, std::shared_ptr<const Taxonomy> taxonomy,
              const RubricOptions& options);

  const std::string& prompt_version() const { return prompt_.version(); }
  const Taxonomy& taxonomy() const { return *taxonomy_; }

  // Scores `category`, proposed for `user` because of `demand`; an empty demand is "not given".
  // Blocks for one call, or two if the first reply is unusable: prose, cut, a score out of range.
  //
  // Errors: those of ChatClient::Complete.
  Result<RubricVerdict> Ask(const UserContext& user, CategoryIndex category,
                            std::string_view demand, ChatClient& chat, std::stop_token stop) const;

 private:
  std::vector<ChatMessage> Render(const UserContext& user, CategoryIndex category,
                                  std::string_view demand) const;
  std::string DescribeSearches(const UserContext& user) const;
  std::string DescribeDemand(std::string_view demand) const;

  const Prompt prompt_;
  const Blocklist blocklist_;
  const std::shared_ptr<const Taxonomy> taxonomy_;
  const RubricOptions options_;
};

}  // namespace twohop
