#include "twohop/distill/judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/manual_clock.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/distill/baselines.h"
#include "twohop/distill/judge_report.h"
#include "twohop/reasoning/testing/small_shop.h"

namespace twohop {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSubsetOf;
using testing::SizeIs;

std::vector<CategoryIndex> Categories(const std::vector<std::string>& names) {
  std::vector<CategoryIndex> categories;
  for (const std::string& name : names) categories.push_back(InSmallShop(name));
  return categories;
}

LabelledUser User(const std::string& id, bool unseen = false) {
  LabelledUser labelled;
  labelled.user = {.profile = {.id = UserId(id)},
                   .searches = {{.query = "gas stove"}},
                   .clicked_level1 = {"Outdoors"}};
  labelled.unseen = unseen;
  labelled.score_2 = Categories({"Lanterns", "Mountain Trips"});
  labelled.score_1 = Categories({"Coffee Grinders"});
  return labelled;
}

double Estimate(const std::array<Interval, kScoreCount>& shares, Score score) {
  return shares[static_cast<std::size_t>(score)].estimate;
}

class JudgeTest : public testing::Test {
 protected:
  Judgement JudgeAll() {
    auto judgement = Judge("tested", users_, answers_, *shop_, 1);
    EXPECT_THAT(judgement, IsOk());
    return judgement.value_or(Judgement{});
  }

  void Answer(LabelledUser user, const std::vector<std::string>& names) {
    users_.push_back(std::move(user));
    answers_.push_back({.categories = Categories(names)});
  }

  std::shared_ptr<const Taxonomy> shop_ = SmallShop();
  std::vector<LabelledUser> users_;
  std::vector<JudgedAnswer> answers_;
};

TEST_F(JudgeTest, CountsInterestsAndUsersByScore) {
  Answer(User("a"), {"Lanterns", "Mountain Trips", "Coffee Grinders"});
  Answer(User("b"), {"Desk Lamps"});
  const Judgement judgement = JudgeAll();
  EXPECT_EQ(judgement.users, 2U);
  EXPECT_EQ(judgement.interests, 4U);
  EXPECT_DOUBLE_EQ(Estimate(judgement.of_interests, Score::k2), 0.5);
  EXPECT_DOUBLE_EQ(Estimate(judgement.of_interests, Score::k1), 0.25);
  EXPECT_DOUBLE_EQ(Estimate(judgement.of_interests, Score::k0), 0.25);
  EXPECT_DOUBLE_EQ(Estimate(judgement.of_users_worst, Score::k1), 0.5);
  EXPECT_DOUBLE_EQ(Estimate(judgement.of_users_worst, Score::k0), 0.5);
  EXPECT_DOUBLE_EQ(judgement.of_interests[2].low, 0.0);  // Either user alone.
  EXPECT_DOUBLE_EQ(judgement.of_interests[2].high, 2.0 / 3.0);
  EXPECT_EQ(judgement.distinct, 4U);
}

TEST_F(JudgeTest, ASilentContestantIsSeen) {
  Answer(User("a"), {"Lanterns"});
  Answer(User("b"), {});
  const Judgement judgement = JudgeAll();
  EXPECT_DOUBLE_EQ(Estimate(judgement.of_interests, Score::k2), 1.0);
  EXPECT_DOUBLE_EQ(Estimate(judgement.of_users_worst, Score::k2), 1.0);
  EXPECT_DOUBLE_EQ(judgement.without, 0.5);
}

TEST_F(JudgeTest, TellsTrainedOnSearchesFromOthers) {
  Answer(User("a"), {"Lanterns"});
  Answer(User("b", true), {"Lanterns", "Desk Lamps"});
  const Judgement judgement = JudgeAll();
  EXPECT_DOUBLE_EQ(judgement.seen.estimate, 1.0);
  EXPECT_DOUBLE_EQ(judgement.unseen.estimate, 0.5);
}

TEST_F(JudgeTest, RatesAreOfWhatTheFilterBeforeLeft) {
  Answer(User("a"), {"Lanterns", "Camp Stoves"});  // "gas stove" is a term of Camp Stoves.
  RejectCounts& rejected = answers_[0].rejected;
  rejected[static_cast<std::size_t>(RejectReason::kSchema)] = 2;
  rejected[static_cast<std::size_t>(RejectReason::kUnknownCategory)] = 4;
  rejected[static_cast<std::size_t>(RejectReason::kNotNovel)] = 2;
  answers_[0].usage = {.prompt_tokens = 100, .completion_tokens = 30, .calls = 1};
  answers_[0].seconds = 2.5;
  const Judgement judgement = JudgeAll();
  EXPECT_DOUBLE_EQ(judgement.valid, 8.0 / 10.0);
  EXPECT_DOUBLE_EQ(judgement.grounded, 4.0 / 8.0);
  EXPECT_DOUBLE_EQ(judgement.novel, 2.0 / 4.0);
  EXPECT_DOUBLE_EQ(judgement.repeats, 0.5);
  EXPECT_DOUBLE_EQ(judgement.prompt_tokens, 100.0);
  EXPECT_DOUBLE_EQ(judgement.completion_tokens, 30.0);
  EXPECT_DOUBLE_EQ(judgement.seconds, 2.5);
}

TEST_F(JudgeTest, NeedsUsers) {
  EXPECT_THAT(Judge("tested", users_, answers_, *shop_, 1),
              FailsWith(ErrorCode::kInvalidArgument, "users"));
}

TEST_F(JudgeTest, ReportsHoldEveryContestant) {
  Answer(User("a"), {"Lanterns"});
  const std::vector<Judgement> both{JudgeAll(), JudgeAll()};
  EXPECT_THAT(JudgementsToMarkdown(both), HasSubstr("| tested | 100.0 [100.0, 100.0] | 0.0 |"));
  const Json json = JudgementsToJson(both);
  ASSERT_THAT(json, SizeIs(2));
  EXPECT_EQ(json[1]["score_of_interests"]["2"], Json::array({1.0, 1.0, 1.0}));
  EXPECT_EQ(json[1]["users"], 1);
}

// What a contestant says about User("a").
JudgedAnswer Ask(const Contestant& contestant) {
  auto answer = contestant.answer(User("a").user, {});
  EXPECT_THAT(answer, IsOk());
  return answer.value_or(JudgedAnswer{});
}

TEST(BaselinesTest, RandomIsNewToTheUserAndRepeatable) {
  const Contestant random = RandomContestant(SmallShop(), 7, {.interests = 4});
  const JudgedAnswer answer = Ask(random);
  EXPECT_THAT(answer.categories, SizeIs(4));
  EXPECT_THAT(answer.categories,
              IsSubsetOf(Categories({"Coffee Grinders", "Hiking Boots", "Desk Lamps", "Lanterns",
                                     "Mountain Trips", "Prayer Retreats"})));
  EXPECT_EQ(Ask(random).categories, answer.categories);
  EXPECT_NE(Ask(RandomContestant(SmallShop(), 8, {.interests = 4})).categories, answer.categories);
}

Trace TraceOf(const std::string& user, const std::vector<std::string>& names) {
  Trace trace;
  trace.user.profile.id = UserId(user);
  trace.demands = {{"sleeping outdoors", {"tent"}}};
  for (const std::string& name : names) trace.interests.push_back({InSmallShop(name), 0});
  return trace;
}

TEST(BaselinesTest, PopularIsWhatTracesProposeMost) {
  const std::vector<Trace> traces{TraceOf("x", {"Lanterns", "Tents"}),
                                  TraceOf("y", {"Tents", "Lanterns", "Hiking Boots"}),
                                  TraceOf("z", {"Hiking Boots", "Lanterns"})};
  EXPECT_EQ(Ask(PopularContestant(SmallShop(), traces, {.interests = 2})).categories,
            Categories({"Lanterns", "Hiking Boots"}));
}

TEST(BaselinesTest, ARecordedAnswerIsJudgedAsAModelIs) {
  const Contestant recorded =
      RecordedContestant("teacher", {TraceOf("a", {"Tents", "Lanterns"})}, SmallShop());
  const JudgedAnswer answer = Ask(recorded);
  EXPECT_EQ(answer.categories, Categories({"Lanterns"}));
  EXPECT_THAT(answer.demands, ElementsAre("sleeping outdoors"));
  EXPECT_EQ(answer.rejected[static_cast<std::size_t>(RejectReason::kNotNovel)], 1U);
  EXPECT_THAT(recorded.answer(User("b").user, {}),
              FailsWith(ErrorCode::kNotFound, "no answer was recorded"));
}

class TwoInterests final : public InterestGenerator {
 public:
  explicit TwoInterests(ManualClock& clock) : clock_(clock) {}
  Result<Generation> Generate(const UserContext& user, std::stop_token) override {
    if (user.profile.id == UserId("broken")) return Unavailable("no answer");
    clock_.Advance(std::chrono::milliseconds(250));
    Generation generation;
    for (const char* name : {"Lanterns", "Hiking Boots"}) {
      LatentInterest& interest = generation.interests.interests.emplace_back();
      interest.category_id = SmallShop()->at(InSmallShop(name)).id;
      interest.demand = std::string("demand of ") + name;
    }
    generation.usage.calls = 3;
    return generation;
  }

 private:
  ManualClock& clock_;
};

TEST(CollectAnswersTest, AsksAGeneratorForEachUser) {
  ManualClock clock;
  TwoInterests generator(clock);
  const auto shop = SmallShop();
  const Contestant contestant = ContestantOf("two", generator, *shop, clock);
  const std::vector<LabelledUser> users{User("a"), User("b")};
  const auto progress = MakeSilentProgress();
  ASSERT_OK_AND_ASSIGN(const auto answers, CollectAnswers(contestant, users, *progress, {}));
  ASSERT_THAT(answers, SizeIs(2));
  EXPECT_EQ(answers[1].categories, Categories({"Lanterns", "Hiking Boots"}));
  EXPECT_THAT(answers[1].demands, ElementsAre("demand of Lanterns", "demand of Hiking Boots"));
  EXPECT_DOUBLE_EQ(answers[1].seconds, 0.25);
  EXPECT_EQ(answers[1].usage.calls, 3U);
  EXPECT_THAT(CollectAnswers(contestant, std::vector{User("broken")}, *progress, {}),
              FailsWith(ErrorCode::kUnavailable, "user broken: no answer"));
}

}  // namespace
}  // namespace twohop
