#include "twohop/simulate/inhabitant.h"

#include <algorithm>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/simulate/testing/demo_blueprint.h"

namespace twohop::simulate_internal {
namespace {

using ::testing::IsSupersetOf;

class InhabitantTest : public ::testing::Test {
 protected:
  std::vector<Inhabitant> Draw(std::size_t count, std::uint64_t seed = 1) const {
    std::vector<Inhabitant> users;
    for (std::size_t i = 0; i < count; ++i) {
      users.push_back(DrawInhabitant(blueprint_, shop_, i, Rng(seed)));
    }
    return users;
  }

  // Someone who cares for A1 openly and for B1 in secret, and likes what `taste` says.
  Inhabitant SomeoneWith(Taste taste) const {
    Inhabitant user;
    user.affinity.assign(12, Affinity::kNone);
    user.affinity[0] = Affinity::kBubble;
    user.affinity[1] = Affinity::kNearby;
    user.affinity[2] = Affinity::kHidden;
    user.taste = std::move(taste);
    user.taste.favourites.resize(6);
    return user;
  }

  // Over all items of the category.
  double MeanChance(const Inhabitant& user, CategoryIndex category) const {
    double sum = 0;
    double count = 0;
    for (std::uint32_t i = 0; i < shop_.items().size(); ++i) {
      if (shop_.items()[i].item.category != category) continue;
      sum += ClickChance(user, shop_, ItemIndex(i), 0);
      ++count;
    }
    return sum / count;
  }

  ItemIndex ItemWith(PriceBand price) const {
    const auto found = std::ranges::find_if(shop_.items(), [&](const ShopItem& made) {
      return made.price == price && made.item.category == CategoryIndex(0);
    });
    return ItemIndex(static_cast<std::uint32_t>(found - shop_.items().begin()));
  }

  CommunityBlueprint blueprint_ = MakeTinyBlueprint();
  Shop shop_{blueprint_, 600, Rng(1)};
};

TEST_F(InhabitantTest, AUserDependsOnSeedAndNumberAlone) {
  const Inhabitant third = DrawInhabitant(blueprint_, shop_, 2, Rng(1));
  EXPECT_EQ(Draw(3)[2].bubble, third.bubble);
  EXPECT_EQ(Draw(3)[2].profile, third.profile);
}

TEST_F(InhabitantTest, TheBubbleHoldsTheCoreOfEveryLifestyle) {
  for (const Inhabitant& user : Draw(50)) {
    for (const std::size_t place : user.lifestyles) {
      EXPECT_THAT(user.bubble, IsSupersetOf(blueprint_.lifestyles[place].core));
    }
  }
}

TEST_F(InhabitantTest, HiddenInterestsAreRelatedAndOutsideTheBubblesTopics) {
  for (const Inhabitant& user : Draw(50)) {
    for (const CategoryIndex hidden : user.hidden) {
      const bool wanted = std::ranges::any_of(user.lifestyles, [&](std::size_t place) {
        const auto& related = blueprint_.lifestyles[place].related;
        return std::ranges::find(related, hidden) != related.end();
      });
      EXPECT_TRUE(wanted);
      EXPECT_FALSE(std::ranges::binary_search(user.topics, blueprint_.taxonomy->level1_of(hidden)));
    }
  }
}

TEST_F(InhabitantTest, MostUsersHideSomething) {
  const auto users = Draw(100);
  const auto hiding =
      std::ranges::count_if(users, [](const Inhabitant& user) { return !user.hidden.empty(); });
  EXPECT_GT(hiding, 75);
}

TEST_F(InhabitantTest, AgesFollowTheLifestyle) {
  const auto users = Draw(200);
  const auto typical = std::ranges::count_if(users, [&](const Inhabitant& user) {
    return user.profile.age_group == blueprint_.lifestyles[user.lifestyles[0]].ages[0];
  });
  EXPECT_GT(typical, 140);
  EXPECT_LT(typical, 195);
}

TEST_F(InhabitantTest, SomeUsersDoNotTellWhoTheyAre) {
  const auto users = Draw(400);
  EXPECT_GT(std::ranges::count(users, "", [](const auto& u) { return u.profile.gender; }), 4);
  EXPECT_GT(std::ranges::count(users, "", [](const auto& u) { return u.profile.age_group; }), 4);
}

TEST_F(InhabitantTest, AHiddenInterestIsClickedLikeAVisibleOne) {
  const Inhabitant user = SomeoneWith({});
  const double visible = MeanChance(user, CategoryIndex(0));
  const double hidden = MeanChance(user, CategoryIndex(2));
  EXPECT_NEAR(hidden, visible, 0.15);
  EXPECT_GT(hidden, 2 * MeanChance(user, CategoryIndex(1)));
  EXPECT_GT(hidden, 10 * MeanChance(user, CategoryIndex(4)));
}

TEST_F(InhabitantTest, UsersWithAnotherTasteWantOtherItemsOfACategory) {
  const Inhabitant frugal = SomeoneWith({.price = PriceBand::kBudget, .favourites = {}});
  const Inhabitant lavish = SomeoneWith({.price = PriceBand::kPremium, .favourites = {}});
  const ItemIndex cheap = ItemWith(PriceBand::kBudget);
  const ItemIndex dear = ItemWith(PriceBand::kPremium);
  EXPECT_GT(ClickChance(frugal, shop_, cheap, 0), ClickChance(lavish, shop_, cheap, 0));
  EXPECT_LT(ClickChance(frugal, shop_, dear, 0), ClickChance(lavish, shop_, dear, 0));
}

TEST_F(InhabitantTest, AFavouriteBrandIsClickedMore) {
  Inhabitant user = SomeoneWith({});
  const ItemIndex item = ItemWith(PriceBand::kMidRange);
  const double before = ClickChance(user, shop_, item, 0);
  user.taste.favourites[0] = {shop_.at(item).brand};
  EXPECT_GT(ClickChance(user, shop_, item, 0), before);
}

TEST_F(InhabitantTest, LaterPositionsAreClickedLess) {
  const Inhabitant user = SomeoneWith({});
  EXPECT_GT(ClickChance(user, shop_, ItemIndex(0), 0), ClickChance(user, shop_, ItemIndex(0), 9));
}

}  // namespace
}  // namespace twohop::simulate_internal
