// What a piece of work would ask a language model at most, without asking it.

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "twohop/base/mutex.h"
#include "twohop/llm/chat_client.h"

namespace twohop {

// Answers like a model that makes the most work: nothing that can be used until the last attempt at
// each question, and then a list of texts that it never gave before, so that every question that
// may follow from an answer is asked. usage() is what real calls could cost at most: prompts at
// MostPromptTokens, replies as long as they may be.
//
// Thread-safe.
class RehearsalChatClient final : public ChatClient {
 public:
  // `max_attempts` of the work for one question, see AskOptions of twohop/reasoning.
  explicit RehearsalChatClient(std::uint32_t max_attempts) : max_attempts_(max_attempts) {}

  Result<ChatReply> Complete(const ChatRequest& request, std::stop_token stop) override;
  std::string model() const override { return "rehearsal"; }

  TokenUsage usage() const;

 private:
  std::string NewList() TWOHOP_REQUIRES(mutex_);

  const std::uint32_t max_attempts_;
  mutable Mutex mutex_;
  TokenUsage usage_ TWOHOP_GUARDED_BY(mutex_);
  std::uint64_t texts_ TWOHOP_GUARDED_BY(mutex_) = 0;
  // Attempts so far by question, a fingerprint of its messages.
  std::map<std::uint64_t, std::uint32_t> attempts_ TWOHOP_GUARDED_BY(mutex_);
};

}  // namespace twohop
