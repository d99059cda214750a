// Adam for layers, row-wise Adagrad or Adam for tables. Internal to training.

#pragma once

#include <map>
#include <string>
#include <vector>

#include <torch/torch.h>

#include "twohop/towers/model_file.h"
#include "twohop/towers/training/train_options.h"

namespace twohop::towers_internal {

// Row-wise Adagrad keeps one number a row instead of Adam's two a component, and a row without a
// gradient is left alone: Adam would go on moving it.
//
// Not thread-safe.
class Optimizer {
 public:
  // `parameters` shares memory with the net.
  Optimizer(const std::vector<Parameter>& roles,
            const std::map<std::string, torch::Tensor>& parameters, const TrainOptions& options);

  // Applies the gradients and clears them.
  void Step();

  // All that a resumed run needs, by name. Shares memory with the optimiser.
  const std::map<std::string, torch::Tensor>& state() const { return state_; }

 private:
  bool IsAdagrad(const Parameter& parameter) const;
  // Adam. `bias1` and `bias2` are its corrections for how young the moments are.
  void StepDense(const std::string& name, torch::Tensor& weight, double learning_rate, double bias1,
                 double bias2);
  void StepTable(const std::string& name, torch::Tensor& table);

  std::vector<Parameter> roles_;
  std::map<std::string, torch::Tensor> parameters_;
  std::map<std::string, torch::Tensor> state_;
  TableOptimizer table_optimizer_;
  float learning_rate_;
  float table_learning_rate_;
};

}  // namespace twohop::towers_internal
