// A chat client that says what a test tells it to say.

#pragma once

#include <deque>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "twohop/base/mutex.h"
#include "twohop/base/result.h"
#include "twohop/llm/chat_client.h"

namespace twohop {

// Answers with the scripted replies in the order in which they were added; when there are none
// left, with `AnswerWith`'s function; when there is none either, with kInternal that shows the
// request. A requested stop is kCancelled and uses up no reply. Every request is recorded.
//
// Thread-safe. `answer` runs without a lock, so it may be called from several threads at once.
class FakeChatClient final : public ChatClient {
 public:
  using Answer = std::function<Result<ChatReply>(const ChatRequest&)>;

  explicit FakeChatClient(std::string model = "fake-chat") : model_(std::move(model)) {}

  void Reply(std::string text);           // Costs 10 prompt tokens and 5 completion tokens.
  void ReplyTruncated(std::string text);  // The same, cut at max_tokens.
  void Reply(ChatReply reply);
  void Fail(Error error);
  void AnswerWith(Answer answer);

  // The reply that Reply(text) gives, for use in an Answer.
  ChatReply MakeReply(std::string text) const;

  std::vector<ChatRequest> requests() const;

  Result<ChatReply> Complete(const ChatRequest& request, std::stop_token stop) override;
  std::string model() const override { return model_; }

 private:
  const std::string model_;
  mutable Mutex mutex_;
  std::deque<Result<ChatReply>> script_ TWOHOP_GUARDED_BY(mutex_);
  Answer answer_ TWOHOP_GUARDED_BY(mutex_);
  std::vector<ChatRequest> requests_ TWOHOP_GUARDED_BY(mutex_);
};

}  // namespace twohop
