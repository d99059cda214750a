#include "twohop/reasoning/stored_answers.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/manual_clock.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/llm/testing/fake_chat_client.h"
#include "twohop/llm/testing/fake_embedding_client.h"
#include "twohop/reasoning/edge_edits.h"
#include "twohop/reasoning/edge_rows.h"
#include "twohop/reasoning/testing/small_shop.h"
#include "twohop/reasoning/two_hop_generator.h"

namespace twohop {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using Texts = std::optional<std::vector<std::string>>;

class StoredAnswersTest : public testing::Test {
 protected:
  StoredAnswersTest() { Reopen(); }

  void Reopen() {
    answers_.reset();
    store_.reset();
    auto store =
        EdgeStore::Open(dir_.path() / "store", OpenMode::kReadWrite, clock_, {.k_anonymity = k_});
    ASSERT_THAT(store, IsOk());
    store_ = *std::move(store);
    auto answers = StoredAnswers::Make({*store_, *shop_, embedder_, prompts_->blocklist}, options_);
    ASSERT_THAT(answers, IsOk());
    answers_ = *std::move(answers);
  }

  static AnswerQuestion Question(EdgeHop hop, std::string text, std::string asker = "ann") {
    return {.hop = hop,
            .text = std::move(text),
            .segment = "*",
            .model = "small",
            .asker = UserId(std::move(asker))};
  }

  Texts Find(const AnswerQuestion& question) { return answers_->Find(question, {}).texts; }

  // As AskOnce does.
  void Answer(const AnswerQuestion& question, const std::vector<std::string>& texts) {
    answers_->Remember(question, texts, answers_->Find(question, {}));
  }

  void Teach(const std::string& demand, const std::vector<std::string>& calls_for) {
    DemandEdges row{.demand = demand, .searches = {"gas stove"}};
    for (const std::string& name : calls_for) row.calls_for.push_back(InSmallShop(name));
    ASSERT_THAT(store_->ReplaceTeacher(TeacherRecords({&row, 1}, *shop_, "", clock_.Now()), 1),
                IsOk());
    ASSERT_THAT(store_->PutVector(embedder_.model(), demand, EmbedInSmallShop({demand}).row(0)),
                IsOk());
    Reopen();
  }

  // What the strategies of this store come to for a user.
  Generation Reason(TwoHopStrategy strategy, const std::string& user, const std::string& search) {
    auto generator = MakeTwoHopGenerator(chat_, embedder_, {space_, prompts_, nullptr, nullptr, answers_},
                                         {.strategy = strategy}, clock_);
    EXPECT_THAT(generator, IsOk());
    const UserContext context{.profile = {.id = UserId(user), .age_group = {}, .gender = {}},
                              .searches = {{.query = search}},
                              .clicked_level1 = {}};
    auto generation = (*generator)->Generate(context, {});
    EXPECT_THAT(generation, IsOk());
    return *std::move(generation);
  }

  TempDir dir_;
  ManualClock clock_;
  FakeChatClient chat_;
  FakeEmbeddingClient embedder_;
  std::shared_ptr<const Taxonomy> shop_ = SmallShop();
  std::shared_ptr<const CategorySpace> space_ = SmallShopSpace();
  std::shared_ptr<const PromptSet> prompts_ = std::make_shared<const PromptSet>(
      *LoadPromptSet(std::filesystem::path(TWOHOP_SOURCE_DIR) / "prompts"));
  std::size_t k_ = 1;
  StoredAnswerOptions options_;
  std::unique_ptr<EdgeStore> store_;
  std::shared_ptr<StoredAnswers> answers_;
};

constexpr EdgeHop kUp = EdgeHop::kSearch;
constexpr EdgeHop kDown = EdgeHop::kDemand;

TEST_F(StoredAnswersTest, SurviveARestart) {
  EXPECT_EQ(Find(Question(kUp, "tent")), Texts());
  Answer(Question(kUp, "tent"), {"sleeping outdoors"});
  Answer(Question(kDown, "sleeping outdoors"), {"Lanterns", "Mountain Trips"});
  Reopen();
  EXPECT_THAT(*Find(Question(kUp, "tent", "bob")), ElementsAre("sleeping outdoors"));
  EXPECT_THAT(*Find(Question(kDown, "sleeping outdoors", "bob")),
              ElementsAre("Lanterns", "Mountain Trips"));
  EXPECT_EQ(answers_->stats().found, 2U);
  EXPECT_EQ(store_->FindAll(kUp, "tent")->front().uses, 1U);
}

TEST_F(StoredAnswersTest, AreOfOneModelWithItsAdapter) {
  Answer(Question(kUp, "tent"), {"sleeping outdoors"});
  AnswerQuestion other = Question(kUp, "tent");
  other.uses_adapter = true;
  options_.adapter = "tuned";
  Reopen();
  EXPECT_EQ(Find(other), Texts());
  EXPECT_NE(Find(Question(kUp, "tent")), Texts());
}

TEST_F(StoredAnswersTest, ExpireAndAreAskedForAgain) {
  Answer(Question(kUp, "tent"), {"sleeping outdoors"});
  clock_.Advance(std::chrono::days(31));
  EXPECT_EQ(Find(Question(kUp, "tent")), Texts());
}

TEST_F(StoredAnswersTest, AQuestionWithoutAnAnswerIsRememberedUntilARestart) {
  Answer(Question(kUp, "tent"), {});
  EXPECT_EQ(Find(Question(kUp, "tent")), std::vector<std::string>());
  Reopen();
  EXPECT_EQ(Find(Question(kUp, "tent")), Texts());
}

TEST_F(StoredAnswersTest, SensitiveDemandsAreNotKept) {
  Answer(Question(kUp, "tent"), {"a prayer group", "sleeping outdoors"});
  EXPECT_THAT(store_->FindAll(kUp, "tent")->front().targets, ElementsAre("sleeping outdoors"));
}

TEST_F(StoredAnswersTest, WhatATeacherSaysGoesBeforeTheModel) {
  Answer(Question(kDown, "eating outdoors"), {"Lanterns"});
  Teach("eating outdoors", {"Camp Stoves"});
  EXPECT_THAT(*Find(Question(kDown, "eating outdoors")), ElementsAre("Camp Stoves"));
}

TEST_F(StoredAnswersTest, ADemandThatWasRemovedByHandLeadsNowhere) {
  Teach("eating outdoors", {"Camp Stoves"});
  ASSERT_THAT(RemoveEdges(*store_, kDown, "eating outdoors", {}), IsOk());
  EXPECT_EQ(Find(Question(kDown, "eating outdoors")), std::vector<std::string>());
}

TEST_F(StoredAnswersTest, ADemandThatSoundsLikeAKnownOneTakesItsCategories) {
  Teach("eating outdoors", {"Camp Stoves", "Lanterns"});
  EXPECT_THAT(*Find(Question(kDown, "outdoors eating")), ElementsAre("Camp Stoves", "Lanterns"));
  EXPECT_EQ(answers_->stats().merged, 1U);
  const EdgeRecord merged = store_->FindAll(kDown, "outdoors eating")->front();
  EXPECT_TRUE(merged.merged);
  EXPECT_EQ(merged.same_as, "eating outdoors");
  // Known word by word from now on.
  EXPECT_THAT(*Find(Question(kDown, "outdoors eating")), SizeIs(2));
  EXPECT_EQ(answers_->stats().merged, 1U);
  EXPECT_EQ(embedder_.calls(), 1U);
}

TEST_F(StoredAnswersTest, AMergedDemandFollowsLaterEdits) {
  Teach("eating outdoors", {"Camp Stoves", "Lanterns"});
  ASSERT_NE(Find(Question(kDown, "outdoors eating")), Texts());
  ASSERT_THAT(EditDemand(*store_, *shop_, "eating outdoors", {.drop = {InSmallShop("Lanterns")}}),
              IsOk());
  EXPECT_THAT(*Find(Question(kDown, "outdoors eating")), ElementsAre("Camp Stoves"));
}

TEST_F(StoredAnswersTest, DemandsAreMergedWithAnswersOfTheSameModelToo) {
  Answer(Question(kDown, "sleeping outdoors"), {"Lanterns"});
  EXPECT_THAT(*Find(Question(kDown, "outdoors sleeping")), ElementsAre("Lanterns"));
  AnswerQuestion other = Question(kDown, "outdoors sleeping");
  other.model = "another";
  EXPECT_EQ(Find(other), Texts());
}

TEST_F(StoredAnswersTest, ADemandThatIsHiddenLendsItsCategoriesAndNotItsWords) {
  k_ = 3;
  Reopen();
  Answer(Question(kDown, "sleeping outdoors"), {"Lanterns"});
  EXPECT_THAT(*Find(Question(kDown, "outdoors sleeping", "bob")), ElementsAre("Lanterns"));
  EXPECT_EQ(store_->FindAll(kDown, "outdoors sleeping")->front().same_as, "");
}

TEST_F(StoredAnswersTest, UnlikeDemandsAreNotMergedAndAboveOneNoneIs) {
  Teach("eating outdoors", {"Camp Stoves"});
  EXPECT_EQ(Find(Question(kDown, "eating indoors")), Texts());
  options_.merge_cosine = 1.5F;
  Reopen();
  EXPECT_EQ(Find(Question(kDown, "outdoors eating")), Texts());
}

TEST_F(StoredAnswersTest, WithoutAnEmbeddingTheModelIsAsked) {
  Teach("eating outdoors", {"Camp Stoves"});
  embedder_.Fail(Error(ErrorCode::kUnavailable, "gone"));
  EXPECT_EQ(Find(Question(kDown, "outdoors eating")), Texts());
  EXPECT_EQ(answers_->stats().failures, 1U);
}

TEST_F(StoredAnswersTest, HopByHopAsksNothingForTheSecondUserNorAfterARestart) {
  chat_.Reply(R"(["nights in the open"])");
  chat_.Reply(R"(["Lanterns", "Mountain Trips"])");
  const Generation first = Reason(TwoHopStrategy::kHopByHop, "ann", "gas stove");
  EXPECT_EQ(first.usage.calls, 2U);
  Reopen();
  const Generation second = Reason(TwoHopStrategy::kHopByHop, "bob", "Gas Stove");
  EXPECT_EQ(second.usage, TokenUsage());
  EXPECT_THAT(chat_.requests(), SizeIs(2));
  ASSERT_THAT(second.interests.interests, SizeIs(first.interests.interests.size()));
  EXPECT_EQ(second.interests.interests.front().category_id,
            first.interests.interests.front().category_id);
}

TEST_F(StoredAnswersTest, DemandSearchAsksNothingForTheSecondUserNorAfterARestart) {
  chat_.Reply(R"({"need":"sleeping outdoors"})");
  EXPECT_EQ(Reason(TwoHopStrategy::kDemandSearch, "ann", "tent").usage.calls, 1U);
  Reopen();
  EXPECT_EQ(Reason(TwoHopStrategy::kDemandSearch, "bob", "tent").usage, TokenUsage());
  EXPECT_THAT(chat_.requests(), SizeIs(1));
}

TEST_F(StoredAnswersTest, AMergeSavesTheSecondCall) {
  Teach("nights in the open", {"Lanterns"});
  chat_.Reply(R"(["in the open: nights"])");
  const Generation generation = Reason(TwoHopStrategy::kHopByHop, "ann", "bivouac");
  EXPECT_EQ(generation.usage.calls, 1U);
  ASSERT_THAT(generation.interests.interests, SizeIs(1));
  EXPECT_EQ(generation.interests.interests.front().category_label, "Lanterns");
}

}  // namespace
}  // namespace twohop
