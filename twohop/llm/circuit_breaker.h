// Not asking a server that does not answer.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "twohop/base/clock.h"
#include "twohop/base/mutex.h"
#include "twohop/base/result.h"
#include "twohop/llm/chat_client.h"

namespace twohop {

struct BreakerOptions {
  std::size_t failures = 5;        // In a row; at least 1.
  Milliseconds cool_down{30'000};  // Above 0.

  // Errors: kInvalidArgument, naming the field.
  Status Validate() const;
};

enum class BreakerState : std::uint8_t {
  kClosed,    // Calls pass.
  kOpen,      // Calls fail at once.
  kHalfOpen,  // The cool-down is over: the next call, or the one under way, is a probe.
};

std::string_view BreakerStateName(BreakerState state);  // "half_open"

// Opens after `failures` calls in a row that failed with kUnavailable, kDeadlineExceeded or
// kResourceExhausted (a server that keeps answering 429). While it is open, every call is
// kUnavailable at once. After `cool_down` one call passes, and others are refused until it has
// ended: if it fails in the same way the breaker stays open for another cool-down, else it closes.
// Every other answer, a refusal or nonsense too, shows that the server is there; a cancelled call
// shows nothing. A call that began before the breaker last opened or closed does not count.
//
// Belongs around the client of one server, below budgets: a spent budget is no failure of a server.
//
// Thread-safe. `inner` and `clock` must outlive it.
class CircuitBreakerChatClient final : public ChatClient {
 public:
  // REQUIRES: options.Validate() is Ok.
  CircuitBreakerChatClient(ChatClient& inner, const Clock& clock, const BreakerOptions& options);

  Result<ChatReply> Complete(const ChatRequest& request, std::stop_token stop) override;
  std::string model() const override { return inner_.model(); }

  BreakerState state() const;
  std::uint64_t times_opened() const;   // From closed.
  std::uint64_t calls_refused() const;  // Without asking.

 private:
  // The number of the period that the call belongs to.
  Result<std::uint64_t> Admit();
  void Judge(std::uint64_t period, const Result<ChatReply>& reply);
  bool IsCool() const TWOHOP_REQUIRES(mutex_);
  void Open() TWOHOP_REQUIRES(mutex_);
  void Close() TWOHOP_REQUIRES(mutex_);

  ChatClient& inner_;
  const Clock& clock_;
  const BreakerOptions options_;
  mutable Mutex mutex_;
  bool open_ TWOHOP_GUARDED_BY(mutex_) = false;
  bool probing_ TWOHOP_GUARDED_BY(mutex_) = false;
  std::chrono::nanoseconds opened_at_ TWOHOP_GUARDED_BY(mutex_){0};  // Clock::Monotonic().
  std::size_t failures_in_a_row_ TWOHOP_GUARDED_BY(mutex_) = 0;
  std::uint64_t period_ TWOHOP_GUARDED_BY(mutex_) =
      0;  // A new one with each opening, probe, closing.
  std::uint64_t times_opened_ TWOHOP_GUARDED_BY(mutex_) = 0;
  std::uint64_t calls_refused_ TWOHOP_GUARDED_BY(mutex_) = 0;
};

}  // namespace twohop
