#include "twohop/llm/testing/fake_chat_client.h"

#include <utility>

namespace twohop {

void FakeChatClient::Reply(std::string text) { Reply(MakeReply(std::move(text))); }

void FakeChatClient::ReplyTruncated(std::string text) {
  ChatReply reply = MakeReply(std::move(text));
  reply.truncated = true;
  Reply(std::move(reply));
}

void FakeChatClient::Reply(ChatReply reply) {
  MutexLock lock(mutex_);
  script_.emplace_back(std::move(reply));
}

void FakeChatClient::Fail(Error error) {
  MutexLock lock(mutex_);
  script_.emplace_back(tl::unexpected<Error>(std::move(error)));
}

void FakeChatClient::AnswerWith(Answer answer) {
  MutexLock lock(mutex_);
  answer_ = std::move(answer);
}

ChatReply FakeChatClient::MakeReply(std::string text) const {
  return {.text = std::move(text),
          .reasoning = {},
          .truncated = false,
          .usage = {.prompt_tokens = 10, .completion_tokens = 5, .calls = 1},
          .model = model_};
}

std::vector<ChatRequest> FakeChatClient::requests() const {
  MutexLock lock(mutex_);
  return requests_;
}

Result<ChatReply> FakeChatClient::Complete(const ChatRequest& request, std::stop_token stop) {
  Answer answer;
  {
    MutexLock lock(mutex_);
    requests_.push_back(request);
    if (stop.stop_requested()) return Cancelled("fake chat client: stop requested");
    if (!script_.empty()) {
      Result<ChatReply> next = std::move(script_.front());
      script_.pop_front();
      return next;
    }
    answer = answer_;
  }
  if (answer) return answer(request);
  return Internal("fake chat client: no reply is scripted for stage \"" + request.stage +
                  "\", whose last message is: " +
                  (request.messages.empty() ? "(none)" : request.messages.back().content));
}

}  // namespace twohop
