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

Json LossToJson(const EpochLoss& loss) { return Json::array({loss.click, loss.interest}); }

Result<EpochLoss> LossFromJson(const Json& json) {
  if (!json.is_array() || json.size() != 2 || !json[0].is_number() || !json[1].is_number()) {
    return DataLoss("a loss is not two numbers");
  }
  return EpochLoss{json[0].get<double>(), json[1].get<double>()};
}

}  // namespace

ModelDescription DescribeModel(const TrainingInput& input, const TrainOptions& options) {
  ModelDescription description;
  description.dims = {.text = input.category_vectors.dim(), .output = options.dim};
  description.history_window = options.history_window;
  description.text_encoder = input.text_encoder;
  FeatureVocabulary& vocabulary = description.vocabulary;
  vocabulary.age_groups = NamesAmong(input.data, &UserProfile::age_group);
  vocabulary.genders = NamesAmong(input.data, &UserProfile::gender);
  SetCategoryVocabularies(input.catalog.taxonomy(), vocabulary);
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
      order_(input.data.training_rows().begin(), input.data.training_rows().end()) {}

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
  const Batch batch =
      sampler_.Sample(std::span(order_).subspan(first, count), rng_.Fork("batch", step_));
  const Loss loss = net_.LossOf(batch, options_);
  last_loss_ = loss.total.item<float>();
  if (!std::isfinite(last_loss_)) {
    return FailedPrecondition(fmt::format(
        "the loss is not a number after {} batches: the learning rates are too high", step_));
  }
  loss.total.backward();
  optimizer_.Step();
  running_.click += loss.click.item<float>();
  running_.interest += loss.interest.item<float>();
  ++step_;
  FinishEpochIfDue();
  return Ok();
}

void TrainingRun::FinishEpochIfDue() {
  if (step_ % steps_per_epoch() != 0) return;
  const auto steps = static_cast<double>(steps_per_epoch());
  epochs_.push_back({running_.click / steps, running_.interest / steps});
  running_ = {};
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
  Json epochs = Json::array();
  for (const EpochLoss& epoch : epochs_) epochs.push_back(LossToJson(epoch));
  const Json metadata{{"run", Identity()},
                      {"step", step_},
                      {"running", LossToJson(running_)},
                      {"epochs", std::move(epochs)}};
  const auto all = Merged(net_.parameters(), optimizer_.state());
  return SaveTensorFile(path, {DumpJson(metadata), ToTensorMap(all)});
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
  step_ = static_cast<std::size_t>(step);
  return Ok();
}

Status TrainingRun::RestoreTensors(const TensorFile& file) {
  const auto all = Merged(net_.parameters(), optimizer_.state());
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
  return {.description = description_, .weights = ToTensorMap(net_.parameters())};
}

}  // namespace twohop::towers_internal
