// Asking a model each question once, also over restarts: long measurements that can be interrupted.

#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <unordered_map>

#include "twohop/base/clock.h"
#include "twohop/base/mutex.h"
#include "twohop/base/result.h"
#include "twohop/base/row_log.h"
#include "twohop/llm/chat_client.h"

namespace twohop {

// Passes a request on and remembers the reply; the same request again, seed and temperature
// included, gets that reply, and is charged its tokens, as the model would have it
// (ChatRequest::seed). Errors are not remembered. The same request from two threads at once may be
// passed on twice.
//
// Thread-safe. Not for serving: it grows with every request.
class RememberingChatClient final : public ChatClient {
 public:
  // In memory alone. `inner` and `clock` must outlive it.
  RememberingChatClient(ChatClient& inner, const Clock& clock) : inner_(inner), clock_(clock) {}

  // Starts with the replies in the transcript at `file` (replay_client.h), if there is one, and
  // appends each new one to it. The file belongs to one model: that is not checked.
  //
  // Errors: those of RowLog::Open with kReadWrite.
  static Result<std::unique_ptr<RememberingChatClient>> Open(ChatClient& inner,
                                                             const std::filesystem::path& file,
                                                             const Clock& clock);

  Result<ChatReply> Complete(const ChatRequest& request, std::stop_token stop) override;
  std::string model() const override { return inner_.model(); }

  // How long the remembered replies that were given again had taken, in all.
  std::chrono::nanoseconds saved() const;

 private:
  struct Remembered {
    ChatReply reply;
    std::chrono::nanoseconds took{0};
  };

  ChatClient& inner_;
  const Clock& clock_;
  std::unique_ptr<RowLog> log_;  // None: in memory alone.
  mutable Mutex mutex_;
  std::unordered_map<std::string, Remembered> replies_ TWOHOP_GUARDED_BY(mutex_);
  std::chrono::nanoseconds saved_ TWOHOP_GUARDED_BY(mutex_){0};
};

// A clock on which remembered replies take as long as when they were made, so that what is measured
// with it does not depend on what was remembered. Both arguments must outlive it.
class RememberedTimeClock final : public Clock {
 public:
  RememberedTimeClock(const Clock& clock, const RememberingChatClient& chat)
      : clock_(clock), chat_(chat) {}

  TimePoint Now() const override { return clock_.Now(); }
  std::chrono::nanoseconds Monotonic() const override { return clock_.Monotonic() + chat_.saved(); }
  bool SleepFor(Milliseconds duration, std::stop_token stop) const override {
    return clock_.SleepFor(duration, std::move(stop));
  }

 private:
  const Clock& clock_;
  const RememberingChatClient& chat_;
};

}  // namespace twohop
