#include "twohop/llm/circuit_breaker.h"

#include <utility>

#include <fmt/format.h>

#include "twohop/base/check.h"

namespace twohop {
namespace {

bool IsTransportFailure(ErrorCode code) {
  return code == ErrorCode::kUnavailable || code == ErrorCode::kDeadlineExceeded ||
         code == ErrorCode::kResourceExhausted;
}

}  // namespace

Status BreakerOptions::Validate() const {
  if (failures == 0) return InvalidArgument("failures must be above 0");
  if (cool_down <= Milliseconds(0)) return InvalidArgument("cool_down must be above 0");
  return Ok();
}

std::string_view BreakerStateName(BreakerState state) {
  switch (state) {
    case BreakerState::kClosed:
      return "closed";
    case BreakerState::kOpen:
      return "open";
    case BreakerState::kHalfOpen:
      return "half_open";
  }
  return "unknown";
}

CircuitBreakerChatClient::CircuitBreakerChatClient(ChatClient& inner, const Clock& clock,
                                                   const BreakerOptions& options)
    : inner_(inner), clock_(clock), options_(options) {
  TWOHOP_DCHECK(options.Validate().has_value());
}

Result<ChatReply> CircuitBreakerChatClient::Complete(const ChatRequest& request,
                                                     std::stop_token stop) {
  TWOHOP_ASSIGN_OR_RETURN(const std::uint64_t period, Admit());
  Result<ChatReply> reply = inner_.Complete(request, std::move(stop));
  Judge(period, reply);
  return reply;
}

BreakerState CircuitBreakerChatClient::state() const {
  MutexLock lock(mutex_);
  if (!open_) return BreakerState::kClosed;
  return probing_ || IsCool() ? BreakerState::kHalfOpen : BreakerState::kOpen;
}

std::uint64_t CircuitBreakerChatClient::times_opened() const {
  MutexLock lock(mutex_);
  return times_opened_;
}

std::uint64_t CircuitBreakerChatClient::calls_refused() const {
  MutexLock lock(mutex_);
  return calls_refused_;
}

Result<std::uint64_t> CircuitBreakerChatClient::Admit() {
  MutexLock lock(mutex_);
  if (!open_) return period_;
  if (!probing_ && IsCool()) {
    probing_ = true;
    return ++period_;
  }
  ++calls_refused_;
  return Unavailable(fmt::format("{} is not asked for now: it failed {} times in a row", model(),
                                 failures_in_a_row_));
}

void CircuitBreakerChatClient::Judge(std::uint64_t period, const Result<ChatReply>& reply) {
  MutexLock lock(mutex_);
  if (period != period_) return;
  if (!reply.has_value() && reply.error().code() == ErrorCode::kCancelled) {
    probing_ = false;  // Whoever comes next probes.
  } else if (!reply.has_value() && IsTransportFailure(reply.error().code())) {
    ++failures_in_a_row_;
    if (open_ || failures_in_a_row_ >= options_.failures) Open();
  } else if (open_) {
    Close();
  } else {
    failures_in_a_row_ = 0;
  }
}

bool CircuitBreakerChatClient::IsCool() const {
  return clock_.Monotonic() - opened_at_ >= options_.cool_down;
}

void CircuitBreakerChatClient::Open() {
  if (!open_) ++times_opened_;
  open_ = true;
  probing_ = false;
  opened_at_ = clock_.Monotonic();
  ++period_;
}

void CircuitBreakerChatClient::Close() {
  open_ = false;
  probing_ = false;
  failures_in_a_row_ = 0;
  ++period_;
}

}  // namespace twohop
