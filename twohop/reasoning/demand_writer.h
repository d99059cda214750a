// Hop 1 for small models: one search in, the demand behind it out.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/domain/user.h"
#include "twohop/llm/chat_client.h"
#include "twohop/reasoning/ask_once.h"
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
  DemandWriter(ChatClient& chat, const Prompt& prompt, AskOptions options,
               std::shared_ptr<AnswerCache> answers)
      : chat_(chat), prompt_(prompt), options_(options), once_(std::move(answers)) {}

  // The demand behind a search of `user`. `category` is the label of where the search belongs. A
  // reply that is no demand is asked for again with another seed. Blocks for up to max_attempts
  // calls, or not at all if the answer is known.
  //
  // Errors: those of ChatClient::Complete; kCancelled.
  Result<WrittenDemand> Write(const std::string& search, std::string_view category,
                              const UserProfile& user, std::stop_token stop);

 private:
  Result<WrittenList> Ask(const std::string& search, std::string_view category,
                          const std::stop_token& stop) const;

  ChatClient& chat_;
  const Prompt& prompt_;
  const AskOptions options_;
  AskOnce once_;
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
