#include "twohop/distill/preference_pairs.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/reasoning/testing/small_shop.h"

namespace twohop {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<std::string> Texts(const std::vector<PreferencePair>& pairs) {
  std::vector<std::string> texts;
  for (const PreferencePair& pair : pairs) texts.push_back(pair.chosen + ">" + pair.rejected);
  return texts;
}

TEST(PairAnswersTest, PairsAnswersThatAreAMarginApartWidestFirst) {
  const std::vector<ScoredAnswer> answers{{"a", 3}, {"b", 1}, {"c", 2.5}};
  EXPECT_THAT(Texts(PairAnswers({}, answers, {.min_margin = 1.0})), ElementsAre("a>b", "c>b"));
  EXPECT_THAT(Texts(PairAnswers({}, answers, {.min_margin = 0.5})),
              ElementsAre("a>b", "c>b", "a>c"));
  EXPECT_THAT(PairAnswers({}, answers, {.min_margin = 2.1}), IsEmpty());
}

TEST(PairAnswersTest, TiesKeepTheOrderAndTheLimitHolds) {
  const std::vector<ScoredAnswer> answers{{"a", 0}, {"b", 1}, {"c", 1}};
  EXPECT_THAT(Texts(PairAnswers({}, answers)), ElementsAre("b>a", "c>a"));
  EXPECT_THAT(Texts(PairAnswers({}, answers, {.min_margin = 1.0, .max_pairs = 1})),
              ElementsAre("b>a"));
}

TEST(PairAnswersTest, EqualAnswersAreNoPairAndThePromptIsKept) {
  const std::vector<ChatMessage> prompt{{ChatRole::kUser, "camping"}};
  const std::vector<ScoredAnswer> same{{"a", 0}, {"a", 5}};
  EXPECT_THAT(PairAnswers(prompt, same), IsEmpty());
  const std::vector<ScoredAnswer> two{{"a", 0}, {"b", 5}};
  ASSERT_THAT(PairAnswers(prompt, two), SizeIs(1));
  EXPECT_EQ(PairAnswers(prompt, two)[0].prompt, prompt);
  EXPECT_THAT(PairAnswers(prompt, {}), IsEmpty());
}

class PreferencePairsTest : public testing::Test {
 protected:
  static std::vector<CategoryIndex> Named(const std::vector<std::string>& names) {
    std::vector<CategoryIndex> categories;
    for (const std::string& name : names) categories.push_back(InSmallShop(name));
    return categories;
  }

  std::vector<PreferencePair> FromEdges(const DemandEdges& edges) {
    return PairsFromEdges({&edges, 1}, *SmallShop(), prompts_, options_);
  }

  // Of an answer that names `categories` for its first demand.
  std::vector<PreferencePair> FromLabels(const std::vector<std::string>& categories,
                                         std::vector<std::string> demands) {
    Trace answer;
    answer.user.profile.id = UserId("d1");
    for (std::string& demand : demands) {
      answer.demands.push_back({.text = std::move(demand), .searches = {"tent"}});
    }
    for (const CategoryIndex category : Named(categories)) {
      answer.interests.push_back({.category = category, .demand = 0});
    }
    return PairsFromLabels({&labelled_, 1}, {&answer, 1}, *SmallShop(), prompts_, options_);
  }

  PromptSet prompts_ = *LoadPromptSet(std::filesystem::path(TWOHOP_SOURCE_DIR) / "prompts");
  RowOptions options_;
  LabelledUser labelled_{.user = {.profile = {.id = UserId("d1")}},
                         .score_2 = Named({"Lanterns", "Mountain Trips"}),
                         .score_1 = Named({"Coffee Grinders"})};
};

TEST_F(PreferencePairsTest, EdgesPutStretchesInThePlaceOfHalfTheListAtMost) {
  const auto pairs = FromEdges({.demand = "camping",
                                .calls_for = Named({"Tents", "Camp Stoves", "Lanterns"}),
                                .stretch = Named({"Desk Lamps", "Coffee Grinders"})});
  ASSERT_THAT(pairs, SizeIs(1));
  EXPECT_EQ(pairs[0].prompt.back().content, "camping");
  EXPECT_EQ(pairs[0].source, PairSource::kEdges);
  const Json chosen = *ParseJson(pairs[0].chosen);
  const Json rejected = *ParseJson(pairs[0].rejected);
  ASSERT_EQ(rejected.size(), 3U);
  EXPECT_EQ(std::count(rejected.begin(), rejected.end(), "Desk Lamps"), 1);
  EXPECT_EQ(std::count(chosen.begin(), chosen.end(), "Desk Lamps"), 0);
  const int changed = static_cast<int>(chosen[0] != rejected[0]) +
                      static_cast<int>(chosen[1] != rejected[1]) +
                      static_cast<int>(chosen[2] != rejected[2]);
  EXPECT_EQ(changed, 1);
}

TEST_F(PreferencePairsTest, EdgesWithoutStretchGiveNone) {
  EXPECT_THAT(FromEdges({.demand = "camping", .calls_for = Named({"Tents"})}), IsEmpty());
}

TEST_F(PreferencePairsTest, EdgesOfOneCategoryArePairedToo) {
  EXPECT_THAT(
      Texts(FromEdges(
          {.demand = "camping", .calls_for = Named({"Tents"}), .stretch = Named({"Desk Lamps"})})),
      ElementsAre(R"(["Tents"]>["Desk Lamps"])"));
}

TEST_F(PreferencePairsTest, LabelsRejectWhatScoresLess) {
  EXPECT_THAT(Texts(FromLabels({"Tents", "Coffee Grinders", "Lanterns"}, {"light", "trips"})),
              ElementsAre(R"(["Lanterns"]>["Coffee Grinders","Tents"])"));
}

TEST_F(PreferencePairsTest, LabelsOfAUserWithOneDemandAreAllOfThatDemand) {
  EXPECT_THAT(Texts(FromLabels({"Tents"}, {"camping"})),
              ElementsAre(R"(["Lanterns","Mountain Trips"]>["Tents"])"));
}

TEST_F(PreferencePairsTest, LabelsGiveNoneWithoutBothSidesOrForAnotherUser) {
  EXPECT_THAT(FromLabels({"Tents"}, {"light", "trips"}), IsEmpty());
  EXPECT_THAT(FromLabels({"Lanterns"}, {"light", "trips"}), IsEmpty());
  labelled_.user.profile.id = UserId("d2");
  EXPECT_THAT(FromLabels({"Tents"}, {"camping"}), IsEmpty());
}

TEST_F(PreferencePairsTest, SameSeedSamePairs) {
  const DemandEdges edges{.demand = "camping",
                          .calls_for = Named({"Tents", "Camp Stoves", "Lanterns"}),
                          .stretch = Named({"Desk Lamps"})};
  EXPECT_EQ(FromEdges(edges), FromEdges(edges));
}

}  // namespace
}  // namespace twohop
