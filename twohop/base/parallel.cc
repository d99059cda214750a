#include "twohop/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace twohop {

void ParallelFor(std::size_t count, std::size_t threads, std::stop_token stop,
                 const std::function<void(std::size_t)>& body) {
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    while (!stop.stop_requested()) {
      const std::size_t i = next.fetch_add(1, std::memory_order_relaxed);
      if (i >= count) return;
      body(i);
    }
  };
  if (threads == 0) threads = std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::jthread> others;
  for (std::size_t t = 1; t < std::min(threads, count); ++t) others.emplace_back(work);
  work();
}

}  // namespace twohop
