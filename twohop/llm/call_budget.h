// A language model that is not asked for more than there is money for.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "twohop/llm/chat_client.h"
#include "twohop/llm/spending_ledger.h"
#include "twohop/llm/token_meter.h"

namespace twohop {

// A token has about so many bytes of English; a guess until a reply says how many there were.
inline constexpr double kBytesPerToken = 4.0;

// Bytes of all messages.
std::size_t PromptBytes(const ChatRequest& request);

// The tokens of a prompt that nothing is known about, on the safe side: one for three bytes.
std::uint64_t MostPromptTokens(std::size_t prompt_bytes);

// Passes a call through only if what the ledger says was spent, the calls under way and this one
// stay within `limits` at their most: each reply as long as its request allows. A prompt counts as
// MostPromptTokens, and once the server has told, the most that it ever made of a byte. A call that
// does not fit waits while others of this client are under way, for they may turn out cheaper. What
// is booked is what `meter` has recorded, so a call that failed and was paid for counts too.
//
// Errors, beside those of `inner`: kResourceExhausted, without asking, if the call does not fit,
// with the time at which a daily ledger begins anew; kInvalidArgument if it may take more than
// max_call_tokens; those of SpendingLedger::Reserve. A reply whose cost could not be booked is
// returned all the same: it is paid for, its reservation stands, and the next call fails.
//
// `meter` must be the one that `inner` records in, and nobody else; `price` that of the dearest
// provider behind it. `inner`, `meter` and `ledger` must outlive the client.
std::unique_ptr<ChatClient> MakeBudgetedChatClient(ChatClient& inner, const TokenMeter& meter,
                                                   const TokenPrice& price,
                                                   const CallLimits& limits,
                                                   SpendingLedger& ledger);

// The same with a ledger of its own, that begins with the client and ends with it.
std::unique_ptr<ChatClient> MakeBudgetedChatClient(ChatClient& inner, const TokenMeter& meter,
                                                   const TokenPrice& price,
                                                   const CallLimits& limits);

}  // namespace twohop
