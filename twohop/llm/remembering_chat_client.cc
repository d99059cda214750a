#include "twohop/llm/remembering_chat_client.h"

#include <optional>
#include <utility>

#include "twohop/llm/transcript.h"

namespace twohop {

using llm_internal::ChatExchange;

Result<std::unique_ptr<RememberingChatClient>> RememberingChatClient::Open(
    ChatClient& inner, const std::filesystem::path& file, const Clock& clock) {
  auto client = std::make_unique<RememberingChatClient>(inner, clock);
  const auto remember = [&](const Json& row) -> Status {
    TWOHOP_ASSIGN_OR_RETURN(std::optional<ChatExchange> exchange, llm_internal::ParseExchange(row));
    if (!exchange.has_value()) return Ok();
    const std::chrono::duration<double> took(exchange->seconds);
    MutexLock lock(client->mutex_);
    client->replies_[std::move(exchange->request)] = {
        .reply = std::move(exchange->reply),
        .took = std::chrono::duration_cast<std::chrono::nanoseconds>(took)};
    return Ok();
  };
  TWOHOP_ASSIGN_OR_RETURN(client->log_, RowLog::Open(file, OpenMode::kReadWrite, remember));
  return client;
}

Result<ChatReply> RememberingChatClient::Complete(const ChatRequest& request,
                                                  std::stop_token stop) {
  std::string key = llm_internal::FormatRequest(request);
  {
    MutexLock lock(mutex_);
    if (const auto known = replies_.find(key); known != replies_.end()) {
      saved_ += known->second.took;
      return known->second.reply;
    }
  }
  const Stopwatch watch(clock_);
  TWOHOP_ASSIGN_OR_RETURN(ChatReply reply, inner_.Complete(request, std::move(stop)));
  const std::chrono::nanoseconds took = watch.elapsed();
  if (log_ != nullptr) {
    const double seconds = std::chrono::duration<double>(took).count();
    TWOHOP_RETURN_IF_ERROR(log_->Append(llm_internal::ExchangeJson(request, reply, seconds)));
  }
  MutexLock lock(mutex_);
  replies_.insert_or_assign(std::move(key), Remembered{.reply = reply, .took = took});
  return reply;
}

std::chrono::nanoseconds RememberingChatClient::saved() const {
  MutexLock lock(mutex_);
  return saved_;
}

}  // namespace twohop
