// A mutex whose use clang's thread-safety analysis can check.

#pragma once

#include <condition_variable>
#include <mutex>
#include <stop_token>

#if defined(__clang__)
#define TWOHOP_THREAD_ATTRIBUTE(x) __attribute__((x))
#else
#define TWOHOP_THREAD_ATTRIBUTE(x)
#endif

// On a member: it may be touched only while the named mutex is held.
#define TWOHOP_GUARDED_BY(mutex) TWOHOP_THREAD_ATTRIBUTE(guarded_by(mutex))
// On a function: its caller holds the named mutex.
#define TWOHOP_REQUIRES(mutex) TWOHOP_THREAD_ATTRIBUTE(requires_capability(mutex))

namespace twohop {

class TWOHOP_THREAD_ATTRIBUTE(capability("mutex")) Mutex {
 public:
  void lock() TWOHOP_THREAD_ATTRIBUTE(acquire_capability()) { mutex_.lock(); }
  void unlock() TWOHOP_THREAD_ATTRIBUTE(release_capability()) { mutex_.unlock(); }

 private:
  std::mutex mutex_;
};

// Holds a mutex for as long as it lives.
class TWOHOP_THREAD_ATTRIBUTE(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) TWOHOP_THREAD_ATTRIBUTE(acquire_capability(mutex))
      : mutex_(mutex) {
    mutex_.lock();
  }
  ~MutexLock() TWOHOP_THREAD_ATTRIBUTE(release_capability()) { mutex_.unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

// Waits for a condition on what a Mutex guards.
class CondVar {
 public:
  // Blocks until `ready()` or a stop is requested; returns ready(). The mutex is held when `ready`
  // is called and when this returns.
  template <typename Ready>
  bool Wait(Mutex& mutex, std::stop_token stop, Ready ready) TWOHOP_REQUIRES(mutex) {
    return changed_.wait(mutex, stop, ready);
  }

  void NotifyOne() { changed_.notify_one(); }
  void NotifyAll() { changed_.notify_all(); }

 private:
  std::condition_variable_any changed_;
};

}  // namespace twohop
