#include "twohop/llm/openai_transport.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/text.h"
#include "twohop/base/time_format.h"
#include "twohop/llm/openai_reply.h"

namespace twohop::llm_internal {
namespace {

bool IsSuccess(int status) { return status >= 200 && status < 300; }

bool IsWorthRetrying(int status) { return status == 408 || status == 429 || status >= 500; }

bool IsWorthRetrying(const Error& error) {
  return error.code() == ErrorCode::kUnavailable || error.code() == ErrorCode::kDeadlineExceeded;
}

ErrorCode CodeOf(int status) {
  switch (status) {
    case 401:
    case 403:
    case 404:
      return ErrorCode::kFailedPrecondition;
    case 408:
    case 504:
      return ErrorCode::kDeadlineExceeded;
    case 429:
      return ErrorCode::kResourceExhausted;
    default:
      return status >= 500 ? ErrorCode::kUnavailable : ErrorCode::kInvalidArgument;
  }
}

std::optional<std::uint64_t> Count(const Json& usage, const char* field) {
  if (!usage.is_object()) return std::nullopt;
  const auto it = usage.find(field);
  if (it == usage.end() || !it->is_number_unsigned()) return std::nullopt;
  return it->get<std::uint64_t>();
}

std::uint64_t EstimateTokens(std::size_t bytes) {
  constexpr std::size_t kBytesPerToken = 4;
  return (bytes + kBytesPerToken - 1) / kBytesPerToken;
}

}  // namespace

OpenAiTransport::OpenAiTransport(const Endpoint& endpoint, const Clock& clock,
                                 std::uint64_t jitter_seed, TokenMeter& meter)
    : endpoint_(endpoint), clock_(clock), meter_(meter), http_(endpoint), rng_(jitter_seed) {}

Result<ApiReply> OpenAiTransport::Post(std::string_view path, const Json& body,
                                       std::stop_token stop) {
  TWOHOP_ASSIGN_OR_RETURN(const HttpReply reply, PostOften(path, body, stop));
  Result<Json> json = ParseJson(reply.body);
  if (!json || !json->is_object()) {
    return Internal("the model server's answer is not a JSON object: " +
                    Presentable(reply.body, endpoint_.api_key, PrivateTexts(body)));
  }
  return ApiReply{.body = *std::move(json), .seconds = reply.seconds};
}

Result<HttpReply> OpenAiTransport::PostOften(std::string_view path, const Json& body,
                                             std::stop_token stop) {
  const Stopwatch watch(clock_);
  const std::string text = DumpJson(body);
  for (std::size_t attempt = 1;; ++attempt) {
    // A pause may take a little longer than it should; 0 would mean no limit.
    const Milliseconds left = std::max(TimeLeft(watch), Milliseconds(1));
    const Milliseconds timeout = std::min(endpoint_.request_timeout, left);
    Result<HttpReply> reply = http_.Post(path, text, timeout, stop);
    if (reply && IsSuccess(reply->status)) return reply;
    const Error error = reply ? ToError(*reply, body) : reply.error();
    const bool retry = reply ? IsWorthRetrying(reply->status) : IsWorthRetrying(error);
    if (!retry) return tl::unexpected<Error>(error);
    const Milliseconds asked =
        reply ? reply->retry_after.value_or(Milliseconds(0)) : Milliseconds(0);
    if (asked > endpoint_.max_retry_after) {
      return tl::unexpected<Error>(
          error.WithContext(fmt::format("the server asks to wait {} s", asked.count() / 1000)));
    }
    if (attempt == endpoint_.max_attempts) {
      return tl::unexpected<Error>(error.WithContext(fmt::format("after {} attempts", attempt)));
    }
    const Milliseconds pause = std::max(asked, DrawPause(attempt));
    if (pause >= TimeLeft(watch)) {
      return DeadlineExceeded(fmt::format("another attempt would end after the call's {}: {}",
                                          FormatDuration(endpoint_.call_timeout), error.message()));
    }
    if (!clock_.SleepFor(pause, stop)) {
      return Cancelled("stop requested between two attempts to reach the model");
    }
  }
}

Milliseconds OpenAiTransport::TimeLeft(const Stopwatch& watch) const {
  return endpoint_.call_timeout - std::chrono::duration_cast<Milliseconds>(watch.elapsed());
}

Milliseconds OpenAiTransport::DrawPause(std::size_t attempt) {
  Milliseconds ceiling = endpoint_.backoff_initial;
  for (std::size_t i = 1; i < attempt && ceiling < endpoint_.backoff_max; ++i) ceiling *= 2;
  ceiling = std::min(ceiling, endpoint_.backoff_max);
  MutexLock lock(mutex_);
  return Milliseconds(rng_.Below(static_cast<std::uint64_t>(ceiling.count()) + 1));
}

Error OpenAiTransport::ToError(const HttpReply& reply, const Json& request) const {
  return {CodeOf(reply.status), fmt::format("the model server answers {}: {}", reply.status,
                                            Presentable(ServerMessage(reply.body),
                                                        endpoint_.api_key, PrivateTexts(request)))};
}

TokenUsage OpenAiTransport::Record(std::string_view stage, const ApiReply& reply,
                                   std::size_t prompt_bytes, std::size_t completion_bytes) {
  const auto it = reply.body.find("usage");
  const Json usage = it == reply.body.end() ? Json() : *it;
  const TokenUsage spent{
      .prompt_tokens = Count(usage, "prompt_tokens").value_or(EstimateTokens(prompt_bytes)),
      .completion_tokens =
          Count(usage, "completion_tokens").value_or(EstimateTokens(completion_bytes)),
      .calls = 1};
  meter_.Record(stage, spent, reply.seconds);
  return spent;
}

}  // namespace twohop::llm_internal
