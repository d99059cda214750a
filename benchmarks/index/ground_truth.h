// What a perfect index would answer.

#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine.h"

namespace twohop::index_benchmark {

// The `k` best items of each query by f32 inner product over all items that are not left out, in
// no order: one list a query, requests one after the other. Items whose vector is empty do not
// exist.
Found BruteForce(const Catalog& catalog, std::span<const Request> requests, std::size_t k);

// Of what should have been found, the share that was.
double Recall(const Found& expected, const Found& found);

}  // namespace twohop::index_benchmark
