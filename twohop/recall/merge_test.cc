#include "twohop/recall/merge.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/recall/take_turns.h"

namespace twohop {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr auto kNovelty = ChannelKind::kNovelty;
constexpr auto kU2i = ChannelKind::kU2i;
constexpr auto kSimilar = ChannelKind::kSimilar;
constexpr auto kPopular = ChannelKind::kPopular;

std::vector<Candidate> Candidates(const std::vector<std::uint32_t>& items) {
  std::vector<Candidate> candidates;
  for (const std::uint32_t item : items) {
    candidates.push_back({ItemIndex(item), 1.0F, std::nullopt, std::nullopt});
  }
  return candidates;
}

ChannelCandidates From(ChannelKind channel, double share, const std::vector<std::uint32_t>& items) {
  return {channel, share, Candidates(items)};
}

// "novelty:1 u2i:2": the channel and item of each place.
std::string InWords(const std::vector<MergedItem>& merged) {
  std::string words;
  for (const MergedItem& item : merged) {
    if (!words.empty()) words += ' ';
    words +=
        std::string(ChannelName(item.channel)) + ":" + std::to_string(item.candidate.item.value());
  }
  return words;
}

std::string Merged(const std::vector<ChannelCandidates>& channels, std::size_t k) {
  return InWords(Merge(channels, k));
}

TEST(QuotasTest, AreProportionalAndAddUp) {
  EXPECT_THAT(Quotas(std::vector<double>{0.4, 0.3, 0.2, 0.1}, 20), ElementsAre(8, 6, 4, 2));
  EXPECT_THAT(Quotas(std::vector<double>{4, 3, 2, 1}, 20), ElementsAre(8, 6, 4, 2));
}

TEST(QuotasTest, RemaindersGoToTheLargestAndTiesToTheEarlier) {
  EXPECT_THAT(Quotas(std::vector<double>{1, 1, 1}, 4), ElementsAre(2, 1, 1));
  EXPECT_THAT(Quotas(std::vector<double>{0.5, 0.26, 0.24}, 1), ElementsAre(1, 0, 0));
}

TEST(QuotasTest, OfNothingAreNothing) {
  EXPECT_THAT(Quotas({}, 0), IsEmpty());
  EXPECT_THAT(Quotas(std::vector<double>{1, 2}, 0), ElementsAre(0, 0));
}

TEST(MergeTest, EqualSharesAlternate) {
  EXPECT_EQ(Merged({From(kNovelty, 1, {1, 2}), From(kPopular, 1, {3, 4})}, 4),
            "novelty:1 popular:3 novelty:2 popular:4");
}

TEST(MergeTest, PlacesAreSpreadInProportionToTheShares) {
  EXPECT_EQ(Merged({From(kNovelty, 3, {1, 2, 3}), From(kPopular, 1, {4, 5, 6})}, 4),
            "novelty:1 novelty:2 popular:4 novelty:3");
}

TEST(MergeTest, AnItemOfTwoChannelsIsShownOnceAndNamesBoth) {
  const std::vector<ChannelCandidates> channels = {From(kNovelty, 1, {1, 2}), From(kU2i, 1, {1, 3}),
                                                   From(kPopular, 1, {3, 1})};
  const auto merged = Merge(channels, 9);
  EXPECT_EQ(InWords(merged), "novelty:1 u2i:3 novelty:2");
  EXPECT_THAT(merged[0].also_found_by, ElementsAre(kU2i, kPopular));
  EXPECT_THAT(merged[1].also_found_by, ElementsAre(kPopular));
  EXPECT_THAT(merged[2].also_found_by, IsEmpty());
}

TEST(MergeTest, AShortChannelIsFilledUpByTheOthers) {
  EXPECT_EQ(Merged({From(kNovelty, 1, {1}), From(kSimilar, 1, {2, 3, 4, 5})}, 4),
            "novelty:1 similar:2 similar:3 similar:4");
}

TEST(MergeTest, AnEmptyChannelLeavesItsPlacesToTheOthers) {
  EXPECT_EQ(Merged({From(kNovelty, 1, {}), From(kU2i, 1, {1, 2}), From(kPopular, 1, {3, 4})}, 4),
            "u2i:1 popular:3 u2i:2 popular:4");
}

TEST(MergeTest, NoChannelExceedsItsQuotaWhileAnotherHasItems) {
  const auto merged = Merge(
      std::vector<ChannelCandidates>{From(kNovelty, 0.1, {1, 2, 3, 4, 5}),
                                     From(kPopular, 0.9, {11, 12, 13, 14, 15, 16, 17, 18, 19})},
      10);
  const auto novelty = std::count_if(merged.begin(), merged.end(), [](const MergedItem& item) {
    return item.channel == kNovelty;
  });
  EXPECT_EQ(novelty, 1);
}

TEST(MergeTest, GivesWhatThereIsIfThatIsLess) {
  EXPECT_EQ(Merged({From(kPopular, 1, {1, 2})}, 5), "popular:1 popular:2");
  EXPECT_EQ(Merged({From(kPopular, 1, {})}, 5), "");
  EXPECT_EQ(Merged({}, 5), "");
  EXPECT_EQ(Merged({From(kPopular, 1, {1, 2})}, 0), "");
}

TEST(TakeTurnsTest, TakesTheBestOfEachListFirst) {
  const std::vector<std::vector<Candidate>> lists = {Candidates({1, 2, 3}), Candidates({4}),
                                                     Candidates({5, 6})};
  EXPECT_EQ(recall_internal::TakeTurns(lists, 9), Candidates({1, 4, 5, 2, 6, 3}));
  EXPECT_EQ(recall_internal::TakeTurns(lists, 4), Candidates({1, 4, 5, 2}));
}

TEST(TakeTurnsTest, TakesAnItemOnceAndGivesTheListItsNextOne) {
  const std::vector<std::vector<Candidate>> lists = {Candidates({1, 2}), Candidates({1, 3})};
  EXPECT_EQ(recall_internal::TakeTurns(lists, 9), Candidates({1, 3, 2}));
}

TEST(TakeTurnsTest, OfNothingIsNothing) {
  EXPECT_THAT(recall_internal::TakeTurns({}, 3), IsEmpty());
  EXPECT_THAT(recall_internal::TakeTurns(std::vector<std::vector<Candidate>>(2), 3), IsEmpty());
}

}  // namespace
}  // namespace twohop
