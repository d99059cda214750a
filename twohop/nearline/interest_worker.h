// Refreshes interests while events arrive.

#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <stop_token>
#include <thread>
#include <unordered_set>

#include "twohop/base/mutex.h"
#include "twohop/base/result.h"
#include "twohop/nearline/interest_refresher.h"
#include "twohop/nearline/refresh_report.h"

namespace twohop {

// A thread that refreshes the users it is given, one at a time and in their order. A user who waits
// already is not queued again, so that a burst of events is one refresh. Ends when it is destroyed:
// the refresh under way is cancelled, and who still waits is forgotten.
//
// Thread-safe. The refresher must outlive the worker.
class InterestWorker {
 public:
  // REQUIRES: capacity > 0.
  InterestWorker(InterestRefresher& refresher, std::size_t capacity);

  // Has `user` refreshed, if that is due; never blocks.
  //
  // Errors: kResourceExhausted if `capacity` users wait already.
  Status Enqueue(const UserId& user);

  // Blocks until nobody waits and no refresh is under way, or a stop is requested; returns false in
  // the second case.
  bool WaitUntilIdle(std::stop_token stop);

  std::size_t waiting() const;

  // Since the start of the worker. `seconds` stays 0.
  RefreshReport report() const;

 private:
  void Run(std::stop_token stop);
  // Takes the next user; nothing after a stop.
  std::optional<UserId> Take(std::stop_token stop);
  void Finish(const UserId& user, const Result<UserRefresh>& result);

  InterestRefresher& refresher_;
  const std::size_t capacity_;
  mutable Mutex mutex_;
  CondVar changed_;
  std::deque<UserId> queue_ TWOHOP_GUARDED_BY(mutex_);
  std::unordered_set<UserId> queued_ TWOHOP_GUARDED_BY(mutex_);
  bool busy_ TWOHOP_GUARDED_BY(mutex_) = false;
  RefreshReport report_ TWOHOP_GUARDED_BY(mutex_);
  std::jthread thread_;  // Last: it uses all of the above.
};

}  // namespace twohop
