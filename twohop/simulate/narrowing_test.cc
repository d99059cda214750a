#include "twohop/simulate/narrowing.h"

#include <vector>

#include <gtest/gtest.h>

#include "twohop/simulate/testing/demo_blueprint.h"

namespace twohop::simulate_internal {
namespace {

class NarrowingTest : public ::testing::Test {
 protected:
  ItemIndex ItemOf(std::uint32_t level1) const {
    std::uint32_t i = 0;
    while (shop_.level1_of(ItemIndex(i)) != Level1Index(level1)) ++i;
    return ItemIndex(i);
  }

  // `count` exposures that go round the level-1 categories [0, level1_count).
  void Show(std::size_t count, std::uint32_t level1_count, ShownBy by = ShownBy::kFeed) {
    for (std::size_t i = 0; i < count; ++i) {
      SimulatedEvent event;
      event.type = EventType::kExposure;
      event.shown_by = by;
      event.item = ItemOf(static_cast<std::uint32_t>(i) % level1_count);
      events_.push_back(event);
    }
  }

  FeedNarrowing Measure() {
    NarrowingMeter meter(shop_);
    meter.Add(events_);
    return meter.result();
  }

  CommunityBlueprint blueprint_ = MakeTinyBlueprint();
  Shop shop_{blueprint_, 24, Rng(1)};
  std::vector<SimulatedEvent> events_;
};

TEST(EntropyTest, IsTheLogarithmOfTheNumberOfEqualShares) {
  EXPECT_EQ(Entropy(std::vector<std::size_t>{3, 3, 3, 3}), 2.0);
  EXPECT_EQ(Entropy(std::vector<std::size_t>{5, 0}), 0.0);
  EXPECT_EQ(Entropy(std::vector<std::size_t>{}), 0.0);
}

TEST_F(NarrowingTest, ComparesTheFirstTwentyWithTheLastTwenty) {
  Show(20, 4);
  Show(15, 2);
  Show(20, 1);
  const FeedNarrowing measured = Measure();
  EXPECT_EQ(measured.users, 1U);
  EXPECT_DOUBLE_EQ(measured.first_bits, 2.0);
  EXPECT_DOUBLE_EQ(measured.last_bits, 0.0);
}

TEST_F(NarrowingTest, UsersWhoSawLessThanFortyDoNotCount) {
  Show(39, 4);
  EXPECT_EQ(Measure().users, 0U);
}

TEST_F(NarrowingTest, SearchResultsDoNotCount) {
  Show(39, 4);
  Show(20, 4, ShownBy::kSearch);
  EXPECT_EQ(Measure().users, 0U);
}

}  // namespace
}  // namespace twohop::simulate_internal
