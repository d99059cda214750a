// A value that is replaced whole while others read it.

#pragma once

#include <memory>
#include <utility>

#include "twohop/base/mutex.h"

namespace twohop {

// Holds the current version of a value that is replaced whole: a reader keeps the version it got
// for as long as it likes, a writer swaps in the next one.
//
// Thread-safe. The lock is held only while a pointer is copied. It is a mutex and not
// std::atomic<std::shared_ptr<T>> because ThreadSanitizer reports a race inside the latter in
// libstdc++ 12.
template <typename T>
class Snapshot {
 public:
  explicit Snapshot(std::shared_ptr<const T> initial) : current_(std::move(initial)) {}

  std::shared_ptr<const T> Get() const {
    MutexLock lock(mutex_);
    return current_;
  }

  void Publish(std::shared_ptr<const T> next) {
    MutexLock lock(mutex_);
    current_.swap(next);  // The old version is destroyed after the lock is released.
  }

 private:
  mutable Mutex mutex_;
  std::shared_ptr<const T> current_ TWOHOP_GUARDED_BY(mutex_);
};

}  // namespace twohop
