#include "twohop/base/embeddings.h"

#include <array>
#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace twohop {
namespace {

using testing::ElementsAre;
using testing::FloatNear;

TEST(EmbeddingsTest, AnEmptyOneHasNoRows) {
  EXPECT_EQ(Embeddings().rows(), 0U);
  EXPECT_EQ(Embeddings(4).rows(), 0U);
  EXPECT_EQ(Embeddings(4).dim(), 4U);
  EXPECT_EQ(EmbeddingsView().rows(), 0U);
}

TEST(EmbeddingsTest, TheFirstRowSetsTheDimension) {
  Embeddings embeddings;
  embeddings.Append(std::array{1.0F, 2.0F});
  embeddings.Append(std::array{3.0F, 4.0F});
  EXPECT_EQ(embeddings.dim(), 2U);
  EXPECT_EQ(embeddings.rows(), 2U);
  EXPECT_THAT(embeddings.row(1), ElementsAre(3, 4));
  EXPECT_THAT(embeddings.data(), ElementsAre(1, 2, 3, 4));
}

TEST(EmbeddingsTest, RowsStartAsZerosAndCanBeWritten) {
  Embeddings embeddings(2, 3);
  embeddings.mutable_row(1)[2] = 5;
  EXPECT_THAT(embeddings.row(0), ElementsAre(0, 0, 0));
  EXPECT_THAT(embeddings.row(1), ElementsAre(0, 0, 5));
}

TEST(EmbeddingsTest, AViewSeesTheRowsWithoutCopying) {
  Embeddings embeddings(2, 3);
  const EmbeddingsView view = embeddings;
  embeddings.mutable_row(1)[0] = 7;
  EXPECT_THAT(view.row(1), ElementsAre(7, 0, 0));
  EXPECT_EQ(view.data().data(), embeddings.data().data());
}

TEST(EmbeddingsDeathTest, RowsOfAnotherDimensionAreABug) {
  Embeddings embeddings(2);
  EXPECT_DEATH(embeddings.Append(std::array{1.0F}), "check failed");
}

TEST(EmbeddingsDeathTest, AViewOfHalfARowIsABug) {
  const std::array values{1.0F, 2.0F, 3.0F};
  EXPECT_DEATH(EmbeddingsView(values, 2), "check failed");
}

TEST(EmbeddingsTest, DotIsTheInnerProduct) {
  EXPECT_FLOAT_EQ(Dot(std::array{1.0F, 2.0F, 3.0F}, std::array{4.0F, -5.0F, 6.0F}), 12);
  EXPECT_FLOAT_EQ(Dot({}, {}), 0);
}

TEST(EmbeddingsTest, NormalizedVectorsHaveNormOne) {
  std::array vector{3.0F, 4.0F};
  NormalizeL2(vector);
  EXPECT_THAT(vector, ElementsAre(FloatNear(0.6F, 1e-6F), FloatNear(0.8F, 1e-6F)));
}

TEST(EmbeddingsTest, AVectorOfZerosStaysAsItIs) {
  std::array vector{0.0F, 0.0F};
  NormalizeL2(vector);
  EXPECT_THAT(vector, ElementsAre(0, 0));
}

TEST(EmbeddingsTest, VectorsWhoseSquaresOverflowAreNormalizedToo) {
  std::array huge{3e30F, 4e30F};
  NormalizeL2(huge);
  EXPECT_THAT(huge, ElementsAre(FloatNear(0.6F, 1e-6F), FloatNear(0.8F, 1e-6F)));
  std::array tiny{3e-30F, 4e-30F};
  NormalizeL2(tiny);
  EXPECT_THAT(tiny, ElementsAre(FloatNear(0.6F, 1e-6F), FloatNear(0.8F, 1e-6F)));
}

TEST(EmbeddingsTest, AllFiniteSeesInfinitiesAndNaN) {
  EXPECT_TRUE(AllFinite({}));
  EXPECT_TRUE(AllFinite(std::array{1.0F, -2.0F}));
  EXPECT_FALSE(AllFinite(std::array{1.0F, std::numeric_limits<float>::infinity()}));
  EXPECT_FALSE(AllFinite(std::array{std::nanf(""), 1.0F}));
}

}  // namespace
}  // namespace twohop
