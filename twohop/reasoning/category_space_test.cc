#include "twohop/reasoning/category_space.h"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"

namespace twohop {
namespace {

using testing::ElementsAre;
using testing::FloatNear;
using testing::IsEmpty;

constexpr float kHalf = 0.70710678F;

// Four categories on a circle: A0 at 0°, A1 at 45°, B0 at 90°, B1 at 90° too.
std::shared_ptr<const Taxonomy> Circle() {
  std::vector<Category> categories(4);
  for (std::size_t i = 0; i < 4; ++i) {
    categories[i].id = "c" + std::to_string(i);
    categories[i].level1 = i < 2 ? "A" : "B";
    categories[i].level2 = "x";
    categories[i].level3 = "Name" + std::to_string(i);
  }
  return std::make_shared<const Taxonomy>(*Taxonomy::Build(std::move(categories)));
}

Embeddings CircleVectors() {
  Embeddings vectors(2);
  vectors.Append(std::vector<float>{2.0F, 0.0F});
  vectors.Append(std::vector<float>{1.0F, 1.0F});
  vectors.Append(std::vector<float>{0.0F, 3.0F});
  vectors.Append(std::vector<float>{0.0F, 1.0F});
  return vectors;
}

CategorySpace CircleSpace() { return *CategorySpace::Build(Circle(), CircleVectors()); }

std::vector<std::uint32_t> NearestTo(std::vector<float> query, std::size_t k,
                                     const std::vector<bool>& excluded = {}) {
  std::vector<std::uint32_t> indices;
  for (const auto& one : CircleSpace().NearestCategories(query, k, excluded)) {
    indices.push_back(one.category.value());
  }
  return indices;
}

TEST(CategorySpaceTest, ScalesItsRows) {
  EXPECT_THAT(CircleSpace().vector(CategoryIndex(1)),
              ElementsAre(FloatNear(kHalf, 1e-6F), FloatNear(kHalf, 1e-6F)));
}

TEST(CategorySpaceTest, GivesTheCosineWithEveryCategory) {
  EXPECT_THAT(CircleSpace().Similarities(std::vector<float>{1.0F, 0.0F}),
              ElementsAre(1.0F, FloatNear(kHalf, 1e-6F), 0.0F, 0.0F));
}

TEST(CategorySpaceTest, TheNearestComeFirstAndTiesAreInOrder) {
  EXPECT_THAT(NearestTo({0.0F, 1.0F}, 3), ElementsAre(2, 3, 1));
}

TEST(CategorySpaceTest, FewerAreLeftThanAskedFor) {
  EXPECT_THAT(NearestTo({1.0F, 0.0F}, 99), ElementsAre(0, 1, 2, 3));
}

TEST(CategorySpaceTest, ExcludedLevelOnesAreLeftOut) {
  EXPECT_THAT(NearestTo({0.0F, 1.0F}, 3, {false, true}), ElementsAre(1, 0));
  EXPECT_THAT(NearestTo({0.0F, 1.0F}, 3, {true, true}), IsEmpty());
}

TEST(CategorySpaceTest, AnotherNumberOfVectorsIsRefused) {
  EXPECT_THAT(CategorySpace::Build(Circle(), Embeddings(3, 2)),
              FailsWith(ErrorCode::kInvalidArgument, "3 category vectors for 4 categories"));
}

TEST(CategorySpaceTest, AZeroVectorIsRefusedByName) {
  EXPECT_THAT(CategorySpace::Build(Circle(), Embeddings(4, 2)),
              FailsWith(ErrorCode::kInvalidArgument, "Name0"));
}

TEST(CategorySpaceTest, ANumberThatIsNotFiniteIsRefusedByName) {
  Embeddings vectors = CircleVectors();
  vectors.mutable_row(2)[0] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(CategorySpace::Build(Circle(), std::move(vectors)),
              FailsWith(ErrorCode::kInvalidArgument, "Name2"));
}

TEST(MarkLevel1Test, MarksTheNamesThatTheTaxonomyHas) {
  const std::vector<std::string> names{"B", "Elsewhere"};
  EXPECT_THAT(MarkLevel1(*Circle(), names), ElementsAre(false, true));
}

}  // namespace
}  // namespace twohop
