// Asking another provider when the first does not answer.

#pragma once

#include <string>
#include <vector>

#include "twohop/llm/chat_client.h"

namespace twohop {

struct NamedChatClient {
  std::string name;  // For errors: "gpt-x at https://api.example.com/v1".
  ChatClient& client;
};

// Asks the clients in their order until one answers; ChatReply::model says whose answer it is.
//
// kInvalidArgument and kCancelled end the search, because the next client would get the same wrong
// request and nobody waits any more. All other failures may be one provider's own: an outage, a
// quota, a key that ran out, nonsense in place of an answer. If all fail, the error has the code of
// the first, whom the configuration means, and the messages of all.
//
// Thread-safe. The clients must outlive it.
class FallbackChatClient final : public ChatClient {
 public:
  // REQUIRES: `chain` is not empty.
  explicit FallbackChatClient(std::vector<NamedChatClient> chain);

  Result<ChatReply> Complete(const ChatRequest& request, std::stop_token stop) override;

  // "first|second": any of them may be who answered.
  std::string model() const override;

 private:
  const std::vector<NamedChatClient> chain_;
};

}  // namespace twohop
