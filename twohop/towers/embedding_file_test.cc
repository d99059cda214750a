#include "twohop/towers/embedding_file.h"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/file.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"

namespace twohop {
namespace {

class EmbeddingFileTest : public testing::Test {
 protected:
  static EmbeddingFile TwoVectors() {
    EmbeddingFile file{.encoder = "mini", .source = 7};
    file.vectors.Append(std::vector<float>{1, 0, 0});
    file.vectors.Append(std::vector<float>{0, 0.6F, -0.8F});
    return file;
  }

  void Save(const EmbeddingFile& file) { ASSERT_THAT(SaveEmbeddingFile(path_, file), IsOk()); }

  void ChangeByte(std::size_t at) {
    ASSERT_OK_AND_ASSIGN(std::string bytes, ReadFile(path_));
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
    ASSERT_THAT(WriteFileAtomically(path_, bytes), IsOk());
  }

  void CutTo(std::size_t size) {
    ASSERT_OK_AND_ASSIGN(const std::string bytes, ReadFile(path_));
    ASSERT_THAT(WriteFileAtomically(path_, std::string_view(bytes).substr(0, size)), IsOk());
  }

  TempDir dir_;
  std::filesystem::path path_ = dir_.path() / "deep" / "categories.bin";
};

TEST_F(EmbeddingFileTest, WhatWasSavedIsLoaded) {
  Save(TwoVectors());
  ASSERT_OK_AND_ASSIGN(const EmbeddingFile loaded, LoadEmbeddingFile(path_));
  EXPECT_EQ(loaded.encoder, "mini");
  EXPECT_EQ(loaded.source, 7U);
  EXPECT_EQ(loaded.vectors.dim(), 3U);
  EXPECT_THAT(loaded.vectors.row(1), testing::ElementsAre(0, 0.6F, -0.8F));
  EXPECT_EQ(loaded.fingerprint(), TwoVectors().fingerprint());
}

TEST_F(EmbeddingFileTest, FingerprintTellsVectorsEncodersAndSourcesApart) {
  EmbeddingFile other_vector = TwoVectors();
  other_vector.vectors.mutable_row(0)[1] = 0.1F;
  EmbeddingFile other_encoder = TwoVectors();
  other_encoder.encoder = "maxi";
  EmbeddingFile other_source = TwoVectors();
  other_source.source = 8;
  EXPECT_NE(TwoVectors().fingerprint(), other_vector.fingerprint());
  EXPECT_NE(TwoVectors().fingerprint(), other_encoder.fingerprint());
  EXPECT_NE(TwoVectors().fingerprint(), other_source.fingerprint());
}

TEST_F(EmbeddingFileTest, NoVectorsAreNotSaved) {
  EXPECT_THAT(SaveEmbeddingFile(path_, {}), FailsWith(ErrorCode::kInvalidArgument, "no vectors"));
}

TEST_F(EmbeddingFileTest, AValueThatIsNotFiniteIsNotSaved) {
  EmbeddingFile file = TwoVectors();
  file.vectors.mutable_row(1)[2] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(SaveEmbeddingFile(path_, file),
              FailsWith(ErrorCode::kInvalidArgument, "categories.bin"));
}

TEST_F(EmbeddingFileTest, MissingFileIsNotFound) {
  EXPECT_THAT(LoadEmbeddingFile(path_), FailsWith(ErrorCode::kNotFound, "categories.bin"));
}

TEST_F(EmbeddingFileTest, AChangedByteIsDataLoss) {
  Save(TwoVectors());
  ChangeByte(/*at=*/30);
  EXPECT_THAT(LoadEmbeddingFile(path_), FailsWith(ErrorCode::kDataLoss, "checksum"));
}

TEST_F(EmbeddingFileTest, AnotherKindOfFileIsDataLoss) {
  Save(TwoVectors());
  ChangeByte(/*at=*/0);
  EXPECT_THAT(LoadEmbeddingFile(path_), FailsWith(ErrorCode::kDataLoss, "is not a twohop"));
}

TEST_F(EmbeddingFileTest, ATornFileIsDataLoss) {
  Save(TwoVectors());
  CutTo(40);
  EXPECT_THAT(LoadEmbeddingFile(path_), FailsWith(ErrorCode::kDataLoss, "checksum"));
  CutTo(10);
  EXPECT_THAT(LoadEmbeddingFile(path_), FailsWith(ErrorCode::kDataLoss, "only its beginning"));
}

}  // namespace
}  // namespace twohop
