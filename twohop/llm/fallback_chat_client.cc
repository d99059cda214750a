#include "twohop/llm/fallback_chat_client.h"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/check.h"

namespace twohop {
namespace {

bool EndsTheSearch(ErrorCode code) {
  return code == ErrorCode::kInvalidArgument || code == ErrorCode::kCancelled;
}

}  // namespace

FallbackChatClient::FallbackChatClient(std::vector<NamedChatClient> chain)
    : chain_(std::move(chain)) {
  TWOHOP_CHECK(!chain_.empty());
}

Result<ChatReply> FallbackChatClient::Complete(const ChatRequest& request, std::stop_token stop) {
  std::optional<ErrorCode> code;
  std::string messages;
  for (const NamedChatClient& next : chain_) {
    Result<ChatReply> reply = next.client.Complete(request, stop);
    if (reply.has_value()) return reply;
    const bool ends = EndsTheSearch(reply.error().code());
    if (!code || ends) code = reply.error().code();
    messages +=
        fmt::format("{}{}: {}", messages.empty() ? "" : "; ", next.name, reply.error().message());
    if (ends) break;
  }
  return tl::unexpected<Error>(Error(*code, std::move(messages)));
}

std::string FallbackChatClient::model() const {
  std::string models;
  for (const NamedChatClient& next : chain_) {
    models += (models.empty() ? "" : "|") + next.client.model();
  }
  return models;
}

}  // namespace twohop
