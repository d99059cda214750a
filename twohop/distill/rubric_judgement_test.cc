#include "twohop/distill/rubric_judgement.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/distill/judge_report.h"
#include "twohop/llm/testing/fake_chat_client.h"
#include "twohop/reasoning/testing/small_shop.h"

namespace twohop {
namespace {

using testing::AllOf;
using testing::DoubleEq;
using testing::HasSubstr;
using testing::Optional;
using testing::SizeIs;

LabelledUser User(const std::string& id) {
  LabelledUser labelled;
  labelled.user = {.profile = {.id = UserId(id)},
                   .searches = {{.query = "tent for " + id}},
                   .clicked_level1 = {"Outdoors"}};
  labelled.score_2 = {InSmallShop("Lanterns")};
  labelled.score_1 = {InSmallShop("Hiking Boots")};
  return labelled;
}

JudgedAnswer Proposing(const std::vector<std::string>& names, const std::string& demand = "") {
  JudgedAnswer answer;
  for (const std::string& name : names) answer.categories.push_back(InSmallShop(name));
  if (!demand.empty()) answer.demands.assign(names.size(), demand);
  return answer;
}

// A judge who gives Lanterns a 2, Hiking Boots a 0, and talks about the rest.
class RubricJudgementTest : public testing::Test {
 protected:
  RubricJudgementTest() {
    chat_.AnswerWith([this](const ChatRequest& request) -> Result<ChatReply> {
      const std::string& question = request.messages.back().content;
      if (question.find("Lanterns") != std::string::npos) {
        return chat_.MakeReply(R"({"reason": "dark", "score": 2})");
      }
      if (question.find("Hiking Boots") != std::string::npos) {
        return chat_.MakeReply(R"({"reason": "no walk", "score": 0})");
      }
      return chat_.MakeReply("I cannot tell.");
    });
  }

  Result<RubricJudgement> TryJudge(std::stop_token stop = {}) {
    const auto progress = MakeSilentProgress();
    const RubricJudge judge(*LoadRubricPrompt(TWOHOP_SOURCE_DIR "/prompts"), Blocklist(),
                            SmallShop(), {});
    return JudgeByRubric(users_, entries_, judge, chat_, options_, *progress, std::move(stop));
  }

  RubricJudgement JudgeAll() {
    auto judgement = TryJudge();
    EXPECT_THAT(judgement, IsOk());
    return judgement.value_or(RubricJudgement{});
  }

  static double Estimate(const RubricRow& row, Score score) {
    return row.of_interests[static_cast<std::size_t>(score)].estimate;
  }

  FakeChatClient chat_{"large-judge"};
  RubricRunOptions options_;
  std::vector<LabelledUser> users_{User("a"), User("b")};
  std::vector<RubricEntry> entries_;
};

TEST_F(RubricJudgementTest, CountsScoresByContestantAndLeavesOutWhatIsUnusable) {
  entries_ = {
      {"mixed", {Proposing({"Lanterns", "Hiking Boots", "Desk Lamps"}), Proposing({"Lanterns"})}},
      {"silent", {Proposing({}), Proposing({})}}};
  const RubricJudgement judgement = JudgeAll();
  ASSERT_THAT(judgement.rows, SizeIs(2));
  const RubricRow& mixed = judgement.rows[0];
  EXPECT_EQ(mixed.contestant, "mixed");
  EXPECT_EQ(mixed.interests, 4U);
  EXPECT_DOUBLE_EQ(mixed.unusable, 0.25);
  EXPECT_DOUBLE_EQ(Estimate(mixed, Score::k2), 2.0 / 3.0);
  EXPECT_DOUBLE_EQ(Estimate(mixed, Score::k1), 0.0);
  EXPECT_DOUBLE_EQ(Estimate(mixed, Score::k0), 1.0 / 3.0);
  EXPECT_DOUBLE_EQ(mixed.of_interests[2].low, 0.5);  // Either user alone.
  EXPECT_DOUBLE_EQ(mixed.of_interests[2].high, 1.0);
  EXPECT_EQ(judgement.rows[1].interests, 0U);
  EXPECT_DOUBLE_EQ(judgement.rows[1].unusable, 0.0);
  EXPECT_EQ(judgement.unusable, 1U);
  EXPECT_EQ(judgement.usage,  // Two attempts at Desk Lamps.
            (TokenUsage{.prompt_tokens = 50, .completion_tokens = 25, .calls = 5}));
}

TEST_F(RubricJudgementTest, AsksOnceWhatSeveralContestantsPropose) {
  entries_ = {{"one", {Proposing({"Lanterns"}, "camping"), Proposing({})}},
              {"two", {Proposing({"Lanterns"}, "camping"), Proposing({"Lanterns"}, "camping")}}};
  const RubricJudgement judgement = JudgeAll();
  EXPECT_THAT(chat_.requests(), SizeIs(2));  // For user a once, and for user b.
  EXPECT_THAT(judgement.pairs, SizeIs(2));
  EXPECT_EQ(judgement.rows[0].interests, 1U);
  EXPECT_EQ(judgement.rows[1].interests, 2U);
}

TEST_F(RubricJudgementTest, AnotherDemandIsAnotherQuestion) {
  entries_ = {{"one", {Proposing({"Lanterns"}, "camping"), Proposing({})}},
              {"two", {Proposing({"Lanterns"}), Proposing({})}}};
  EXPECT_THAT(JudgeAll().pairs, SizeIs(2));
  EXPECT_THAT(chat_.requests(), SizeIs(2));
}

TEST_F(RubricJudgementTest, ComparesVerdictsWithLabels) {
  entries_ = {{"one", {Proposing({"Lanterns", "Hiking Boots"}), Proposing({"Lanterns"})}}};
  const RubricJudgement judgement = JudgeAll();
  const ScoreAgreement expected{{{0, 0, 0}, {1, 0, 0}, {0, 0, 2}}};
  EXPECT_EQ(judgement.agreement, expected);
  // 2/3 observed, 2/3 * 2/3 by chance.
  EXPECT_THAT(judgement.kappa, Optional(testing::DoubleNear(0.4, 1e-12)));
  EXPECT_EQ(judgement.weighted_kappa, CohensKappa(expected, KappaWeights::kQuadratic));
}

TEST_F(RubricJudgementTest, WithoutVerdictsThereIsNoKappa) {
  entries_ = {{"one", {Proposing({"Desk Lamps"}), Proposing({})}}};
  const RubricJudgement judgement = JudgeAll();
  EXPECT_EQ(judgement.kappa, std::nullopt);
  EXPECT_THAT(RubricToMarkdown(judgement), HasSubstr("kappa against the labels not known"));
  EXPECT_TRUE(RubricToJson(judgement, users_, *SmallShop())["kappa"].is_null());
}

TEST_F(RubricJudgementTest, ALimitTakesTheFirstInterestsOfEachContestant) {
  options_.max_interests = 2;
  entries_ = {{"one", {Proposing({"Lanterns"}), Proposing({"Lanterns", "Hiking Boots"})}},
              {"two", {Proposing({"Lanterns", "Hiking Boots"}), Proposing({"Hiking Boots"})}}};
  const RubricJudgement judgement = JudgeAll();
  EXPECT_DOUBLE_EQ(Estimate(judgement.rows[0], Score::k2), 1.0);
  EXPECT_EQ(judgement.rows[0].interests, 2U);
  EXPECT_EQ(judgement.rows[1].interests, 2U);
  EXPECT_THAT(chat_.requests(), SizeIs(3));
}

TEST_F(RubricJudgementTest, TheSameSeedGivesTheSameIntervals) {
  entries_ = {{"one", {Proposing({"Lanterns", "Hiking Boots"}), Proposing({"Lanterns"})}}};
  EXPECT_EQ(JudgeAll().rows[0].of_interests, JudgeAll().rows[0].of_interests);
}

TEST_F(RubricJudgementTest, AnErrorNamesUserAndCategory) {
  options_.concurrency = 1;
  entries_ = {{"one", {Proposing({"Lanterns", "Hiking Boots"}), Proposing({"Lanterns"})}}};
  chat_.Fail(Error(ErrorCode::kUnavailable, "the server is gone"));
  EXPECT_THAT(TryJudge(),
              FailsWith(ErrorCode::kUnavailable, "user a, Lanterns: the server is gone"));
  EXPECT_THAT(chat_.requests(), SizeIs(1));
}

TEST_F(RubricJudgementTest, AStopIsCancelled) {
  entries_ = {{"one", {Proposing({"Lanterns"}), Proposing({})}}};
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THAT(TryJudge(stop.get_token()), FailsWith(ErrorCode::kCancelled, "stopped"));
}

TEST_F(RubricJudgementTest, NeedsUsers) {
  users_.clear();
  EXPECT_THAT(TryJudge(), FailsWith(ErrorCode::kInvalidArgument, "users"));
}

TEST_F(RubricJudgementTest, ReportsHoldRowsAgreementAndPairs) {
  entries_ = {{"one", {Proposing({"Lanterns"}, "camping"), Proposing({})}}};
  const RubricJudgement judgement = JudgeAll();
  EXPECT_THAT(RubricToMarkdown(judgement),
              AllOf(HasSubstr("| one | 100.0 [0.0, 100.0] | 0.0 [0.0, 0.0] |"),
                    HasSubstr("Judge: large-judge with rubric.v1. 1 pairs"),
                    HasSubstr("kappa against the labels 1.00, quadratically weighted 1.00"),
                    HasSubstr("10 + 5 tokens in 1 calls")));
  const Json json = RubricToJson(judgement, users_, *SmallShop());
  EXPECT_EQ(json["contestants"][0]["score_of_interests"]["2"], Json::array({1.0, 0.0, 1.0}));
  EXPECT_EQ(json["label_by_score"][2], Json::array({0, 0, 1}));
  EXPECT_EQ(json["pairs"], Json::array({{{"user_id", "a"},
                                         {"category", "Lanterns"},
                                         {"demand", "camping"},
                                         {"label", 2},
                                         {"score", 2},
                                         {"reason", "dark"}}}));
}

}  // namespace
}  // namespace twohop
