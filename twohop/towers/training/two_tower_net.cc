#include "twohop/towers/training/two_tower_net.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <span>
#include <vector>

#include "twohop/base/check.h"
#include "twohop/towers/training/batch_tensors.h"
#include "twohop/towers/training/matmul.h"
#include "twohop/towers/training/pooling.h"

namespace twohop::towers_internal {
namespace {

std::span<float> ValuesOf(const torch::Tensor& tensor) {
  return {tensor.data_ptr<float>(), static_cast<std::size_t>(tensor.numel())};
}

// Tables and projected texts start alike in size, so that a brand weighs enough beside the category
// for within-category tastes to be found in few epochs. Layers keep the variance (He 2015).
double InitialDeviation(const Parameter& parameter) {
  const std::string& name = parameter.name;
  if (name.ends_with(".bias")) return 0;
  if (name.ends_with(".hidden.weight") || name.ends_with(".output.weight")) {
    return std::sqrt(2.0 / static_cast<double>(parameter.shape.back()));
  }
  // An item begins as its content, and its own row says how it differs.
  if (name == "item_id.table") return 0.1;
  if (name.starts_with("history.")) return 0.02;  // Attention begins by recency.
  return 0.5;
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

// Pulls a user under an interest to the items of that interest in the batch and away from the
// others: -log of the probability that any of them is drawn. Not the mean over them of -log of each
// one's, which would pull the user to all items of the interest alike, against the clicks. A row
// without a condition is pulled to its own item alone. logQ correction (Yi 2019): a popular item is
// in many batches, so it would be pushed away too often.
torch::Tensor InterestLoss(const torch::Tensor& users, const torch::Tensor& items,
                           const Batch& batch, float temperature) {
  const torch::Tensor logits =
      MatMulTransposed(users, items) / temperature - Floats(batch.log_frequencies).unsqueeze(0);
  const torch::Tensor positives = Integers(batch.positives);
  const torch::Tensor same_item = positives.unsqueeze(1).eq(positives.unsqueeze(0));
  const torch::Tensor same_interest =
      Integers(batch.conditions).unsqueeze(1).eq(Integers(batch.interests).unsqueeze(0));
  const torch::Tensor is_other = same_item.logical_or(same_interest).logical_not();
  constexpr float kNever = -1e9F;
  return (torch::logsumexp(logits, 1) - torch::logsumexp(logits.masked_fill(is_other, kNever), 1))
      .mean();
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

// Among all items, or among some that were drawn: then the logQ correction makes up for popular
// ones being drawn more often (Bengio and Senécal 2008).
torch::Tensor SoftmaxLoss(const torch::Tensor& users, const torch::Tensor& items,
                          const Batch& batch, float temperature) {
  const torch::Tensor candidates = items.narrow(0, 0, static_cast<std::int64_t>(batch.candidates));
  torch::Tensor logits = MatMulTransposed(users / temperature, candidates);
  if (!batch.log_q.empty()) logits = logits - Floats(batch.log_q).unsqueeze(0);
  return torch::cross_entropy_loss(logits, Integers(batch.positives));
}

// Sets a share of the components to 0 and scales the others up to make up for it.
torch::Tensor Dropout(const torch::Tensor& input, float share, std::uint64_t seed) {
  if (share == 0) return input;
  const torch::Tensor mask =
      torch::empty_like(input).bernoulli_(1.0 - share, at::detail::createCPUGenerator(seed));
  return input * mask / (1.0 - share);
}

// Heads that look back differently far to begin with: the first at everything alike, each further
// one at fewer of the newest clicks.
void InitializeRecency(const torch::Tensor& recency) {
  for (std::int64_t head = 0; head < recency.size(0); ++head) {
    for (std::int64_t age = 0; age < recency.size(1); ++age) {
      recency[head][age] = -0.5F * static_cast<float>(head * age);
    }
  }
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
  AlignTowers(description.dims);
  if (description.dims.history_heads > 0) {
    const torch::NoGradGuard no_grad;
    InitializeRecency(at("history.recency"));
  }
}

// A user begins as a mix of what the clicked items and the condition's items are, so that training
// starts from similarity of content instead of from nothing: the linear parts of both towers map an
// item alike, and the condition's text maps as a category's.
void TwoTowerNet::AlignTowers(const TowerDims& dims) {
  const torch::NoGradGuard no_grad;
  const auto part = [&](const std::string& name, std::size_t from, std::size_t width) {
    return at(name)
        .narrow(0, static_cast<std::int64_t>(dims.hidden), static_cast<std::int64_t>(dims.output))
        .narrow(1, static_cast<std::int64_t>(from), static_cast<std::int64_t>(width));
  };
  const std::size_t history = dims.age_group + dims.gender;
  const std::size_t heads = dims.history_input() / dims.item_input();
  for (std::size_t head = 0; head < heads; ++head) {
    part("user.hidden.weight", history + head * dims.item_input(), dims.item_input())
        .copy_(part("item.hidden.weight", 0, dims.item_input()) / static_cast<double>(heads));
  }
  if (dims.condition != dims.item_text) return;
  at("condition.weight").copy_(at("item_text.weight"));
  part("user.hidden.weight", history + dims.history_input(), dims.condition)
      .copy_(part("item.hidden.weight", dims.level1 + dims.level2 + dims.level3, dims.item_text));
}

torch::Tensor TwoTowerNet::Tower(const std::string& name, const torch::Tensor& input) const {
  const torch::Tensor& output = at(name + ".output.weight");  // [D, hidden]
  const torch::Tensor sums =
      MatMulTransposed(input, at(name + ".hidden.weight")) + at(name + ".hidden.bias");
  const torch::Tensor hidden = torch::relu(sums.narrow(1, 0, output.size(1)));
  const torch::Tensor linear = sums.narrow(1, output.size(1), output.size(0));
  return Normalized(MatMulTransposed(hidden, output) + at(name + ".output.bias") + linear);
}

torch::Tensor TwoTowerNet::CategoryInputs(const Batch& batch) const {
  return torch::cat({torch::embedding(at("level1.table"), Integers(batch.level1)),
                     torch::embedding(at("level2.table"), Integers(batch.level2)),
                     torch::embedding(at("level3.table"), Integers(batch.level3)),
                     MatMulTransposed(category_vectors_, at("item_text.weight"))},
                    1);
}

torch::Tensor TwoTowerNet::ItemInputs(const Batch& batch) const {
  std::vector<torch::Tensor> parts = {
      torch::embedding(CategoryInputs(batch), Integers(batch.categories)),
      torch::embedding(at("brand.table"), Integers(batch.brands)),
      MeanOfBags(at("tag.table"), batch.tags, batch.tag_begin)};
  if (!batch.item_rows.empty()) {
    parts.push_back(torch::embedding(at("item_id.table"), Integers(batch.item_rows)));
  }
  return torch::cat(parts, 1);
}

torch::Tensor TwoTowerNet::HistoryInputs(const torch::Tensor& inputs, const Batch& batch) const {
  const auto query = parameters_.find("history.query");
  if (query == parameters_.end()) {
    return MeanOfBags(inputs, batch.history, batch.history_begin);
  }
  return AttentionOfBags(inputs, query->second, at("history.recency"), batch);
}

torch::Tensor TwoTowerNet::ConditionInputs(const Batch& batch) const {
  const torch::Tensor table =
      torch::cat({MatMulTransposed(category_vectors_, at("condition.weight")),
                  at("condition.none").view({1, -1})});
  return torch::embedding(table, Integers(batch.conditions));
}

BatchVectors TwoTowerNet::Forward(const Batch& batch, float dropout) const {
  const torch::Tensor inputs = ItemInputs(batch);
  const torch::Tensor user_inputs = torch::cat(
      {torch::embedding(at("age_group.table"), Integers(batch.age_groups)),
       torch::embedding(at("gender.table"), Integers(batch.genders)),
       Dropout(HistoryInputs(inputs, batch), dropout, batch.dropout_seed), ConditionInputs(batch)},
      1);
  return {.users = Tower("user", user_inputs),
          .items = Tower("item", inputs.narrow(0, 0, static_cast<std::int64_t>(batch.scored)))};
}

Loss TwoTowerNet::LossOf(const Batch& batch, const TrainOptions& options) const {
  const auto [users, items] = Forward(batch, options.dropout);
  const torch::Tensor positives = torch::embedding(items, Integers(batch.positives));
  const torch::Tensor zero = torch::zeros({});
  Loss loss{.click = zero, .interest = zero, .softmax = zero, .total = zero};
  const auto add = [&loss](torch::Tensor& part, float weight, const auto& compute) {
    if (weight == 0) return;
    part = compute();
    loss.total = loss.total + weight * part;
  };
  add(loss.click, options.click_weight,
      [&] { return ClickLoss(users, items, positives, batch, options.temperature); });
  add(loss.interest, options.interest_weight,
      [&] { return InterestLoss(users, positives, batch, options.temperature); });
  add(loss.softmax, options.softmax_weight,
      [&] { return SoftmaxLoss(users, items, batch, options.temperature); });
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
