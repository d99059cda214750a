#include "twohop/towers/internal/model_json.h"

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace twohop::towers_internal {
namespace {

// Version 1 had no item ids and no attention over the history.
constexpr std::int64_t kVersion = 2;
// Larger widths and tables are damage: they would be tried as allocations.
constexpr std::int64_t kMaxSize = std::int64_t{1} << 28;

struct DimField {
  const char* name;
  std::size_t TowerDims::*member;
};

constexpr std::array kDimFields = {
    DimField{"text", &TowerDims::text},
    DimField{"output", &TowerDims::output},
    DimField{"hidden", &TowerDims::hidden},
    DimField{"age_group", &TowerDims::age_group},
    DimField{"gender", &TowerDims::gender},
    DimField{"level1", &TowerDims::level1},
    DimField{"level2", &TowerDims::level2},
    DimField{"level3", &TowerDims::level3},
    DimField{"item_text", &TowerDims::item_text},
    DimField{"brand", &TowerDims::brand},
    DimField{"tag", &TowerDims::tag},
    DimField{"condition", &TowerDims::condition},
};

// Parts that a model may do without: 0, as in version 1.
constexpr std::array kOptionalDimFields = {
    DimField{"item_id", &TowerDims::item_id},
    DimField{"history_heads", &TowerDims::history_heads},
};

struct NamesField {
  const char* name;
  Vocabulary FeatureVocabulary::*member;
};

constexpr std::array kNamesFields = {
    NamesField{"age_groups", &FeatureVocabulary::age_groups},
    NamesField{"genders", &FeatureVocabulary::genders},
    NamesField{"level1", &FeatureVocabulary::level1},
    NamesField{"level2", &FeatureVocabulary::level2},
    NamesField{"level3", &FeatureVocabulary::level3},
    NamesField{"items", &FeatureVocabulary::items},
};

Status ReadSize(const Json& object, const char* field, std::size_t& out, std::int64_t least = 1) {
  TWOHOP_ASSIGN_OR_RETURN(const std::int64_t value, OptionalInteger(object, field, 0));
  if (value < least || value > kMaxSize) {
    return DataLoss(fmt::format("{} is {}, not in [{}, {}]", field, value, least, kMaxSize));
  }
  out = static_cast<std::size_t>(value);
  return Ok();
}

Result<Json> RequireObject(const Json& object, const char* field) {
  const auto found = object.find(field);
  if (found == object.end() || !found->is_object()) {
    return DataLoss(fmt::format("{} is missing or not an object", field));
  }
  return *found;
}

Status ReadDims(const Json& object, TowerDims& dims) {
  for (const DimField& field : kDimFields) {
    TWOHOP_RETURN_IF_ERROR(ReadSize(object, field.name, dims.*field.member));
  }
  for (const DimField& field : kOptionalDimFields) {
    TWOHOP_RETURN_IF_ERROR(ReadSize(object, field.name, dims.*field.member, /*least=*/0));
  }
  return Ok();
}

Status ReadVocabulary(const Json& object, FeatureVocabulary& vocabulary) {
  for (const NamesField& field : kNamesFields) {
    TWOHOP_ASSIGN_OR_RETURN(std::vector<std::string> names, OptionalStrings(object, field.name));
    vocabulary.*field.member = Vocabulary(std::move(names));
  }
  TWOHOP_RETURN_IF_ERROR(ReadSize(object, "brand_buckets", vocabulary.brand_buckets));
  return ReadSize(object, "tag_buckets", vocabulary.tag_buckets);
}

Status CheckVersion(const Json& json) {
  TWOHOP_ASSIGN_OR_RETURN(const std::int64_t version, OptionalInteger(json, "version", 0));
  if (version > kVersion) {
    return Unimplemented(
        fmt::format("format version {}, this program knows {} and older", version, kVersion));
  }
  if (version < 1) return DataLoss("version is missing");
  return Ok();
}

Result<ModelJson> ReadModel(const Json& json) {
  if (!json.is_object()) return DataLoss("not a JSON object");
  TWOHOP_RETURN_IF_ERROR(CheckVersion(json));
  ModelJson model;
  ModelDescription& description = model.description;
  TWOHOP_ASSIGN_OR_RETURN(model.weights, RequireString(json, "weights"));
  TWOHOP_ASSIGN_OR_RETURN(description.text_encoder, RequireString(json, "text_encoder"));
  TWOHOP_ASSIGN_OR_RETURN(description.inputs, RequireString(json, "inputs"));
  TWOHOP_RETURN_IF_ERROR(ReadSize(json, "history_window", description.history_window));
  TWOHOP_ASSIGN_OR_RETURN(const Json dims, RequireObject(json, "dims"));
  TWOHOP_RETURN_IF_ERROR(ReadDims(dims, description.dims));
  TWOHOP_ASSIGN_OR_RETURN(const Json vocabulary, RequireObject(json, "vocabulary"));
  TWOHOP_RETURN_IF_ERROR(ReadVocabulary(vocabulary, description.vocabulary));
  TWOHOP_ASSIGN_OR_RETURN(description.training, RequireObject(json, "training"));
  return model;
}

}  // namespace

std::string ModelToJson(const ModelJson& model) {
  const ModelDescription& description = model.description;
  Json dims = Json::object();
  for (const DimField& field : kDimFields) dims[field.name] = description.dims.*field.member;
  for (const DimField& field : kOptionalDimFields) {
    dims[field.name] = description.dims.*field.member;
  }
  Json vocabulary = Json::object();
  for (const NamesField& field : kNamesFields) {
    vocabulary[field.name] = (description.vocabulary.*field.member).names();
  }
  vocabulary["brand_buckets"] = description.vocabulary.brand_buckets;
  vocabulary["tag_buckets"] = description.vocabulary.tag_buckets;
  const Json json{
      {"version", kVersion},
      {"weights", model.weights},
      {"text_encoder", description.text_encoder},
      {"inputs", description.inputs},
      {"history_window", description.history_window},
      {"dims", std::move(dims)},
      {"vocabulary", std::move(vocabulary)},
      {"training", description.training},
  };
  return DumpJson(json) + "\n";
}

Result<ModelJson> ParseModelJson(std::string_view text) {
  const Result<Json> json = ParseJson(text);
  if (!json.has_value()) return DataLoss(json.error().message());
  Result<ModelJson> model = ReadModel(*json);
  // What we wrote ourselves is no one's argument: a wrong field is damage.
  if (!model.has_value() && model.error().code() == ErrorCode::kInvalidArgument) {
    return DataLoss(model.error().message());
  }
  return model;
}

}  // namespace twohop::towers_internal
