// The dual tower in libtorch, for training. Internal to training: two_tower.h has the one that
// serves, and a test holds the two equal.

#pragma once

#include <map>
#include <string>

#include <torch/torch.h>

#include "twohop/base/embeddings.h"
#include "twohop/base/rng.h"
#include "twohop/towers/model_file.h"
#include "twohop/towers/training/batch_sampler.h"
#include "twohop/towers/training/train_options.h"

namespace twohop::towers_internal {

struct Loss {
  torch::Tensor click;     // BCE(sigmoid(s / τ)), mean over positives and negatives.
  torch::Tensor interest;  // InfoNCE, mean over rows.
  torch::Tensor softmax;   // -log of the positive's probability among the candidates, likewise.
  torch::Tensor total;     // Their weighted sum; a part that weighs nothing is 0.
};

// float32 [B, D] each, rows of L2 norm 1.
struct BatchVectors {
  torch::Tensor users;  // [B, D]
  torch::Tensor items;  // [scored, D]
};

// Not thread-safe.
class TwoTowerNet {
 public:
  // Weights by chance.
  TwoTowerNet(const ModelDescription& description, EmbeddingsView category_vectors, Rng rng);

  // The results' gradients read from `batch`, which must outlive backward().
  BatchVectors Forward(const Batch& batch, float dropout = 0) const;
  Loss LossOf(const Batch& batch, const TrainOptions& options) const;

  // By name, as in ParametersOf. Shares memory with the net.
  const std::map<std::string, torch::Tensor>& parameters() const { return parameters_; }

 private:
  const torch::Tensor& at(const std::string& name) const { return parameters_.at(name); }
  void AlignTowers(const TowerDims& dims);
  torch::Tensor Tower(const std::string& name, const torch::Tensor& input) const;
  torch::Tensor CategoryInputs(const Batch& batch) const;
  torch::Tensor ItemInputs(const Batch& batch) const;
  torch::Tensor HistoryInputs(const torch::Tensor& inputs, const Batch& batch) const;
  torch::Tensor ConditionInputs(const Batch& batch) const;

  torch::Tensor category_vectors_;  // [C, T]
  std::map<std::string, torch::Tensor> parameters_;
};

TensorMap ToTensorMap(const std::map<std::string, torch::Tensor>& tensors);

// Copies the values into `tensors`. REQUIRES: the same names and shapes.
void CopyFrom(const TensorMap& values, const std::map<std::string, torch::Tensor>& tensors);

}  // namespace twohop::towers_internal
