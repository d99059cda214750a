#include "twohop/towers/training/optimizer.h"

#include <cmath>

namespace twohop::towers_internal {
namespace {

// Kingma and Ba 2015.
constexpr double kBeta1 = 0.9;
constexpr double kBeta2 = 0.999;
constexpr double kAdamEpsilon = 1e-8;
constexpr double kAdagradEpsilon = 1e-8;

// Exact as a float up to 2^24 steps.
constexpr const char* kSteps = "adam.steps";

std::string FirstMoment(const std::string& name) { return "adam.mean/" + name; }
std::string SecondMoment(const std::string& name) { return "adam.square/" + name; }
std::string RowSquares(const std::string& name) { return "adagrad.square/" + name; }

}  // namespace

Optimizer::Optimizer(const std::vector<Parameter>& roles,
                     const std::map<std::string, torch::Tensor>& parameters,
                     const TrainOptions& options)
    : roles_(roles),
      parameters_(parameters),
      table_optimizer_(options.table_optimizer),
      learning_rate_(options.learning_rate),
      table_learning_rate_(options.table_learning_rate) {
  state_[kSteps] = torch::zeros({1});
  for (const Parameter& parameter : roles_) {
    const torch::Tensor& weight = parameters_.at(parameter.name);
    if (IsAdagrad(parameter)) {
      state_[RowSquares(parameter.name)] = torch::zeros({weight.size(0), 1});
    } else {
      state_[FirstMoment(parameter.name)] = torch::zeros(weight.sizes());
      state_[SecondMoment(parameter.name)] = torch::zeros(weight.sizes());
    }
  }
}

bool Optimizer::IsAdagrad(const Parameter& parameter) const {
  return parameter.role == ParameterRole::kEmbedding &&
         table_optimizer_ == TableOptimizer::kAdagrad;
}

void Optimizer::Step() {
  const torch::NoGradGuard no_grad;
  torch::Tensor& steps = state_.at(kSteps).add_(1);
  const double t = steps.item<float>();
  const double bias1 = 1 - std::pow(kBeta1, t);
  const double bias2 = 1 - std::pow(kBeta2, t);
  for (const Parameter& parameter : roles_) {
    torch::Tensor& weight = parameters_.at(parameter.name);
    if (!weight.grad().defined()) continue;
    if (IsAdagrad(parameter)) {
      StepTable(parameter.name, weight);
    } else {
      const bool is_table = parameter.role == ParameterRole::kEmbedding;
      StepDense(parameter.name, weight, is_table ? table_learning_rate_ : learning_rate_, bias1,
                bias2);
    }
    weight.mutable_grad() = torch::Tensor();
  }
}

void Optimizer::StepDense(const std::string& name, torch::Tensor& weight, double learning_rate,
                          double bias1, double bias2) {
  const torch::Tensor& gradient = weight.grad();
  torch::Tensor& mean = state_.at(FirstMoment(name));
  torch::Tensor& square = state_.at(SecondMoment(name));
  mean.mul_(kBeta1).add_(gradient, 1 - kBeta1);
  square.mul_(kBeta2).addcmul_(gradient, gradient, 1 - kBeta2);
  const torch::Tensor scale = (square / bias2).sqrt_().add_(kAdamEpsilon);
  weight.addcdiv_(mean, scale, -learning_rate / bias1);
}

void Optimizer::StepTable(const std::string& name, torch::Tensor& table) {
  const torch::Tensor& gradient = table.grad();
  torch::Tensor& square = state_.at(RowSquares(name));
  square.add_(gradient.square().mean(1, /*keepdim=*/true));
  table.addcdiv_(gradient, square.sqrt().add_(kAdagradEpsilon), -table_learning_rate_);
}

}  // namespace twohop::towers_internal
