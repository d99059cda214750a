// A language model that is not asked for more than there is money for.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "twohop/llm/chat_client.h"
#include "twohop/llm/token_meter.h"

namespace twohop {

struct CallLimits {
  std::optional<double> max_usd;
  std::optional<std::uint64_t> max_tokens;  // Of prompts and replies together.
};

// A token has about so many bytes of English; a guess until a reply says how many there were.
inline constexpr double kBytesPerToken = 4.0;

// Passes a call through only if what `meter` says was spent, the calls under way and this one stay
// within `limits` at their most: each reply as long as its request allows. A prompt counts a token
// for three bytes, and once the server has told, the most that it ever made of a byte. A call that
// does not fit waits while others are under way, for they may turn out cheaper.
//
// Errors, beside those of `inner`: kResourceExhausted, without asking, if the call does not fit.
//
// `meter` must be the one that `inner` records in, and `price` its price. `inner` and `meter` must
// outlive the client.
std::unique_ptr<ChatClient> MakeBudgetedChatClient(ChatClient& inner, const TokenMeter& meter,
                                                   const TokenPrice& price,
                                                   const CallLimits& limits);

}  // namespace twohop
