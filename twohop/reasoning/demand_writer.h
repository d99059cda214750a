// Hop 1 for small models: one search in, the demand behind it out.

#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_map>

#include "twohop/base/mutex.h"
#include "twohop/llm/chat_client.h"
#include "twohop/reasoning/interest_generator.h"
#include "twohop/reasoning/prompt.h"

namespace twohop {

struct AskOptions {
  std::uint32_t max_attempts = 2;  // Per question; at least 1.
  std::uint32_t max_reply_tokens = 40;
  float temperature = 0.0F;        // Of the first attempt; 0 gives the likeliest answer.
  float retry_temperature = 0.7F;  // Of the others, which would otherwise be the same again.
  std::uint64_t seed = 1;          // Of the first attempt; the others add 1, 2 ...
  bool use_adapter = false;        // ChatRequest::use_adapter.
  float presence_penalty = 0.0F;   // ChatRequest::presence_penalty.
  bool send_schema = true;         // Constrain the reply's form, if the server can.
};

// What one question came to.
struct WrittenDemand {
  std::optional<std::string> text;  // Nothing: no attempt gave a demand.
  std::uint64_t bad_replies = 0;    // Not in the schema, or the search once more.
  TokenUsage usage;
};

// Asks a model for the demand behind one search at a time: a search can spoil the answer to no
// other, the answer surely belongs to the search, and whoever searches for the same gets it without
// a call.
//
// Thread-safe. `chat` and `prompt` must outlive the writer.
class DemandWriter {
 public:
  // Remembers the demands of the last `cache_size` different questions; 0: of none.
  DemandWriter(ChatClient& chat, const Prompt& prompt, AskOptions options, std::size_t cache_size)
      : chat_(chat), prompt_(prompt), options_(options), cache_size_(cache_size) {}

  // `category` is the label of where the search belongs. A reply that is no demand is asked for
  // again with another seed. Blocks for up to max_attempts calls, or not at all if the answer is
  // known.
  //
  // Errors: those of ChatClient::Complete.
  Result<WrittenDemand> Write(const std::string& search, std::string_view category,
                              std::stop_token stop);

 private:
  Result<WrittenDemand> Ask(const std::string& search, std::string_view category,
                            const std::stop_token& stop) const;
  std::optional<WrittenDemand> FindKnown(const std::string& question) const;
  void Remember(const std::string& question, const WrittenDemand& demand);

  ChatClient& chat_;
  const Prompt& prompt_;
  const AskOptions options_;
  const std::size_t cache_size_;
  mutable Mutex mutex_;
  std::unordered_map<std::string, std::optional<std::string>> known_ TWOHOP_GUARDED_BY(mutex_);
  std::deque<std::string> by_age_ TWOHOP_GUARDED_BY(mutex_);  // Keys of known_, oldest first.
};

// True if `demand` says no more than `search`: all its words but such as "a", "for" or "buying" are
// words of the search.
bool RepeatsSearch(std::string_view demand, std::string_view search);

// True if `demand` copies from `search`: it has four words of it in a row, or stands in it as it
// is. A search that dictates a demand is answered so; a person's goal is told in other words.
bool QuotesSearch(std::string_view demand, std::string_view search);

// The words of NormalizeName(text) that carry meaning: without articles, prepositions and the verbs
// that go with any product. English; in other languages all words.
std::vector<std::string> ContentWords(std::string_view text);

}  // namespace twohop
