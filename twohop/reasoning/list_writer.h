// Asking the tuned small model for a list of texts.

#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <vector>

#include "twohop/base/mutex.h"
#include "twohop/llm/chat_client.h"
#include "twohop/reasoning/demand_writer.h"
#include "twohop/reasoning/prompt.h"

namespace twohop {

// What one question came to.
struct WrittenList {
  std::vector<std::string> texts;  // Each once; empty: no attempt gave a list.
  std::uint64_t bad_replies = 0;
  TokenUsage usage;
};

// Asks one prompt again and again with other values. The same question costs one call: who asks it
// later gets the same answer, whichever user it is for.
//
// Thread-safe; two threads with the same new question may both ask. `chat` and `prompt` must
// outlive the writer.
class ListWriter {
 public:
  // `json_schema` is of a list of texts; remembers the answers to the last `cache_size` questions.
  ListWriter(ChatClient& chat, const Prompt& prompt, std::string json_schema, AskOptions options,
             std::size_t cache_size)
      : chat_(chat),
        prompt_(prompt),
        json_schema_(std::move(json_schema)),
        options_(options),
        cache_size_(cache_size) {}

  // REQUIRES: `values` fills every hole of the prompt.
  //
  // Errors: those of ChatClient::Complete.
  Result<WrittenList> Write(std::span<const PromptValue> values, const std::stop_token& stop);

 private:
  Result<WrittenList> Ask(std::span<const PromptValue> values, const std::stop_token& stop) const;
  bool Recall(const std::string& question, WrittenList& list) const;
  void Remember(const std::string& question, const WrittenList& list);

  ChatClient& chat_;
  const Prompt& prompt_;
  const std::string json_schema_;
  const AskOptions options_;
  const std::size_t cache_size_;
  mutable Mutex mutex_;
  std::unordered_map<std::string, std::vector<std::string>> known_ TWOHOP_GUARDED_BY(mutex_);
  std::deque<std::string> by_age_ TWOHOP_GUARDED_BY(mutex_);  // Keys of known_, oldest first.
};

}  // namespace twohop
