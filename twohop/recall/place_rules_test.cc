// Places, limits and diversity of a merged page.

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/recall/merge.h"

namespace twohop {
namespace {

using testing::ElementsAre;

constexpr auto kNovelty = ChannelKind::kNovelty;
constexpr auto kU2i = ChannelKind::kU2i;
constexpr auto kPopular = ChannelKind::kPopular;

// `count` items from `first` on.
ChannelCandidates From(ChannelKind channel, double share, std::uint32_t first, std::uint32_t count,
                       PlaceRules rules = {}) {
  ChannelCandidates found{.channel = channel, .share = share, .rules = std::move(rules)};
  for (std::uint32_t i = 0; i < count; ++i) {
    found.candidates.push_back({ItemIndex(first + i), 1.0F, std::nullopt, std::nullopt});
  }
  return found;
}

// The first letter of each place's channel.
std::string Page(const std::vector<ChannelCandidates>& channels, std::size_t k) {
  std::string page;
  for (const MergedItem& item : Merge(channels, k)) page += ChannelName(item.channel)[0];
  return page;
}

TEST(PlaceRulesTest, NoItemStandsBeforeTheFirstPlace) {
  const PlaceRules rules{.first_place = 3};
  EXPECT_EQ(Page({From(kNovelty, 1, 0, 9, rules), From(kPopular, 1, 20, 9)}, 6), "ppnnnp");
}

TEST(PlaceRulesTest, AChannelThatStartsLateStillFillsItsShare) {
  const PlaceRules rules{.first_place = 3};
  const std::string page = Page({From(kNovelty, 4, 0, 20, rules), From(kPopular, 6, 20, 20)}, 10);
  EXPECT_EQ(std::count(page.begin(), page.end(), 'n'), 4);
  EXPECT_EQ(page.substr(0, 2), "pp");
}

TEST(PlaceRulesTest, AChannelWithPlacesFillsTheseAndNoOthers) {
  const PlaceRules rules{.places = {3, 8, 13}};
  EXPECT_EQ(Page({From(kNovelty, 1, 0, 20, rules), From(kPopular, 1, 20, 40)}, 14),
            "ppnppppnppppnp");
}

TEST(PlaceRulesTest, PlacesBeyondThePageDoNotCount) {
  const PlaceRules rules{.places = {3, 8, 13}};
  EXPECT_EQ(Page({From(kNovelty, 1, 0, 20, rules), From(kPopular, 1, 20, 40)}, 5), "ppnpp");
}

TEST(PlaceRulesTest, TheOthersShareThePlacesThatAreLeft) {
  const PlaceRules rules{.places = {1, 2}};
  EXPECT_EQ(
      Page({From(kNovelty, 9, 0, 20, rules), From(kU2i, 1, 20, 20), From(kPopular, 1, 40, 20)}, 6),
      "nnupup");
}

TEST(PlaceRulesTest, AnEmptyChannelLeavesItsPlacesToTheOthers) {
  const PlaceRules rules{.places = {1, 3}};
  EXPECT_EQ(Page({From(kNovelty, 1, 0, 1, rules), From(kPopular, 1, 20, 9)}, 4), "nppp");
}

TEST(PlaceRulesTest, NoMoreThanTheLimitEvenIfThePageIsShort) {
  const PlaceRules rules{.max_items = 2};
  EXPECT_EQ(Page({From(kNovelty, 9, 0, 9, rules), From(kPopular, 1, 20, 3)}, 9), "nnppp");
}

TEST(PlaceRulesTest, PlacesLimitTheNumberEvenIfThePageIsShort) {
  const PlaceRules rules{.places = {2, 4}};
  EXPECT_EQ(Page({From(kNovelty, 1, 0, 9, rules)}, 9), "nn");
}

TEST(PlaceRulesTest, WhereNobodyElseHasItemsPlacesGiveWay) {
  const PlaceRules late{.first_place = 3};
  EXPECT_EQ(Page({From(kNovelty, 1, 0, 9, late)}, 4), "nnnn");
  EXPECT_EQ(Page({From(kNovelty, 1, 0, 9, late), From(kPopular, 1, 20, 1)}, 4), "pnnn");
}

TEST(PlaceRulesTest, TwoChannelsMayHavePlaces) {
  EXPECT_EQ(Page({From(kNovelty, 1, 0, 9, {.places = {2}}), From(kU2i, 1, 20, 9, {.places = {1}}),
                  From(kPopular, 1, 40, 9)},
                 4),
            "unpp");
}

TEST(PlaceRulesTest, RulesThatContradictAreRefused) {
  EXPECT_THAT(PlaceRules{}.Validate(), IsOk());
  EXPECT_THAT((PlaceRules{.max_items = 3, .first_place = 2}).Validate(), IsOk());
  EXPECT_THAT((PlaceRules{.first_place = 0}).Validate(),
              FailsWith(ErrorCode::kInvalidArgument, "first_place is 0"));
  EXPECT_THAT((PlaceRules{.places = {0, 1}}).Validate(),
              FailsWith(ErrorCode::kInvalidArgument, "a place is 0"));
  EXPECT_THAT((PlaceRules{.places = {3, 3}}).Validate(),
              FailsWith(ErrorCode::kInvalidArgument, "do not ascend"));
  EXPECT_THAT((PlaceRules{.max_items = 1, .places = {3}}).Validate(),
              FailsWith(ErrorCode::kInvalidArgument, "excludes max_items"));
}

// Items 0, 1 and 2 are alike, 3 and 4 point elsewhere.
class DiversityTest : public testing::Test {
 protected:
  DiversityTest() {
    for (const auto& row :
         std::vector<std::vector<float>>{{1, 0, 0}, {1, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}}) {
      vectors_.Append(row);
    }
  }

  std::vector<std::uint32_t> ItemsOf(const std::vector<ChannelCandidates>& channels,
                                     double diversity) const {
    std::vector<std::uint32_t> items;
    for (const MergedItem& item :
         Merge(channels, 5, {.diversity = diversity, .item_vectors = vectors_})) {
      items.push_back(item.candidate.item.value());
    }
    return items;
  }

  Embeddings vectors_;
};

TEST_F(DiversityTest, WithoutItTheChannelsOrderStays) {
  EXPECT_THAT(ItemsOf({From(kNovelty, 1, 0, 5)}, 0.0), ElementsAre(0, 1, 2, 3, 4));
}

TEST_F(DiversityTest, AnItemUnlikeThoseBeforeItGoesFirst) {
  EXPECT_THAT(ItemsOf({From(kNovelty, 1, 0, 5)}, 0.5), ElementsAre(0, 3, 4, 1, 2));
}

TEST_F(DiversityTest, ALittleOfItChangesNothingThatIsWorthMuchMore) {
  EXPECT_THAT(ItemsOf({From(kNovelty, 1, 0, 5)}, 0.05), ElementsAre(0, 1, 2, 3, 4));
}

TEST_F(DiversityTest, ItemsOfOtherChannelsCountToo) {
  EXPECT_THAT(ItemsOf({From(kNovelty, 1, 0, 1), From(kPopular, 1, 1, 4)}, 0.5),
              ElementsAre(0, 3, 4, 1, 2));
}

TEST_F(DiversityTest, EveryItemIsShownOnce) {
  EXPECT_THAT(ItemsOf({From(kNovelty, 1, 0, 5), From(kPopular, 1, 0, 5)}, 1.0),
              testing::UnorderedElementsAre(0, 1, 2, 3, 4));
}

}  // namespace
}  // namespace twohop
