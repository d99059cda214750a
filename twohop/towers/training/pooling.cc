#include "twohop/towers/training/pooling.h"

#include <algorithm>
#include <limits>
#include <tuple>

#include "twohop/towers/training/batch_tensors.h"
#include "twohop/towers/training/matmul.h"

namespace twohop::towers_internal {
namespace {

constexpr std::int64_t kSum = 0;
constexpr std::int64_t kMean = 1;

torch::Tensor Bags(const torch::Tensor& table, const std::vector<std::int64_t>& indices,
                   const std::vector<std::int64_t>& begin, std::int64_t mode,
                   const c10::optional<torch::Tensor>& weights = c10::nullopt) {
  return std::get<0>(torch::embedding_bag(table, Integers(indices), Integers(begin),
                                          /*scale_grad_by_freq=*/false, mode, /*sparse=*/false,
                                          weights));
}

// [slots, heads]: the largest of each head's scores in the slot's bag.
torch::Tensor LargestOfBags(const torch::Tensor& scores, const Batch& batch) {
  torch::Tensor largest = scores.contiguous().clone();
  const std::int64_t heads = scores.size(1);
  float* const values = largest.data_ptr<float>();
  const std::size_t rows = batch.history_begin.size();
  const auto slots = static_cast<std::int64_t>(batch.history.size());
  for (std::size_t row = 0; row < rows; ++row) {
    const std::int64_t begin = batch.history_begin[row];
    const std::int64_t end = row + 1 < rows ? batch.history_begin[row + 1] : slots;
    for (std::int64_t head = 0; head < heads; ++head) {
      float best = -std::numeric_limits<float>::infinity();
      for (std::int64_t i = begin; i < end; ++i) best = std::max(best, values[i * heads + head]);
      for (std::int64_t i = begin; i < end; ++i) values[i * heads + head] = best;
    }
  }
  return largest;
}

}  // namespace

torch::Tensor MeanOfBags(const torch::Tensor& table, const std::vector<std::int64_t>& indices,
                         const std::vector<std::int64_t>& begin) {
  return Bags(table, indices, begin, kMean);
}

// Histories differ in length, so that the softmax is over the slots of each bag.
torch::Tensor AttentionOfBags(const torch::Tensor& inputs, const torch::Tensor& query,
                              const torch::Tensor& recency, const Batch& batch) {
  const auto rows = static_cast<std::int64_t>(batch.history_begin.size());
  const std::int64_t heads = query.size(0);
  if (batch.history.empty()) return torch::zeros({rows, heads * inputs.size(1)});
  const torch::Tensor content = MatMulTransposed(inputs, query);  // [items, heads]
  const torch::Tensor scores = torch::embedding(content, Integers(batch.history)) +
                               torch::embedding(recency.t(), Integers(batch.history_ages));
  const torch::Tensor row_of = Integers(batch.history_rows);
  const torch::Tensor weights = (scores - LargestOfBags(scores.detach(), batch)).exp();
  const torch::Tensor sums = torch::zeros({rows, heads}).index_add(0, row_of, weights);
  const torch::Tensor shares = weights / torch::embedding(sums, row_of);  // [slots, heads]
  std::vector<torch::Tensor> pooled;
  for (std::int64_t head = 0; head < heads; ++head) {
    pooled.push_back(Bags(inputs, batch.history, batch.history_begin, kSum,
                          shares.select(1, head).contiguous()));
  }
  return torch::cat(pooled, 1);
}

}  // namespace twohop::towers_internal
