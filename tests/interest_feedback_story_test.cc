// What a user says of an interest, from the request to what is recalled and proposed afterwards.

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/progress.h"
#include "twohop/base/testing/manual_clock.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/eventlog/rocksdb_event_log.h"
#include "twohop/llm/testing/fake_chat_client.h"
#include "twohop/llm/testing/fake_embedding_client.h"
#include "twohop/nearline/interest_refresher.h"
#include "twohop/nearline/state_materializer.h"
#include "twohop/reasoning/two_hop_generator.h"
#include "twohop/recall/testing/tiny_bundle.h"
#include "twohop/serving/api.h"

namespace twohop {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::Key;
using testing::Not;
using testing::UnorderedElementsAre;

constexpr std::string_view kOutdoors = "nights in the open";  // Kettles, toasters, mats.
constexpr std::string_view kFit = "staying fit";              // Mats, dumbbells, lipsticks.

// Made once: writing one to disk takes longer than all else here.
std::shared_ptr<const Bundle> TheBundle() {
  static const auto& bundle = *new std::shared_ptr<const Bundle>(MakeTinyBundle());
  return bundle;
}

// The stores, reasoning along shared edges, and the API over a tiny bundle. User "u" clicked a tent
// and searched for one; two demands are behind it.
class InterestFeedbackStoryTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(states_, OpenStates("state"));
    ASSERT_OK_AND_ASSIGN(log_, OpenRocksDbEventLog(dir_.path() / "log", OpenMode::kReadWrite));
    ASSERT_NO_FATAL_FAILURE(MakeReasoning());
    api_ = std::make_unique<Api>(
        ApiParts{.recaller = recaller_,
                 .states = *states_,
                 .events = *log_,
                 .clock = clock_,
                 .on_events = [this](std::span<const Event>) { WorkIn(*states_); },
                 .server_stats = {}},
        ApiOptions{});
    Send(R"({"user": "u", "type": "click", "item": "tents-0")");
    Send(R"({"user": "u", "type": "search", "query": "tent")");
    Refresh();
  }

  void MakeReasoning() {
    const auto taxonomy = TheBundle()->catalog().shared_taxonomy();
    ASSERT_OK_AND_ASSIGN(CategorySpace space,
                         CategorySpace::Build(taxonomy, MakeTinyCategoryVectors()));
    auto shared = std::make_shared<const CategorySpace>(std::move(space));
    ASSERT_OK_AND_ASSIGN(PromptSet prompts, LoadPromptSet(TWOHOP_SOURCE_DIR "/prompts"));
    const std::vector<DemandEdges> edges = {Edges(kOutdoors, {"kettles", "toasters", "mats"}),
                                            Edges(kFit, {"mats", "dumbbells", "lipsticks"})};
    ASSERT_OK_AND_ASSIGN(
        Embeddings vectors,
        embedder_.Embed(std::vector<std::string>{edges[0].demand, edges[1].demand}, {}));
    ASSERT_OK_AND_ASSIGN(DemandGraph graph, DemandGraph::Build(edges, std::move(vectors), shared));
    ASSERT_OK_AND_ASSIGN(
        generator_,
        MakeTwoHopGenerator(chat_, embedder_,
                            {shared, std::make_shared<const PromptSet>(std::move(prompts)),
                             std::make_shared<const DemandGraph>(std::move(graph))},
                            {.strategy = TwoHopStrategy::kSharedEdges}, clock_));
    refresher_ = std::make_unique<InterestRefresher>(*states_, *generator_, clock_,
                                                     InterestMaker{.strategy = "shared_edges"});
  }

  static DemandEdges Edges(std::string_view demand, const std::vector<std::string>& ids) {
    DemandEdges edges{.demand = std::string(demand), .searches = {"tent"}};
    for (const std::string& id : ids) {
      edges.calls_for.push_back(*TheBundle()->catalog().taxonomy().FindById(id));
    }
    return edges;
  }

  Result<std::unique_ptr<UserStateStore>> OpenStates(std::string_view name) const {
    return OpenUserStateStore(dir_.path() / name, OpenMode::kReadWrite);
  }

  void WorkIn(UserStateStore& states) const {
    const auto progress = MakeSilentProgress();
    EXPECT_THAT(MaterializeStates(*log_, states, TheBundle()->catalog(), *progress, {}), IsOk());
  }

  Json Post(std::string target, std::string body) const {
    const HttpResponse response = api_->Handle(
        {.method = "POST", .target = std::move(target), .headers = {}, .body = std::move(body)});
    EXPECT_EQ(response.status, 200U) << response.body;
    return Json::parse(response.body);
  }

  // An event now; `row` lacks its time and its end.
  void Send(std::string_view row) {
    clock_.Advance(Milliseconds(1));
    Post("/v1/events", fmt::format(R"({{"events": [{}, "time": {}}}]}})", row,
                                   clock_.Now().time_since_epoch().count()));
  }

  void Says(std::string_view category, std::string_view verdict) {
    clock_.Advance(Milliseconds(1));
    Post(fmt::format("/v1/interests/{}/feedback", category),
         fmt::format(R"({{"user": "u", "verdict": "{}", "id": "{} {}"}})", verdict, category,
                     verdict));
  }

  void ShowNovel(std::string_view item, int times) {
    for (int i = 0; i < times; ++i) {
      Send(fmt::format(R"({{"user": "u", "type": "exposure", "item": "{}", "channel": "novelty")",
                       item));
    }
  }

  RefreshOutcome Refresh() {
    const auto refresh = refresher_->RefreshUser(UserId("u"), {});
    EXPECT_THAT(refresh, IsOk());
    return refresh.value_or(UserRefresh{}).outcome;
  }

  UserState StateOf(const UserStateStore& states) const {
    return states.Get(UserId("u")).value().value();
  }

  std::vector<LatentInterest> Stored() const {
    return StateOf(*states_).interests.value_or(InterestSet{}).interests;
  }

  // Confidence by category.
  std::map<std::string, float> Interests() const {
    std::map<std::string, float> interests;
    for (const LatentInterest& interest : Stored()) {
      interests[interest.category_id] = interest.confidence;
    }
    return interests;
  }

  // The categories of all items that the novelty channel has for the user.
  std::set<std::string> Recalled() const {
    const Json answer = Post("/v1/recall", R"({"user": "u", "k": 48, "novelty_share": 1})");
    std::set<std::string> categories;
    for (const Json& item : answer["items"]) categories.insert(item["category_id"]);
    return categories;
  }

  TempDir dir_;
  ManualClock clock_;
  FakeChatClient chat_;
  FakeEmbeddingClient embedder_{/*dim=*/13};
  Snapshot<Recaller> recaller_{std::make_shared<const Recaller>(TheBundle(), clock_)};
  std::unique_ptr<UserStateStore> states_;
  std::unique_ptr<EventLog> log_;
  std::unique_ptr<InterestGenerator> generator_;
  std::unique_ptr<InterestRefresher> refresher_;
  std::unique_ptr<Api> api_;
};

TEST_F(InterestFeedbackStoryTest, WithoutFeedbackEverythingIsProposedAndRecalled) {
  EXPECT_THAT(Interests(), UnorderedElementsAre(Key("kettles"), Key("toasters"), Key("mats"),
                                                Key("dumbbells"), Key("lipsticks")));
  EXPECT_THAT(Recalled(),
              UnorderedElementsAre("kettles", "toasters", "mats", "dumbbells", "lipsticks"));
  EXPECT_EQ(Refresh(), RefreshOutcome::kFresh);
}

TEST_F(InterestFeedbackStoryTest, ARejectedInterestIsNotRecalledAtOnceNorProposedAgain) {
  Says("kettles", "reject");
  EXPECT_THAT(Interests(), Contains(Key("kettles")));  // Stored still.
  EXPECT_THAT(Recalled(), UnorderedElementsAre("toasters", "mats", "dumbbells", "lipsticks"));
  EXPECT_EQ(Refresh(), RefreshOutcome::kRefreshed);
  EXPECT_THAT(Interests(), Not(Contains(Key("kettles"))));
  Send(R"({"user": "u", "type": "search", "query": "tent pegs")");
  EXPECT_EQ(Refresh(), RefreshOutcome::kRefreshed);
  EXPECT_THAT(Interests(), Not(Contains(Key("kettles"))));
  EXPECT_THAT(Recalled(), Not(Contains("kettles")));
}

TEST_F(InterestFeedbackStoryTest, ARejectedInterestGetsAnotherChanceAfterNinetyDays) {
  Says("kettles", "reject");
  Refresh();
  clock_.Advance(kFeedbackMemory);
  EXPECT_EQ(Refresh(), RefreshOutcome::kRefreshed);
  EXPECT_THAT(Interests(), Contains(Key("kettles")));
}

TEST_F(InterestFeedbackStoryTest, ADirectionThatIsLeftTakesTheSiblingsOfThatDemandAlone) {
  Says("kettles", "not_this_direction");
  EXPECT_THAT(Recalled(), Not(Contains("toasters")));
  EXPECT_EQ(Refresh(), RefreshOutcome::kRefreshed);
  EXPECT_THAT(Interests(), UnorderedElementsAre(Key("mats"), Key("dumbbells"), Key("lipsticks")));
  for (const LatentInterest& interest : Stored()) {
    EXPECT_EQ(interest.demand, kFit);
  }
  EXPECT_THAT(Recalled(), UnorderedElementsAre("mats", "dumbbells", "lipsticks"));
}

TEST_F(InterestFeedbackStoryTest, AnAcceptedInterestStaysAndRaisesItsSiblings) {
  const std::map<std::string, float> before = Interests();
  Says("kettles", "accept");
  EXPECT_EQ(Refresh(), RefreshOutcome::kRefreshed);
  const std::map<std::string, float> after = Interests();
  EXPECT_GT(after.at("kettles"), before.at("kettles"));
  EXPECT_GT(after.at("toasters"), before.at("toasters"));
  EXPECT_EQ(after.at("lipsticks"), before.at("lipsticks"));
}

TEST_F(InterestFeedbackStoryTest, AVerdictMayBeTakenBackAfterTheRefresh) {
  Says("kettles", "reject");
  Refresh();
  Says("kettles", "accept");
  EXPECT_EQ(Refresh(), RefreshOutcome::kRefreshed);
  EXPECT_THAT(Interests(), Contains(Key("kettles")));
}

TEST_F(InterestFeedbackStoryTest, FeedbackSentAgainChangesNothing) {
  Says("kettles", "reject");
  Refresh();
  const UserState before = StateOf(*states_);
  Says("kettles", "reject");
  EXPECT_EQ(StateOf(*states_), before);
  EXPECT_EQ(Refresh(), RefreshOutcome::kFresh);
}

TEST_F(InterestFeedbackStoryTest, WhatIsShownAgainAndAgainWithoutAClickIsRetired) {
  ShowNovel("kettles-0", 29);
  EXPECT_THAT(Recalled(), Contains("kettles"));
  ShowNovel("kettles-1", 1);
  EXPECT_THAT(Recalled(), Not(Contains("kettles")));
  EXPECT_EQ(Refresh(), RefreshOutcome::kRefreshed);
  EXPECT_THAT(Interests(), Not(Contains(Key("kettles"))));
}

TEST_F(InterestFeedbackStoryTest, AStateRebuiltFromTheLogIsTheSame) {
  Says("kettles", "reject");
  ShowNovel("mats-1", 3);
  Says("lipsticks", "not_this_direction");
  Says("mats", "accept");
  ASSERT_OK_AND_ASSIGN(const auto rebuilt, OpenStates("rebuilt"));
  WorkIn(*rebuilt);
  UserState live = StateOf(*states_);
  live.interests.reset();  // Not of the log.
  EXPECT_EQ(StateOf(*rebuilt), live);
  EXPECT_EQ(live.feedback.given.size(), 3U);
  EXPECT_EQ(live.feedback.outcomes.size(), 1U);
}

}  // namespace
}  // namespace twohop
