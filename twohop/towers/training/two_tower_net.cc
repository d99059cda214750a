#include "twohop/towers/training/two_tower_net.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <span>
#include <vector>

#include "twohop/base/check.h"
#include "twohop/towers/training/matmul.h"

namespace twohop::towers_internal {
namespace {

// Borrows the vector's memory, which autograd reads again in backward(): the vector must still
// live.
torch::Tensor Integers(const std::vector<std::int64_t>& values) {
  return torch::from_blob(const_cast<std::int64_t*>(values.data()),
                          {static_cast<std::int64_t>(values.size())}, torch::kInt64);
}

torch::Tensor Floats(const std::vector<float>& values) {
  return torch::from_blob(const_cast<float*>(values.data()),
                          {static_cast<std::int64_t>(values.size())}, torch::kFloat32);
}

std::span<float> ValuesOf(const torch::Tensor& tensor) {
  return {tensor.data_ptr<float>(), static_cast<std::size_t>(tensor.numel())};
}

bool EndsWith(const std::string& name, std::string_view end) { return name.ends_with(end); }

// Tables start small, so that an item begins as its category's text and learns to differ. The
// projections see vectors of norm 1 and give components of variance 1; layers keep the variance
// (He 2015).
double InitialDeviation(const Parameter& parameter) {
  if (parameter.role == ParameterRole::kEmbedding) return 0.1;
  if (EndsWith(parameter.name, ".bias")) return 0;
  if (EndsWith(parameter.name, ".hidden.weight") || EndsWith(parameter.name, ".output.weight")) {
    return std::sqrt(2.0 / static_cast<double>(parameter.shape.back()));
  }
  return 1;
}

torch::Tensor InitialWeights(const Parameter& parameter, Rng rng) {
  std::vector<std::int64_t> shape(parameter.shape.begin(), parameter.shape.end());
  torch::Tensor tensor = torch::zeros(shape);
  const double deviation = InitialDeviation(parameter);
  if (deviation > 0) {
    for (float& value : ValuesOf(tensor)) value = static_cast<float>(deviation * rng.Normal());
  }
  return tensor.set_requires_grad(true);
}

torch::Tensor Normalized(const torch::Tensor& rows) {
  return torch::nn::functional::normalize(
      rows, torch::nn::functional::NormalizeFuncOptions().p(2).dim(1));
}

// Mean of the table's rows of each bag: bag i is indices[begin[i]], ..., those of an empty one are
// 0.
torch::Tensor MeanOfBags(const torch::Tensor& table, const std::vector<std::int64_t>& indices,
                         const std::vector<std::int64_t>& begin) {
  constexpr std::int64_t kMean = 1;
  return std::get<0>(torch::embedding_bag(table, Integers(indices), Integers(begin),
                                          /*scale_grad_by_freq=*/false, kMean));
}

// Pulls a user under an interest to the items of that interest in the batch and away from the
// others. A row without a condition is pulled to its own item alone. logQ correction (Yi 2019): a
// popular item is in many batches, so it would be pushed away too often.
torch::Tensor InterestLoss(const torch::Tensor& users, const torch::Tensor& items,
                           const Batch& batch, float temperature) {
  const torch::Tensor logits =
      MatMulTransposed(users, items) / temperature - Floats(batch.log_frequencies).unsqueeze(0);
  const torch::Tensor positives = Integers(batch.positives);
  const torch::Tensor same_item = positives.unsqueeze(1).eq(positives.unsqueeze(0));
  const torch::Tensor same_interest =
      Integers(batch.conditions).unsqueeze(1).eq(Integers(batch.interests).unsqueeze(0));
  const torch::Tensor is_positive = same_item.logical_or(same_interest).to(torch::kFloat32);
  const torch::Tensor log_probability = torch::log_softmax(logits, 1);
  return -((log_probability * is_positive).sum(1) / is_positive.sum(1)).mean();
}

torch::Tensor ClickLoss(const torch::Tensor& users, const torch::Tensor& items,
                        const torch::Tensor& positives, const Batch& batch, float temperature) {
  const std::int64_t rows = users.size(0);
  const torch::Tensor negatives =
      torch::embedding(items, Integers(batch.negatives)).view({rows, -1, users.size(1)});
  const torch::Tensor positive_scores = (users * positives).sum(1, /*keepdim=*/true);
  const torch::Tensor negative_scores = (negatives * users.unsqueeze(1)).sum(2);
  const torch::Tensor scores = torch::cat({positive_scores, negative_scores}, 1) / temperature;
  torch::Tensor clicked = torch::zeros_like(scores);
  clicked.select(1, 0).fill_(1);
  return torch::binary_cross_entropy_with_logits(scores, clicked);
}

}  // namespace

TwoTowerNet::TwoTowerNet(const ModelDescription& description, EmbeddingsView category_vectors,
                         Rng rng)
    : category_vectors_(torch::zeros({static_cast<std::int64_t>(category_vectors.rows()),
                                      static_cast<std::int64_t>(category_vectors.dim())})) {
  std::ranges::copy(category_vectors.data(), ValuesOf(category_vectors_).begin());
  for (const Parameter& parameter : ParametersOf(description)) {
    parameters_.emplace(parameter.name, InitialWeights(parameter, rng.Fork(parameter.name)));
  }
}

torch::Tensor TwoTowerNet::Tower(const std::string& name, const torch::Tensor& input) const {
  const torch::Tensor hidden =
      torch::relu(MatMulTransposed(input, at(name + ".hidden.weight")) + at(name + ".hidden.bias"));
  return Normalized(MatMulTransposed(hidden, at(name + ".output.weight")) +
                    at(name + ".output.bias"));
}

torch::Tensor TwoTowerNet::CategoryInputs(const Batch& batch) const {
  return torch::cat({torch::embedding(at("level1.table"), Integers(batch.level1)),
                     torch::embedding(at("level2.table"), Integers(batch.level2)),
                     torch::embedding(at("level3.table"), Integers(batch.level3)),
                     MatMulTransposed(category_vectors_, at("item_text.weight"))},
                    1);
}

torch::Tensor TwoTowerNet::ItemInputs(const Batch& batch) const {
  return torch::cat({torch::embedding(CategoryInputs(batch), Integers(batch.categories)),
                     torch::embedding(at("brand.table"), Integers(batch.brands)),
                     MeanOfBags(at("tag.table"), batch.tags, batch.tag_begin)},
                    1);
}

torch::Tensor TwoTowerNet::ConditionInputs(const Batch& batch) const {
  const torch::Tensor table =
      torch::cat({MatMulTransposed(category_vectors_, at("condition.weight")),
                  at("condition.none").view({1, -1})});
  return torch::embedding(table, Integers(batch.conditions));
}

BatchVectors TwoTowerNet::Forward(const Batch& batch) const {
  const torch::Tensor inputs = ItemInputs(batch);
  const torch::Tensor user_inputs =
      torch::cat({torch::embedding(at("age_group.table"), Integers(batch.age_groups)),
                  torch::embedding(at("gender.table"), Integers(batch.genders)),
                  MeanOfBags(inputs, batch.history, batch.history_begin), ConditionInputs(batch)},
                 1);
  return {.users = Tower("user", user_inputs),
          .items = Tower("item", inputs.narrow(0, 0, static_cast<std::int64_t>(batch.scored)))};
}

Loss TwoTowerNet::LossOf(const Batch& batch, const TrainOptions& options) const {
  const auto [users, items] = Forward(batch);
  const torch::Tensor positives = torch::embedding(items, Integers(batch.positives));
  Loss loss{.click = ClickLoss(users, items, positives, batch, options.temperature),
            .interest = InterestLoss(users, positives, batch, options.temperature)};
  loss.total = loss.click + options.interest_weight * loss.interest;
  return loss;
}

TensorMap ToTensorMap(const std::map<std::string, torch::Tensor>& tensors) {
  TensorMap map;
  for (const auto& [name, tensor] : tensors) {
    const torch::Tensor compact = tensor.detach().contiguous();
    const std::span<const float> values = ValuesOf(compact);
    map[name] = {{compact.sizes().begin(), compact.sizes().end()}, {values.begin(), values.end()}};
  }
  return map;
}

void CopyFrom(const TensorMap& values, const std::map<std::string, torch::Tensor>& tensors) {
  for (const auto& [name, tensor] : tensors) {
    const Tensor& source = values.at(name);
    TWOHOP_CHECK(source.data.size() == static_cast<std::size_t>(tensor.numel()));
    std::ranges::copy(source.data, ValuesOf(tensor).begin());
  }
}

}  // namespace twohop::towers_internal
