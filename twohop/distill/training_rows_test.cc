#include "twohop/distill/training_rows.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/reasoning/testing/small_shop.h"
#include "twohop/reasoning/two_hop_generator.h"

namespace twohop {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

ChatMessage System(std::string text) { return {ChatRole::kSystem, std::move(text)}; }
ChatMessage User(std::string text) { return {ChatRole::kUser, std::move(text)}; }
ChatMessage Assistant(std::string text) { return {ChatRole::kAssistant, std::move(text)}; }

// Sources over the small shop, whose only term is "gas stove", and the project's own prompts.
class TrainingRowsTest : public testing::Test {
 protected:
  // A user who searched for `searches`, all of them behind the one demand.
  void Teach(const std::string& demand, std::vector<std::string> searches,
             const std::vector<std::string>& interests = {}) {
    Trace trace;
    trace.user.profile.id = UserId("u" + std::to_string(sources_.traces.size()));
    for (const std::string& search : searches) trace.user.searches.push_back({.query = search});
    trace.demands.push_back({.text = demand, .searches = std::move(searches)});
    for (const std::string& name : interests) {
      trace.interests.push_back({.category = InSmallShop(name), .demand = 0});
    }
    sources_.traces.push_back(std::move(trace));
  }

  void Link(const std::string& demand, std::vector<std::string> searches,
            const std::vector<std::string>& calls_for) {
    DemandEdges edges{.demand = demand, .searches = std::move(searches), .calls_for = {}};
    for (const std::string& name : calls_for) edges.calls_for.push_back(InSmallShop(name));
    sources_.edges.push_back(std::move(edges));
  }

  TrainingRows Build(TrainingTask task) {
    options_.tasks = {task};
    return BuildTrainingRows(sources_, *shop_, prompts_, options_);
  }

  std::vector<std::string> Replies(TrainingTask task) {
    std::vector<std::string> replies;
    for (const TrainingRow& row : Build(task).rows) replies.push_back(row.reply());
    return replies;
  }

  std::shared_ptr<const Taxonomy> shop_ = SmallShop();
  PromptSet prompts_ = *LoadPromptSet(std::filesystem::path(TWOHOP_SOURCE_DIR) / "prompts");
  TrainingSources sources_;
  RowOptions options_;
};

TEST_F(TrainingRowsTest, Hop1AsksAboutASearchAndItsCategory) {
  Link("cooking outdoors", {"gas stove"}, {"Camp Stoves"});
  const TrainingRows built = Build(TrainingTask::kHop1);
  ASSERT_THAT(built.rows, SizeIs(1));
  EXPECT_THAT(
      built.rows[0].messages,
      ElementsAre(System("Hop 1: name the demands behind a search."),
                  User("\"gas stove\" in Camp Stoves"), Assistant("[\"cooking outdoors\"]")));
  EXPECT_EQ(built.rows[0].subject, "gas stove");
  EXPECT_THAT(built.rows[0].categories, ElementsAre(InSmallShop("Camp Stoves")));
}

TEST_F(TrainingRowsTest, Hop1NamesThreeDemandsAtMostThoseOfTracesFirst) {
  Link("from edges", {"tents"}, {"Tents"});
  Link("cut off", {"tents"}, {"Tents"});
  Teach("first", {"Tents"});
  Teach("FIRST!", {"tents"});
  Teach("second", {"tents"});
  EXPECT_THAT(Replies(TrainingTask::kHop1), ElementsAre(R"(["first","second","from edges"])"));
  EXPECT_EQ(Build(TrainingTask::kHop1).rows[0].source, RowSource::kBoth);
}

TEST_F(TrainingRowsTest, Hop1LeavesOutAndCountsSearchesOfNoCategory) {
  Teach("sleeping outdoors", {"warm bag", "tents", "Warm Bag"});
  const TrainingRows built = Build(TrainingTask::kHop1);
  EXPECT_THAT(built.rows, SizeIs(1));
  EXPECT_EQ(built.skipped.searches_without_category, 1U);
}

TEST_F(TrainingRowsTest, Hop1QuotesASearchAsInferenceDoes) {
  Teach("sleeping", {"<tents>"});
  EXPECT_EQ(Build(TrainingTask::kHop1).rows[0].question(), "\" tents \" in Tents");
}

TEST_F(TrainingRowsTest, Hop2AsksForTheSetOfCategories) {
  Link("a light camp", {}, {"Lanterns", "Tents"});
  options_.orders = 1;
  const TrainingRows built = Build(TrainingTask::kHop2);
  ASSERT_THAT(built.rows, SizeIs(1));
  EXPECT_EQ(built.rows[0].messages[0],
            System("Hop 2: name the categories that a demand calls for."));
  EXPECT_EQ(built.rows[0].messages[1], User("a light camp"));
  EXPECT_THAT(built.rows[0].reply(),
              testing::AnyOf(R"(["Lanterns","Tents"])", R"(["Tents","Lanterns"])"));
  EXPECT_THAT(built.rows[0].categories,
              UnorderedElementsAre(InSmallShop("Lanterns"), InSmallShop("Tents")));
}

TEST_F(TrainingRowsTest, Hop2HasSeveralOrdersForEdgesAndOneForATrace) {
  Link("of edges", {}, {"Tents", "Camp Stoves", "Lanterns", "Desk Lamps", "Mountain Trips"});
  Teach("of a trace", {"tents"}, {"Tents", "Lanterns"});
  options_.orders = 4;
  const TrainingRows built = Build(TrainingTask::kHop2);
  EXPECT_THAT(built.rows, SizeIs(5));
  std::set<std::string> replies;
  for (const TrainingRow& row : built.rows) replies.insert(row.reply());
  EXPECT_GE(replies.size(), 4U) << "the orders of one demand should differ";
}

TEST_F(TrainingRowsTest, Hop2NamesNoMoreThanTheLimit) {
  Link("everything", {}, {"Tents", "Camp Stoves", "Lanterns", "Desk Lamps"});
  options_.categories_per_demand = 3;
  options_.orders = 1;
  EXPECT_THAT(Build(TrainingTask::kHop2).rows[0].categories, SizeIs(3));
}

TEST_F(TrainingRowsTest, CountsWhatGivesNoRow) {
  Teach("no categories", {"tents"});
  Teach(std::string(97, 'x'), {"tents"}, {"Tents"});
  Teach(" \n ", {"tents"}, {"Tents"});
  const TrainingRows built = Build(TrainingTask::kHop2);
  EXPECT_THAT(built.rows, IsEmpty());
  EXPECT_EQ(built.skipped.demands_without_categories, 1U);
  EXPECT_EQ(built.skipped.unusable_demands, 2U);
  EXPECT_EQ(Build(TrainingTask::kTwoHop).skipped.traces_without_answer, 3U);
}

TEST_F(TrainingRowsTest, SameSeedSameRowsAndOneMoreTraceChangesNoOther) {
  Link("camping", {}, {"Tents", "Camp Stoves", "Lanterns", "Desk Lamps", "Mountain Trips"});
  const std::vector<std::string> before = Replies(TrainingTask::kHop2);
  EXPECT_EQ(Replies(TrainingTask::kHop2), before);
  Teach("reading at night", {"tents"}, {"Desk Lamps", "Lanterns"});
  std::vector<std::string> after = Replies(TrainingTask::kHop2);
  after.erase(after.begin());
  EXPECT_EQ(after, before);
}

TEST_F(TrainingRowsTest, AnotherSeedDrawsOtherOrders) {
  Link("camping", {}, {"Tents", "Camp Stoves", "Lanterns", "Desk Lamps", "Mountain Trips"});
  options_.orders = 6;
  const std::vector<std::string> before = Replies(TrainingTask::kHop2);
  options_.seed = 2;
  EXPECT_NE(Replies(TrainingTask::kHop2), before);
}

TEST_F(TrainingRowsTest, ReplyKeepsOtherScripts) {
  Link("户外睡觉", {"gas stove"}, {"Tents"});
  EXPECT_THAT(Replies(TrainingTask::kHop1), ElementsAre("[\"户外睡觉\"]"));
}

TEST(DrawOrderTest, FillsTheFirstPlaceInProportionToTheWeights) {
  const std::vector<CategoryIndex> ranking{CategoryIndex(0), CategoryIndex(1), CategoryIndex(2)};
  std::map<std::uint32_t, double> first;
  Rng rng(7);
  for (int i = 0; i < 20'000; ++i) first[DrawOrder(ranking, 3.0, rng)[0].value()] += 1.0 / 20'000;
  // exp(-rank / 3) over the sum of the three.
  EXPECT_NEAR(first[0], 0.4484, 0.02);
  EXPECT_NEAR(first[1], 0.3213, 0.02);
  EXPECT_NEAR(first[2], 0.2302, 0.02);
}

TEST(DrawOrderTest, IsAPermutationAndNearlyTheRankingForASmallTau) {
  const std::vector<CategoryIndex> ranking{CategoryIndex(5), CategoryIndex(3), CategoryIndex(9)};
  Rng rng(1);
  EXPECT_THAT(DrawOrder(ranking, 100.0, rng), testing::UnorderedElementsAreArray(ranking));
  EXPECT_EQ(DrawOrder(ranking, 0.001, rng), ranking);
  EXPECT_THAT(DrawOrder({}, 3.0, rng), IsEmpty());
}

TEST(RowOptionsTest, TreatsSearchesAsInferenceDoes) {
  EXPECT_EQ(RowOptions().max_searches, TwoHopOptions().max_searches);
  EXPECT_EQ(RowOptions().max_search_bytes, TwoHopOptions().max_search_bytes);
}

TEST(RowOptionsTest, NamesTheFieldThatIsWrong) {
  EXPECT_THAT(RowOptions().Validate(), IsOk());
  RowOptions options{.tasks = {}};
  EXPECT_THAT(options.Validate(), FailsWith(ErrorCode::kInvalidArgument, "tasks"));
  options = {.tasks = {TrainingTask::kHop1, TrainingTask::kHop1}};
  EXPECT_THAT(options.Validate(), FailsWith(ErrorCode::kInvalidArgument, "tasks"));
  options = {.orders = 0};
  EXPECT_THAT(options.Validate(), FailsWith(ErrorCode::kInvalidArgument, "orders"));
  options = {.tau = 0.0};
  EXPECT_THAT(options.Validate(), FailsWith(ErrorCode::kInvalidArgument, "tau"));
}

TEST(TrainingTaskTest, IsFoundByItsName) {
  EXPECT_EQ(FindTrainingTask("two_hop"), TrainingTask::kTwoHop);
  EXPECT_EQ(FindTrainingTask(TrainingTaskName(TrainingTask::kHop2)), TrainingTask::kHop2);
  EXPECT_EQ(FindTrainingTask("hop3"), std::nullopt);
}

}  // namespace
}  // namespace twohop
