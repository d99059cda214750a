#include "twohop/simulate/user_history.h"

#include <algorithm>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/simulate/testing/demo_blueprint.h"

namespace twohop::simulate_internal {
namespace {

using std::chrono::days;

class UserHistoryTest : public ::testing::Test {
 protected:
  static constexpr TimePoint kStart{days(20'000)};

  std::vector<SimulatedEvent> Live(std::uint32_t number, double sessions_per_day = 0.5) const {
    const World world{blueprint_, shop_, kStart, kStart + days(60), sessions_per_day};
    return SimulateUser(world, DrawInhabitant(blueprint_, shop_, number, Rng(1)), number, Rng(1));
  }

  // Of 30 users.
  std::map<EventType, std::size_t> Counts() const {
    std::map<EventType, std::size_t> counts;
    for (std::uint32_t i = 0; i < 30; ++i) {
      for (const SimulatedEvent& event : Live(i)) ++counts[event.type];
    }
    return counts;
  }

  // Every event on an item but exposures follows a click on it, every click an exposure of it.
  static bool EveryReactionHasItsCause(const std::vector<SimulatedEvent>& events) {
    std::set<ItemIndex> exposed;
    std::set<ItemIndex> clicked;
    for (const SimulatedEvent& event : events) {
      if (event.type == EventType::kSearch) continue;
      if (event.type == EventType::kExposure) {
        exposed.insert(event.item);
      } else if (event.type == EventType::kClick) {
        if (!exposed.contains(event.item)) return false;
        clicked.insert(event.item);
      } else if (!clicked.contains(event.item)) {
        return false;
      }
    }
    return true;
  }

  CommunityBlueprint blueprint_ = MakeTinyBlueprint();
  Shop shop_{blueprint_, 120, Rng(1)};
};

TEST_F(UserHistoryTest, EventsComeInTheOrderOfTime) {
  const auto events = Live(0);
  EXPECT_FALSE(events.empty());
  EXPECT_TRUE(std::ranges::is_sorted(events, {}, &SimulatedEvent::time));
}

TEST_F(UserHistoryTest, NothingHappensOutsideTheTimeAskedFor) {
  const auto events = Live(0, /*sessions_per_day=*/8);
  EXPECT_GE(events.front().time, kStart);
  EXPECT_LT(events.back().time, kStart + days(60));
}

TEST_F(UserHistoryTest, ReactionsFollowClicksAndClicksFollowExposures) {
  EXPECT_TRUE(EveryReactionHasItsCause(Live(0)));
  EXPECT_TRUE(EveryReactionHasItsCause(Live(1)));
}

TEST_F(UserHistoryTest, EventsCarryWhatTheirTypeNeeds) {
  for (const SimulatedEvent& event : Live(0)) {
    EXPECT_EQ(event.type == EventType::kSearch, !event.query.empty());
    EXPECT_EQ(event.type == EventType::kDwell, event.dwell.count() > 0);
    EXPECT_LE(event.dwell, std::chrono::minutes(11));
  }
}

TEST_F(UserHistoryTest, EveryTypeOccursAndRarerReactionsAreRarer) {
  auto counts = Counts();
  EXPECT_GT(counts[EventType::kExposure], counts[EventType::kClick]);
  EXPECT_GT(counts[EventType::kClick], counts[EventType::kDwell]);
  EXPECT_GT(counts[EventType::kDwell], counts[EventType::kLike]);
  EXPECT_GT(counts[EventType::kLike], counts[EventType::kFavourite]);
  EXPECT_GT(counts[EventType::kFavourite], counts[EventType::kFollow]);
  EXPECT_EQ(counts.size(), 9U);
}

TEST_F(UserHistoryTest, WithoutSessionsThereAreOnlySearchesAndTheirResults) {
  const auto events = Live(1, /*sessions_per_day=*/0);
  const bool by_search = std::ranges::all_of(events, [](const SimulatedEvent& event) {
    return event.type != EventType::kExposure || event.shown_by == ShownBy::kSearch;
  });
  EXPECT_TRUE(by_search);
}

}  // namespace
}  // namespace twohop::simulate_internal
