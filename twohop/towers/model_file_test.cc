#include "twohop/towers/model_file.h"

#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/file.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/towers/testing/random_model.h"

namespace twohop {
namespace {

class ModelFileTest : public testing::Test {
 protected:
  ModelFileTest() {
    model_.description.training["epochs"] = 2;
    EXPECT_THAT(SaveModel(dir_.path(), model_), IsOk());
  }

  // Replaces the first occurrence of `what` in model.json.
  void EditDescription(std::string_view what, std::string_view with) {
    const std::filesystem::path file = ModelDescriptionFile(dir_.path());
    ASSERT_OK_AND_ASSIGN(std::string text, ReadFile(file));
    const std::size_t at = text.find(what);
    ASSERT_NE(at, std::string::npos) << text;
    ASSERT_THAT(WriteFileAtomically(file, text.replace(at, what.size(), with)), IsOk());
  }

  Result<Model> Load() const { return LoadModel(dir_.path()); }

  TempDir dir_;
  Model model_ = MakeRandomModel(*MakeGridTaxonomy(2), {.text = 6, .output = 4, .hidden = 8});
};

TEST_F(ModelFileTest, WhatWasSavedIsLoaded) {
  ASSERT_OK_AND_ASSIGN(const Model loaded, Load());
  EXPECT_EQ(loaded.weights, model_.weights);
  EXPECT_EQ(loaded.description.dims, model_.description.dims);
  EXPECT_EQ(loaded.description.vocabulary, model_.description.vocabulary);
  EXPECT_EQ(loaded.description.history_window, 50U);
  EXPECT_EQ(loaded.description.text_encoder, kTestEncoder);
  EXPECT_EQ(loaded.description.inputs, "random");
  EXPECT_EQ(loaded.description.training, model_.description.training);
}

TEST_F(ModelFileTest, TheDescriptionLoadsWithoutTheWeights) {
  std::filesystem::remove(ModelWeightsFile(dir_.path()));
  ASSERT_OK_AND_ASSIGN(const ModelDescription description, LoadModelDescription(dir_.path()));
  EXPECT_EQ(description.inputs, "random");
}

TEST_F(ModelFileTest, AMissingFileIsNotFound) {
  std::filesystem::remove(ModelWeightsFile(dir_.path()));
  EXPECT_THAT(Load(), FailsWith(ErrorCode::kNotFound, "weights.bin"));
  std::filesystem::remove(ModelDescriptionFile(dir_.path()));
  EXPECT_THAT(Load(), FailsWith(ErrorCode::kNotFound, "model.json"));
}

TEST_F(ModelFileTest, WeightsOfAnotherModelAreDataLoss) {
  model_.weights["user.hidden.bias"].data[0] += 1;
  ASSERT_THAT(SaveTensorFile(ModelWeightsFile(dir_.path()), {"", model_.weights}), IsOk());
  EXPECT_THAT(Load(), FailsWith(ErrorCode::kDataLoss, "does not belong to"));
}

TEST_F(ModelFileTest, AShapeThatDoesNotFitTheDescriptionIsDataLossAndNamesTheWeight) {
  EditDescription("\"brand_buckets\":16", "\"brand_buckets\":15");
  EXPECT_THAT(Load(), FailsWith(ErrorCode::kDataLoss,
                                "weight brand.table has shape [17, 16], model.json says [16, 16]"));
}

TEST_F(ModelFileTest, AMissingWeightIsDataLoss) {
  model_.weights.erase("gender.table");
  EXPECT_THAT(CheckWeights(model_), FailsWith(ErrorCode::kDataLoss, "gender.table is missing"));
}

TEST_F(ModelFileTest, AnUnknownWeightIsDataLoss) {
  model_.weights["surprise"] = {{1}, {0}};
  EXPECT_THAT(CheckWeights(model_), FailsWith(ErrorCode::kDataLoss, "surprise is not known"));
}

TEST_F(ModelFileTest, ADescriptionThatIsNotJsonIsDataLoss) {
  EditDescription("{", "");
  EXPECT_THAT(Load(), FailsWith(ErrorCode::kDataLoss, "model.json: not JSON"));
}

TEST_F(ModelFileTest, AWrongFieldIsDataLossAndNamesTheField) {
  EditDescription("\"hidden\":8", "\"hidden\":-8");
  EXPECT_THAT(Load(), FailsWith(ErrorCode::kDataLoss, "hidden is -8"));
  EditDescription("\"text_encoder\":\"test-encoder\"", "\"text_encoder\":3");
  EXPECT_THAT(Load(), FailsWith(ErrorCode::kDataLoss, "text_encoder"));
}

TEST_F(ModelFileTest, AModelWithItemIdsAndAttentionIsLoaded) {
  model_ = MakeRandomModel(*MakeGridTaxonomy(2), {.text = 6, .item_id = 5, .history_heads = 2});
  ASSERT_THAT(SaveModel(dir_.path(), model_), IsOk());
  ASSERT_OK_AND_ASSIGN(const Model loaded, Load());
  EXPECT_EQ(loaded.weights, model_.weights);
  EXPECT_EQ(loaded.description.dims, model_.description.dims);
  EXPECT_EQ(loaded.description.vocabulary, model_.description.vocabulary);
}

TEST_F(ModelFileTest, AModelOfVersionOneIsLoaded) {
  EditDescription("\"version\":2", "\"version\":1");
  EditDescription("\"item_id\":0,", "");
  EditDescription("\"history_heads\":0,", "");
  EditDescription("\"items\":[],", "");
  ASSERT_OK_AND_ASSIGN(const Model loaded, Load());
  EXPECT_EQ(loaded.weights, model_.weights);
  EXPECT_EQ(loaded.description.dims.history_heads, 0U);
}

TEST_F(ModelFileTest, ANewerVersionIsUnimplemented) {
  EditDescription("\"version\":2", "\"version\":3");
  EXPECT_THAT(Load(), FailsWith(ErrorCode::kUnimplemented, "format version 3"));
}

}  // namespace
}  // namespace twohop
