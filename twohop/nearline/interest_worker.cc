#include "twohop/nearline/interest_worker.h"

#include <fmt/format.h>

#include "twohop/base/check.h"

namespace twohop {

InterestWorker::InterestWorker(InterestRefresher& refresher, std::size_t capacity)
    : refresher_(refresher),
      capacity_(capacity),
      thread_([this](std::stop_token stop) { Run(stop); }) {
  TWOHOP_DCHECK(capacity > 0);
}

Status InterestWorker::Enqueue(const UserId& user) {
  MutexLock lock(mutex_);
  if (queued_.contains(user)) return Ok();
  if (queue_.size() >= capacity_) {
    return ResourceExhausted(fmt::format("{} users wait for their interests already", capacity_));
  }
  queued_.insert(user);
  queue_.push_back(user);
  changed_.NotifyAll();
  return Ok();
}

bool InterestWorker::WaitUntilIdle(std::stop_token stop) {
  MutexLock lock(mutex_);
  return changed_.Wait(mutex_, stop, [this] { return queue_.empty() && !busy_; });
}

std::size_t InterestWorker::waiting() const {
  MutexLock lock(mutex_);
  return queue_.size();
}

RefreshReport InterestWorker::report() const {
  MutexLock lock(mutex_);
  return report_;
}

void InterestWorker::Run(std::stop_token stop) {
  while (const std::optional<UserId> user = Take(stop)) {
    Finish(*user, refresher_.RefreshUser(*user, stop));
  }
}

std::optional<UserId> InterestWorker::Take(std::stop_token stop) {
  MutexLock lock(mutex_);
  const bool ready = changed_.Wait(mutex_, stop, [this] { return !queue_.empty(); });
  if (!ready || stop.stop_requested()) return std::nullopt;
  UserId user = std::move(queue_.front());
  queue_.pop_front();
  // From here on an event of this user queues it again: the refresh may have read the state
  // already.
  queued_.erase(user);
  busy_ = true;
  return user;
}

void InterestWorker::Finish(const UserId& user, const Result<UserRefresh>& result) {
  MutexLock lock(mutex_);
  busy_ = false;
  if (result.has_value()) {
    report_.Add(*result);
  } else if (result.error().code() != ErrorCode::kCancelled) {
    report_.AddFailure(user, result.error());
  }
  changed_.NotifyAll();
}

}  // namespace twohop
