#include "twohop/reasoning/merge_measure.h"

#include <array>

#include <gtest/gtest.h>

#include "twohop/reasoning/testing/small_shop.h"

namespace twohop {
namespace {

TEST(MergeMeasureTest, CountsPairsThatShareNoCategory) {
  const CategoryIndex tents = InSmallShop("Tents");
  const CategoryIndex lanterns = InSmallShop("Lanterns");
  const CategoryIndex lamps = InSmallShop("Desk Lamps");
  const std::vector<MergedDemand> demands{
      {{tents}, {lanterns}}, {{lanterns}, {}}, {{lamps}, {}}, {{lamps}, {}}};
  const Embeddings vectors =
      EmbedInSmallShop({"nights outdoors", "outdoors nights", "Nights, outdoors", "reading books"});
  constexpr std::array<float, 2> kCosines{0.99F, -1.0F};
  const auto rows = MeasureMerges(demands, vectors, kCosines);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].pairs, 3U);
  EXPECT_EQ(rows[0].apart, 2U);  // The lamps with either of the others.
  EXPECT_EQ(rows[0].demands, 3U);
  EXPECT_EQ(rows[0].long_pairs, 0U);
  EXPECT_EQ(rows[1].pairs, 6U);
  EXPECT_EQ(rows[1].demands, 4U);
}

TEST(MergeMeasureTest, CountsPairsOfLongListsApart) {
  MergedDemand everything;
  for (std::uint32_t i = 0; i < kLongList; ++i) everything.calls_for.emplace_back(i);
  const std::vector<MergedDemand> demands{everything, everything};
  constexpr std::array<float, 1> kCosines{0.9F};
  const auto rows = MeasureMerges(demands, EmbedInSmallShop({"a b", "b a"}), kCosines);
  EXPECT_EQ(rows[0].long_pairs, 1U);
  EXPECT_EQ(rows[0].long_apart, 0U);
}

TEST(MergeMeasureTest, WithoutDemandsThereIsNothingToMerge) {
  constexpr std::array<float, 1> kCosines{0.9F};
  EXPECT_EQ(MeasureMerges({}, Embeddings(), kCosines)[0].pairs, 0U);
}

}  // namespace
}  // namespace twohop
