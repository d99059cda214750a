// A trained model in files: model.json says what it is, weights.bin holds its numbers.

#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "twohop/base/json.h"
#include "twohop/base/result.h"
#include "twohop/towers/catalog_features.h"
#include "twohop/towers/tensor_file.h"

namespace twohop {

// Widths of the model's parts. An item's input is
//   level 1 | level 2 | level 3 | text of its category, projected | brand | mean of tags | item id
// and a user's is
//   age group | gender | history | condition, projected.
// The history is the mean of its items' inputs, or one weighted mean for each attention head: the
// weights are the softmax over the history of query · input + recency[position], position 0 being
// the newest click.
// A tower's first layer has hidden + D units. The first `hidden` are rectified and go through the
// second layer; the last D are added to its output as they are. This linear path is what learns
// that who clicked a brand likes the brand: the rectified one alone takes many more clicks to.
struct TowerDims {
  std::size_t text = 0;     // T: of a text vector.
  std::size_t output = 64;  // D: of both towers.
  std::size_t hidden = 128;
  std::size_t age_group = 8;
  std::size_t gender = 8;
  std::size_t level1 = 16;
  std::size_t level2 = 16;
  std::size_t level3 = 32;
  std::size_t item_text = 32;
  std::size_t brand = 16;
  std::size_t tag = 16;
  std::size_t condition = 32;
  std::size_t item_id = 0;        // Of the row that each known item has to itself; 0: none.
  std::size_t history_heads = 0;  // Attention heads over the history; 0: its mean.

  std::size_t category_input() const { return level1 + level2 + level3 + item_text; }
  std::size_t item_input() const { return category_input() + brand + tag + item_id; }
  std::size_t history_input() const {
    return std::max<std::size_t>(1, history_heads) * item_input();
  }
  std::size_t user_input() const { return age_group + gender + history_input() + condition; }

  friend bool operator==(const TowerDims&, const TowerDims&) = default;
};

struct ModelDescription {
  TowerDims dims;
  FeatureVocabulary vocabulary;
  std::size_t history_window = 50;  // Newest clicks that make up a user's history.
  std::string text_encoder;         // EmbeddingFile::encoder at training.
  std::string inputs;               // What it was trained on, as a fingerprint; the trainer's own.
  Json training = Json::object();   // Summary for people: epochs, rows, loss ...
};

struct Model {
  ModelDescription description;
  TensorMap weights;
};

enum class ParameterRole : std::uint8_t {
  kEmbedding,  // A table of which a batch touches few rows.
  kDense,
};

struct Parameter {
  std::string name;
  std::vector<std::size_t> shape;
  ParameterRole role = ParameterRole::kDense;
};

// Names and shapes of all weights of such a model, in a fixed order.
std::vector<Parameter> ParametersOf(const ModelDescription& description);

// Errors: kDataLoss if a weight is missing, has another shape or is none of this model's, naming
// it.
Status CheckWeights(const Model& model);

// Writes both files, model.json last: a crash in between leaves a folder that LoadModel rejects.
//
// REQUIRES: CheckWeights(model) is fine.
// Errors: those of WriteFileAtomically.
Status SaveModel(const std::filesystem::path& dir, const Model& model);

// Errors: kNotFound if a file is not there; kDataLoss if one is damaged or the two do not belong
// together; kUnimplemented if a newer version wrote them. All name the file.
Result<Model> LoadModel(const std::filesystem::path& dir);

// model.json alone. Errors: as above.
Result<ModelDescription> LoadModelDescription(const std::filesystem::path& dir);

// The files in a model's folder.
std::filesystem::path ModelDescriptionFile(const std::filesystem::path& dir);
std::filesystem::path ModelWeightsFile(const std::filesystem::path& dir);

}  // namespace twohop
