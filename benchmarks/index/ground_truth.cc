#include "ground_truth.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace twohop::index_benchmark {
namespace {

float LaneSum(std::span<const float> a, std::span<const float> b) {
  std::array<float, 16> sums{};
  const std::size_t whole = a.size() / sums.size() * sums.size();
  for (std::size_t i = 0; i < whole; i += sums.size()) {
    for (std::size_t lane = 0; lane < sums.size(); ++lane) {
      sums[lane] += a[i + lane] * b[i + lane];
    }
  }
  for (std::size_t i = whole; i < a.size(); ++i) sums[0] += a[i] * b[i];
  return std::accumulate(sums.begin(), sums.end(), 0.0F);
}

std::vector<std::uint32_t> Best(std::vector<std::pair<float, std::uint32_t>>& scores,
                                std::size_t k) {
  k = std::min(k, scores.size());
  std::nth_element(scores.begin(), scores.begin() + static_cast<std::ptrdiff_t>(k), scores.end());
  std::vector<std::uint32_t> items;
  for (std::size_t i = 0; i < k; ++i) items.push_back(scores[i].second);
  return items;
}

}  // namespace

Found BruteForce(const Catalog& catalog, std::span<const Request> requests, std::size_t k) {
  Found expected;
  for (const Request& request : requests) {
    const LeftOut left_out(catalog, request);
    std::vector<std::vector<std::pair<float, std::uint32_t>>> scores(request.queries.rows());
    for (std::uint32_t item = 0; item < catalog.items.rows(); ++item) {
      if (left_out(item)) continue;
      for (std::size_t query = 0; query < scores.size(); ++query) {
        scores[query].emplace_back(-LaneSum(request.queries.row(query), catalog.items.row(item)),
                                   item);
      }
    }
    for (auto& list : scores) expected.push_back(Best(list, k));
  }
  return expected;
}

double Recall(const Found& expected, const Found& found) {
  double hits = 0.0;
  double wanted = 0.0;
  for (std::size_t query = 0; query < expected.size(); ++query) {
    std::vector<std::uint32_t> items = found[query];
    std::sort(items.begin(), items.end());
    for (const std::uint32_t item : expected[query]) {
      hits += std::binary_search(items.begin(), items.end(), item) ? 1.0 : 0.0;
    }
    wanted += static_cast<double>(expected[query].size());
  }
  return wanted == 0.0 ? 1.0 : hits / wanted;
}

}  // namespace twohop::index_benchmark
