// Asking a language model.

#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/base/result.h"

namespace twohop {

enum class ChatRole : std::uint8_t { kSystem, kUser, kAssistant };

std::string_view ChatRoleName(ChatRole role);  // As the OpenAI API spells it: "system".

struct ChatMessage {
  ChatRole role = ChatRole::kUser;
  std::string content;

  friend bool operator==(const ChatMessage&, const ChatMessage&) = default;
};

struct ChatRequest {
  std::string stage;  // For the meter: which part of the work this pays for, "hop1 two_hop.v1".
  std::vector<ChatMessage> messages;
  std::string json_schema;         // The reply must match it; empty: free text.
  std::uint32_t max_tokens = 256;  // Of the reply.
  float temperature = 0.0F;        // 0: the likeliest token always.
  float presence_penalty = 0.0F;   // In [-2, 2], as the OpenAI API has it; above 0: fewer repeats.
  std::uint64_t seed = 1;          // Same request and seed: the same reply, if the server can.
  bool use_adapter = true;         // Apply the endpoint's LoRA adapter, if it has one.

  friend bool operator==(const ChatRequest&, const ChatRequest&) = default;
};

struct TokenUsage {
  std::uint64_t prompt_tokens = 0;
  std::uint64_t completion_tokens = 0;
  std::uint64_t calls = 0;

  TokenUsage& operator+=(const TokenUsage& other) {
    prompt_tokens += other.prompt_tokens;
    completion_tokens += other.completion_tokens;
    calls += other.calls;
    return *this;
  }
  friend bool operator==(const TokenUsage&, const TokenUsage&) = default;
};

struct ChatReply {
  std::string text;        // Untrusted.
  std::string reasoning;   // Thought aloud (`reasoning_content` or <think>); untrusted.
  bool truncated = false;  // Cut at max_tokens: `text` is not whole.
  TokenUsage usage;
  std::string model;  // As the server names it.

  friend bool operator==(const ChatReply&, const ChatReply&) = default;
};

// Implementations are thread-safe.
class ChatClient {
 public:
  virtual ~ChatClient() = default;

  // Blocks until the model has answered, which takes seconds. Failures of transport are
  // retried inside.
  //
  // Errors: kCancelled if a stop was requested; kInvalidArgument if the server refuses the request;
  // kFailedPrecondition if it refuses the key or does not know the path or model; kUnavailable or
  // kDeadlineExceeded if it could not be reached after all retries; kResourceExhausted if it keeps
  // answering 429 or a budget is spent; kInternal if its answer makes no sense.
  virtual Result<ChatReply> Complete(const ChatRequest& request, std::stop_token stop) = 0;

  // The model that is asked for; goes into Provenance.
  virtual std::string model() const = 0;
};

}  // namespace twohop
