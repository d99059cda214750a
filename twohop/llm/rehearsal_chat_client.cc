#include "twohop/llm/rehearsal_chat_client.h"

#include <fmt/format.h>

#include "twohop/base/hash.h"
#include "twohop/llm/call_budget.h"

namespace twohop {
namespace {

constexpr int kTextsInAList = 8;

std::uint64_t FingerprintOf(const ChatRequest& request) {
  Hasher hasher;
  for (const ChatMessage& message : request.messages) hasher.Add(message.content);
  return hasher.value();
}

}  // namespace

Result<ChatReply> RehearsalChatClient::Complete(const ChatRequest& request, std::stop_token stop) {
  if (stop.stop_requested()) return Cancelled("a stop was requested");
  const TokenUsage most{.prompt_tokens = MostPromptTokens(PromptBytes(request)),
                        .completion_tokens = request.max_tokens,
                        .calls = 1};
  MutexLock lock(mutex_);
  usage_ += most;
  const bool last = ++attempts_[FingerprintOf(request)] >= max_attempts_;
  return ChatReply{.text = last ? NewList() : std::string(),
                   .reasoning = {},
                   .truncated = false,
                   .usage = most,
                   .model = "rehearsal"};
}

TokenUsage RehearsalChatClient::usage() const {
  MutexLock lock(mutex_);
  return usage_;
}

std::string RehearsalChatClient::NewList() {
  std::string list;
  for (int i = 0; i < kTextsInAList; ++i) {
    list += fmt::format("{}\"purpose {}\"", list.empty() ? "[" : ", ", ++texts_);
  }
  return list + "]";
}

}  // namespace twohop
