#include "twohop/towers/model_file.h"

#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/check.h"
#include "twohop/base/file.h"
#include "twohop/base/hash.h"
#include "twohop/towers/internal/model_json.h"

namespace twohop {
namespace {

using towers_internal::ModelJson;

Result<ModelJson> LoadModelJson(const std::filesystem::path& dir) {
  const std::filesystem::path file = ModelDescriptionFile(dir);
  TWOHOP_ASSIGN_OR_RETURN(const std::string text, ReadFile(file));
  Result<ModelJson> loaded = towers_internal::ParseModelJson(text);
  if (!loaded.has_value()) return Annotate(loaded, file.string());
  return loaded;
}

Parameter Table(std::string name, std::size_t rows, std::size_t width) {
  return {std::move(name), {rows, width}, ParameterRole::kEmbedding};
}

Parameter Dense(std::string name, std::vector<std::size_t> shape) {
  return {std::move(name), std::move(shape), ParameterRole::kDense};
}

}  // namespace

std::filesystem::path ModelDescriptionFile(const std::filesystem::path& dir) {
  return dir / "model.json";
}

std::filesystem::path ModelWeightsFile(const std::filesystem::path& dir) {
  return dir / "weights.bin";
}

std::vector<Parameter> ParametersOf(const ModelDescription& description) {
  const TowerDims& dims = description.dims;
  const FeatureVocabulary& names = description.vocabulary;
  std::vector<Parameter> parameters = {
      Table("age_group.table", names.age_groups.rows(), dims.age_group),
      Table("gender.table", names.genders.rows(), dims.gender),
      Table("level1.table", names.level1.rows(), dims.level1),
      Table("level2.table", names.level2.rows(), dims.level2),
      Table("level3.table", names.level3.rows(), dims.level3),
      Table("brand.table", names.brand_buckets + 1, dims.brand),
      Table("tag.table", names.tag_buckets + 1, dims.tag),
      Dense("item_text.weight", {dims.item_text, dims.text}),
      Dense("condition.weight", {dims.condition, dims.text}),
      Dense("condition.none", {dims.condition}),
      Dense("user.hidden.weight", {dims.hidden + dims.output, dims.user_input()}),
      Dense("user.hidden.bias", {dims.hidden + dims.output}),
      Dense("user.output.weight", {dims.output, dims.hidden}),
      Dense("user.output.bias", {dims.output}),
      Dense("item.hidden.weight", {dims.hidden + dims.output, dims.item_input()}),
      Dense("item.hidden.bias", {dims.hidden + dims.output}),
      Dense("item.output.weight", {dims.output, dims.hidden}),
      Dense("item.output.bias", {dims.output}),
  };
  if (dims.item_id > 0) {
    parameters.push_back(Table("item_id.table", names.items.rows(), dims.item_id));
  }
  if (dims.history_heads > 0) {
    parameters.push_back(Dense("history.query", {dims.history_heads, dims.item_input()}));
    parameters.push_back(
        Dense("history.recency", {dims.history_heads, description.history_window}));
  }
  return parameters;
}

Status CheckWeights(const Model& model) {
  std::set<std::string_view> known;
  const std::vector<Parameter> parameters = ParametersOf(model.description);
  for (const Parameter& parameter : parameters) {
    known.insert(parameter.name);
    const auto found = model.weights.find(parameter.name);
    if (found == model.weights.end()) {
      return DataLoss(fmt::format("weight {} is missing", parameter.name));
    }
    if (found->second.shape != parameter.shape) {
      return DataLoss(fmt::format("weight {} has shape {}, model.json says {}", parameter.name,
                                  ShapeToString(found->second.shape),
                                  ShapeToString(parameter.shape)));
    }
  }
  for (const auto& [name, tensor] : model.weights) {
    if (!known.contains(name)) return DataLoss(fmt::format("weight {} is not known", name));
  }
  return Ok();
}

Status SaveModel(const std::filesystem::path& dir, const Model& model) {
  TWOHOP_CHECK(CheckWeights(model).has_value());
  TWOHOP_RETURN_IF_ERROR(SaveTensorFile(ModelWeightsFile(dir), {"", model.weights}));
  const ModelJson json{model.description, HashHex(Fingerprint(model.weights))};
  return WriteFileAtomically(ModelDescriptionFile(dir), towers_internal::ModelToJson(json));
}

Result<Model> LoadModel(const std::filesystem::path& dir) {
  TWOHOP_ASSIGN_OR_RETURN(ModelJson loaded, LoadModelJson(dir));
  const std::filesystem::path file = ModelWeightsFile(dir);
  TWOHOP_ASSIGN_OR_RETURN(TensorFile weights, LoadTensorFile(file));
  if (HashHex(Fingerprint(weights.tensors)) != loaded.weights) {
    return DataLoss(
        fmt::format("{} does not belong to {}", file.string(), ModelDescriptionFile(dir).string()));
  }
  Model model{std::move(loaded.description), std::move(weights.tensors)};
  if (const Status checked = CheckWeights(model); !checked.has_value()) {
    return Annotate(checked, file.string());
  }
  return model;
}

Result<ModelDescription> LoadModelDescription(const std::filesystem::path& dir) {
  TWOHOP_ASSIGN_OR_RETURN(ModelJson loaded, LoadModelJson(dir));
  return std::move(loaded.description);
}

}  // namespace twohop
