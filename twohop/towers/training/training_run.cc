#include "twohop/towers/training/training_run.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/hash.h"
#include "twohop/base/json.h"
#include "twohop/towers/tensor_file.h"

namespace twohop::towers_internal {
namespace {

std::string_view AsBytes(std::span<const float> values) {
  return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

// Sorted, so that the rows do not depend on who came first.
Vocabulary NamesAmong(const TrainingData& data, std::string UserProfile::*field) {
  std::set<std::string> names;
  for (std::uint32_t user = 0; user < data.users(); ++user) {
    names.insert(data.profile(user).*field);
  }
  return Vocabulary({names.begin(), names.end()});
}

std::map<std::string, torch::Tensor> Merged(std::map<std::string, torch::Tensor> a,
                                            const std::map<std::string, torch::Tensor>& b) {
  a.insert(b.begin(), b.end());
  return a;
}

constexpr std::size_t kPointsPerEpoch = 20;
constexpr std::size_t kMaxValidationRows = 10'000;
constexpr std::size_t kCutoff = 10;

Json LossToJson(const EpochLoss& loss) {
  return Json::array({loss.click, loss.interest, loss.softmax,
                      loss.validation.has_value() ? Json(*loss.validation) : Json()});
}

bool AreNumbers(const Json& json, std::size_t count) {
  return json.is_array() && json.size() >= count &&
         std::all_of(json.begin(), json.begin() + static_cast<std::ptrdiff_t>(count),
                     [](const Json& value) { return value.is_number(); });
}

Result<EpochLoss> LossFromJson(const Json& json) {
  if (!AreNumbers(json, 3) || json.size() != 4) return DataLoss("a loss is not three numbers");
  EpochLoss loss{.click = json[0].get<double>(),
                 .interest = json[1].get<double>(),
                 .softmax = json[2].get<double>()};
  if (json[3].is_number()) loss.validation = json[3].get<double>();
  return loss;
}

Result<LossPoint> PointFromJson(const Json& json) {
  if (!AreNumbers(json, 2) || !json[0].is_number_unsigned()) {
    return DataLoss("a point of the loss is not two numbers");
  }
  return LossPoint{json[0].get<std::size_t>(), json[1].get<double>()};
}

// Rows for validation, the same in every epoch.
std::vector<TrainingRow> DrawValidationRows(const TrainingData& data, Rng rng) {
  std::vector<TrainingRow> rows(data.validation_rows().begin(), data.validation_rows().end());
  rng.Shuffle(std::span(rows));
  rows.resize(std::min(rows.size(), kMaxValidationRows));
  return rows;
}

// Items that were clicked in training: a row for any other would stay as it began.
Vocabulary ClickedItems(const TrainingInput& input) {
  std::vector<std::string> ids;
  for (std::uint32_t i = 0; i < input.catalog.size(); ++i) {
    if (input.data.click_counts()[i] > 0) ids.push_back(input.catalog.at(ItemIndex(i)).id.value());
  }
  return Vocabulary(std::move(ids));
}

// The number of the epoch with the best validation, from 1; the first of equals; 0 for none.
std::size_t BestEpoch(const std::vector<EpochLoss>& epochs) {
  std::size_t best = 0;
  for (std::size_t i = 0; i < epochs.size(); ++i) {
    if (!epochs[i].validation.has_value()) continue;
    if (best == 0 || *epochs[i].validation > *epochs[best - 1].validation) best = i + 1;
  }
  return best;
}

std::map<std::string, torch::Tensor> CopiesOf(const std::map<std::string, torch::Tensor>& tensors) {
  std::map<std::string, torch::Tensor> copies;
  for (const auto& [name, tensor] : tensors) copies[name] = tensor.detach().clone();
  return copies;
}

}  // namespace

ModelDescription DescribeModel(const TrainingInput& input, const TrainOptions& options) {
  ModelDescription description;
  description.dims = {.text = input.category_vectors.dim(),
                      .output = options.dim,
                      .item_id = options.item_id,
                      .history_heads = options.history_heads};
  description.history_window = options.history_window;
  description.text_encoder = input.text_encoder;
  FeatureVocabulary& vocabulary = description.vocabulary;
  vocabulary.age_groups = NamesAmong(input.data, &UserProfile::age_group);
  vocabulary.genders = NamesAmong(input.data, &UserProfile::gender);
  SetCategoryVocabularies(input.catalog.taxonomy(), vocabulary);
  if (options.item_id > 0) vocabulary.items = ClickedItems(input);
  vocabulary.brand_buckets = options.brand_buckets;
  vocabulary.tag_buckets = options.tag_buckets;
  return description;
}

TrainingRun::TrainingRun(const TrainingInput& input, const TrainOptions& options)
    : input_(input),
      options_(options),
      rng_(options.seed),
      description_(DescribeModel(input, options)),
      features_(input.catalog, description_.vocabulary),
      sampler_(input.data, input.catalog, features_, description_.vocabulary, options),
      net_(description_, input.category_vectors, rng_.Fork("weights")),
      optimizer_(ParametersOf(description_), net_.parameters(), options),
      order_(input.data.training_rows().begin(), input.data.training_rows().end()),
      frequencies_(input.data.items()),
      validation_rows_(DrawValidationRows(input.data, rng_.Fork("validation"))) {
  if (options.patience > 0) best_weights_ = CopiesOf(net_.parameters());
}

std::size_t TrainingRun::steps_per_epoch() const {
  return (order_.size() + options_.batch_size - 1) / options_.batch_size;
}

// From the rows in their own order each time: the shuffle of an epoch does not depend on the last.
void TrainingRun::ShuffleForEpoch(std::size_t epoch) {
  if (ordered_epoch_ == epoch) return;
  std::ranges::copy(input_.data.training_rows(), order_.begin());
  rng_.Fork("order", epoch).Shuffle(std::span(order_));
  ordered_epoch_ = epoch;
}

Status TrainingRun::Step() {
  ShuffleForEpoch(step_ / steps_per_epoch());
  const std::size_t first = step_ % steps_per_epoch() * options_.batch_size;
  const std::size_t count = std::min(options_.batch_size, order_.size() - first);
  Batch batch = sampler_.Sample(std::span(order_).subspan(first, count), rng_.Fork("batch", step_));
  ApplyLogQ(batch);
  const Loss loss = net_.LossOf(batch, options_);
  last_loss_ = loss.total.item<float>();
  if (!std::isfinite(last_loss_)) {
    return FailedPrecondition(fmt::format(
        "the loss is not a number after {} batches: the learning rates are too high", step_));
  }
  loss.total.backward();
  optimizer_.Step();
  ++step_;
  Record(loss);
  return FinishEpochIfDue();
}

// What the interest loss is corrected by; the sampler knows what its own draws are.
void TrainingRun::ApplyLogQ(Batch& batch) {
  if (options_.log_q == LogQ::kNone) std::ranges::fill(batch.log_frequencies, 0.0F);
  if (options_.log_q != LogQ::kStreaming) return;
  std::vector<std::int64_t> items;
  for (const std::int64_t local : batch.positives) {
    items.push_back(batch.items[static_cast<std::size_t>(local)]);
  }
  frequencies_.Observe(step_, items);
  for (std::size_t i = 0; i < items.size(); ++i) {
    batch.log_frequencies[i] = frequencies_.LogFrequency(items[i]);
  }
}

void TrainingRun::Record(const Loss& loss) {
  running_.click += loss.click.item<float>();
  running_.interest += loss.interest.item<float>();
  running_.softmax += loss.softmax.item<float>();
  curve_sum_ += last_loss_;
  const std::size_t since = step_ - (curve_.empty() ? 0 : curve_.back().step);
  const std::size_t every = std::max<std::size_t>(1, steps_per_epoch() / kPointsPerEpoch);
  if (since < every) return;
  curve_.push_back({step_, curve_sum_ / static_cast<double>(since)});
  curve_sum_ = 0;
}

Status TrainingRun::FinishEpochIfDue() {
  if (step_ % steps_per_epoch() != 0) return Ok();
  const auto steps = static_cast<double>(steps_per_epoch());
  epochs_.push_back({.click = running_.click / steps,
                     .interest = running_.interest / steps,
                     .softmax = running_.softmax / steps});
  running_ = {};
  if (validation_rows_.empty()) return Ok();
  TWOHOP_ASSIGN_OR_RETURN(epochs_.back().validation, Validate());
  if (options_.patience > 0 && BestEpoch(epochs_) == epochs_.size()) {
    best_weights_ = CopiesOf(net_.parameters());
  }
  return Ok();
}

// With the model that serves, so that what is validated is what will be used.
Result<double> TrainingRun::Validate() const {
  const Model model{.description = description_, .weights = ToTensorMap(net_.parameters())};
  TWOHOP_ASSIGN_OR_RETURN(
      const TwoTower tower,
      TwoTower::FromModel(model, input_.catalog, input_.category_vectors, input_.text_encoder));
  double sum = 0;
  const double plain = options_.unconditioned_share;
  for (const auto& [view, share] :
       {std::pair(UserView::kPlain, plain), std::pair(UserView::kOwnCategory, 1 - plain)}) {
    if (share == 0) continue;
    TWOHOP_ASSIGN_OR_RETURN(const double ndcg, ValidationNdcg(tower, view));
    sum += share * ndcg;
  }
  return sum;
}

Result<double> TrainingRun::ValidationNdcg(const TwoTower& tower, UserView view) const {
  TWOHOP_ASSIGN_OR_RETURN(const std::vector<std::size_t> ranks,
                          RankRows(tower, input_.catalog, input_.category_vectors, input_.data,
                                   validation_rows_, view, options_.threads, /*stop=*/{}));
  return NdcgAt(ranks, kCutoff);
}

std::size_t TrainingRun::best_epoch() const {
  return options_.patience == 0 ? 0 : BestEpoch(epochs_);
}

bool TrainingRun::is_finished() const {
  if (step_ >= planned_steps()) return true;
  return options_.patience > 0 && epochs_.size() >= best_epoch() + options_.patience &&
         step_ % steps_per_epoch() == 0;
}

std::string TrainingRun::Identity() const {
  return Hasher()
      .Add(input_.catalog.fingerprint())
      .Add(input_.data.fingerprint())
      .Add(input_.text_encoder)
      .Add(AsBytes(input_.category_vectors.data()))
      .Add(DumpJson(OptionsToJson(options_)))
      .hex();
}

Status TrainingRun::SaveCheckpoint(const std::filesystem::path& path) const {
  return SaveTensorFile(path, {DumpJson(ProgressToJson()), ToTensorMap(AllTensors())});
}

Json TrainingRun::ProgressToJson() const {
  Json epochs = Json::array();
  for (const EpochLoss& epoch : epochs_) epochs.push_back(LossToJson(epoch));
  Json curve = Json::array();
  for (const LossPoint& point : curve_) curve.push_back(Json::array({point.step, point.loss}));
  return {{"run", Identity()},
          {"step", step_},
          {"running", LossToJson(running_)},
          {"epochs", std::move(epochs)},
          {"curve", std::move(curve)},
          {"curve_sum", curve_sum_}};
}

std::map<std::string, torch::Tensor> TrainingRun::AllTensors() const {
  auto all = Merged(Merged(net_.parameters(), optimizer_.state()), frequencies_.state());
  for (const auto& [name, tensor] : best_weights_) all.emplace("best/" + name, tensor);
  return all;
}

Status TrainingRun::LoadCheckpoint(const std::filesystem::path& path) {
  TWOHOP_ASSIGN_OR_RETURN(const TensorFile file, LoadTensorFile(path));
  Status restored = RestoreProgress(file);
  if (restored.has_value()) restored = RestoreTensors(file);
  if (!restored.has_value()) return Annotate(restored, path.string());
  return Ok();
}

Status TrainingRun::RestoreProgress(const TensorFile& file) {
  const Result<Json> metadata = ParseJson(file.metadata);
  if (!metadata.has_value() || !metadata->is_object()) return DataLoss("not a checkpoint");
  TWOHOP_ASSIGN_OR_RETURN(const std::string run, OptionalString(*metadata, "run"));
  if (run != Identity()) {
    return FailedPrecondition("the checkpoint was made with other inputs or options");
  }
  TWOHOP_ASSIGN_OR_RETURN(const std::int64_t step, OptionalInteger(*metadata, "step", -1));
  if (step < 0) return DataLoss("step is missing");
  TWOHOP_ASSIGN_OR_RETURN(running_, LossFromJson(metadata->value("running", Json())));
  epochs_.clear();
  for (const Json& epoch : metadata->value("epochs", Json::array())) {
    TWOHOP_ASSIGN_OR_RETURN(const EpochLoss loss, LossFromJson(epoch));
    epochs_.push_back(loss);
  }
  curve_.clear();
  for (const Json& point : metadata->value("curve", Json::array())) {
    TWOHOP_ASSIGN_OR_RETURN(const LossPoint read, PointFromJson(point));
    curve_.push_back(read);
  }
  TWOHOP_ASSIGN_OR_RETURN(curve_sum_, OptionalNumber(*metadata, "curve_sum", 0));
  step_ = static_cast<std::size_t>(step);
  return Ok();
}

Status TrainingRun::RestoreTensors(const TensorFile& file) {
  const auto all = AllTensors();
  for (const auto& [name, tensor] : all) {
    const auto found = file.tensors.find(name);
    if (found == file.tensors.end() ||
        found->second.data.size() != static_cast<std::size_t>(tensor.numel())) {
      return DataLoss(fmt::format("tensor {} is missing or has another size", name));
    }
  }
  const torch::NoGradGuard no_grad;
  CopyFrom(file.tensors, all);
  return Ok();
}

Model TrainingRun::ExportModel() const {
  const bool is_best_known = best_epoch() > 0;
  return {.description = description_,
          .weights = ToTensorMap(is_best_known ? best_weights_ : net_.parameters())};
}

}  // namespace twohop::towers_internal
