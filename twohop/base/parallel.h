// Loops over indices on several threads.

#pragma once

#include <cstddef>
#include <functional>
#include <stop_token>

namespace twohop {

// Calls `body(i)` for every i of [0, count) on up to `threads` threads (0: one per core) and
// returns when all are done. Indices are handed out in ascending order, one at a time. After a stop
// is requested no new index is handed out; calls under way finish.
//
// REQUIRES: `body` is safe to call from several threads at once and does not throw.
void ParallelFor(std::size_t count, std::size_t threads, std::stop_token stop,
                 const std::function<void(std::size_t)>& body);

}  // namespace twohop
