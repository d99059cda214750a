// How often items come, learned while they come. Internal to training.

#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include <torch/torch.h>

namespace twohop::towers_internal {

// A moving average of the steps between an item's occurrences, whose inverse is the probability
// that a batch has it (Yi et al. 2019, "Sampling-bias-corrected neural modeling", section 4;
// without hashing, for the items are known).
//
// Not thread-safe.
class StreamingFrequencies {
 public:
  explicit StreamingFrequencies(std::size_t items);

  // `items` are those of batch number `step`, each once or more; steps only grow.
  void Observe(std::size_t step, std::span<const std::int64_t> items);

  // The natural logarithm of the probability that a batch has the item; 0 for one never seen.
  float LogFrequency(std::int64_t item) const;

  // All that a resumed run needs, by name. Shares memory with this.
  const std::map<std::string, torch::Tensor>& state() const { return state_; }

 private:
  std::map<std::string, torch::Tensor> state_;
  float* last_step_;  // [items]: of the last occurrence, counted from 1; 0: never.
  float* interval_;   // [items]: mean steps between occurrences; 0: never.
};

}  // namespace twohop::towers_internal
