#include "twohop/serving/api.h"

#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/manual_clock.h"
#include "twohop/recall/testing/fake_user_encoder.h"
#include "twohop/recall/testing/tiny_bundle.h"
#include "twohop/serving/testing/memory_event_log.h"
#include "twohop/serving/testing/memory_user_states.h"

namespace twohop {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Made once: writing one to disk takes longer than all else here.
std::shared_ptr<const Bundle> TheBundle() {
  static const auto& bundle = *new std::shared_ptr<const Bundle>(MakeTinyBundle());
  return bundle;
}

struct Answer {
  unsigned status = 0;
  Json json;
  std::string text;
};

// The API over a tiny bundle, user "u" who clicked tents and searched, with an interest in mats.
class ApiTest : public testing::Test {
 protected:
  ApiTest() {
    UserState user = TinyUser({"tents-0", "tents-1"});
    user.searches = {{.query = "yoga", .time = clock_.Now()}};
    user.interests = InterestSet{.interests = {TinyInterest("mats")}, .created = clock_.Now()};
    const auto search = user.interests->graph.AddNode(NodeKind::kSearch, "yoga");
    const auto demand = user.interests->graph.AddNode(NodeKind::kDemand, "stretching");
    EXPECT_TRUE(user.interests->graph.AddEdge(search, EdgeRelation::kHypernym, demand).has_value());
    states_.Put(user);
  }

  Answer Ask(std::string method, std::string target, std::string body = {}) {
    const HttpResponse response = api_.Handle({.method = std::move(method),
                                               .target = std::move(target),
                                               .headers = {},
                                               .body = std::move(body)});
    return {.status = response.status,
            .json = Json::parse(response.body, nullptr, /*allow_exceptions=*/false),
            .text = response.body};
  }
  Answer Get(std::string target) { return Ask("GET", std::move(target)); }
  Answer Recall(std::string body) { return Ask("POST", "/v1/recall", std::move(body)); }
  Answer Send(std::string rows) {
    return Ask("POST", "/v1/events", fmt::format(R"({{"events": {}}})", rows));
  }

  Answer Says(std::string_view category, std::string body) {
    return Ask("POST", fmt::format("/v1/interests/{}/feedback", category), std::move(body));
  }

  // A row of a search now.
  std::string Row(std::string_view id) const {
    return fmt::format(R"({{"id": "{}", "user": "u", "type": "search", "query": "tent",
                        "time": {}}})",
                       id, clock_.Now().time_since_epoch().count());
  }

  // "400 <message>"
  static std::string ErrorOf(const Answer& answer) {
    return fmt::format("{} {}", answer.status, answer.json["error"].value("message", "no message"));
  }

  static std::vector<std::string> Ids(const Answer& answer) {
    std::vector<std::string> ids;
    for (const Json& item : answer.json["items"]) ids.push_back(item["id"]);
    return ids;
  }

  ManualClock clock_;
  Snapshot<Recaller> recaller_{std::make_shared<const Recaller>(TheBundle(), clock_)};
  MemoryUserStates states_;
  MemoryEventLog log_;
  std::vector<std::string> handed_on_;
  Api api_{{.recaller = recaller_,
            .states = states_,
            .events = log_,
            .clock = clock_,
            .on_events =
                [this](std::span<const Event> events) {
                  for (const Event& event : events) handed_on_.push_back(event.id.value());
                },
            .server_stats = {}},
           {.program_version = "1.2.3", .max_events = 3}};
};

TEST_F(ApiTest, RecallGivesItemsWithTheirReasons) {
  const Answer answer = Recall(R"({"user": "u", "k": 4, "novelty_share": 1})");
  ASSERT_EQ(answer.status, 200U) << answer.text;
  const Json& item = answer.json["items"][0];
  EXPECT_EQ(item["id"], "mats-1");
  EXPECT_EQ(item["title"], "Yoga Mats 1");
  EXPECT_EQ(item["category"], "Sports > Fitness > Yoga Mats");
  EXPECT_EQ(item["category_id"], "mats");
  EXPECT_EQ(item["channel"], "novelty");
  EXPECT_EQ(item["novel"], true);
  EXPECT_EQ(item["interest"]["category"], "mats");
  EXPECT_EQ(item["interest"]["label"], "Yoga Mats");
  EXPECT_THAT(item["interest"]["path"].get<std::string>(), HasSubstr("searched \"mats\" → "));
  EXPECT_TRUE(item["score"].is_number());
  EXPECT_NE(item["reason"], "");
}

TEST_F(ApiTest, RecallSaysWhatItWasMadeFrom) {
  const Answer answer = Recall(R"({"user": "u", "k": 4})");
  EXPECT_EQ(answer.json["user"], "u");
  EXPECT_EQ(answer.json["bundle"], recaller_.Get()->bundle().version());
  EXPECT_EQ(answer.json["degraded"], false);
  EXPECT_EQ(answer.json["degradations"], Json::array());
  EXPECT_EQ(answer.json["took_us"], 0);
  EXPECT_EQ(answer.json["channels"].size(), kChannelCount);
  EXPECT_EQ(answer.json["channels"][0]["channel"], "novelty");
}

TEST_F(ApiTest, ItemsOfOtherChannelsHaveNoInterest) {
  const Answer answer = Recall(R"({"user": "u", "k": 2, "novelty_share": 0})");
  EXPECT_EQ(answer.json["items"][0]["interest"], nullptr);
}

TEST_F(ApiTest, RecallGivesTwentyItemsUnlessAskedOtherwise) {
  EXPECT_EQ(Recall(R"({"user": "u"})").json["items"].size(), 20U);
}

TEST_F(ApiTest, ExcludedItemsAreLeftOut) {
  const std::string all = R"({"user": "u", "k": 500, "exclude": ["mats-1", "no such item"]})";
  EXPECT_THAT(Ids(Recall(R"({"user": "u", "k": 500})")), testing::Contains("mats-1"));
  EXPECT_THAT(Ids(Recall(all)), testing::Not(testing::Contains("mats-1")));
}

TEST_F(ApiTest, AnUnknownUserGetsPopularItemsAndIsToldSo) {
  const Answer answer = Recall(R"({"user": "nobody", "k": 2})");
  EXPECT_EQ(answer.status, 200U);
  EXPECT_THAT(Ids(answer), ElementsAre("tents-0", "tents-1"));
  EXPECT_EQ(answer.json["user"], "nobody");
  EXPECT_EQ(answer.json["degraded"], true);
  EXPECT_EQ(answer.json["degradations"], Json::array({"unknown_user"}));
}

TEST_F(ApiTest, AUserWhoseRecordIsUnreadableGetsPopularItemsAndIsCounted) {
  states_.FailWith(Error(ErrorCode::kDataLoss, "user \"u\" is damaged"));
  const Answer answer = Recall(R"({"user": "u", "k": 2})");
  EXPECT_EQ(answer.status, 200U);
  EXPECT_THAT(Ids(answer), ElementsAre("tents-0", "tents-1"));
  EXPECT_EQ(answer.json["degraded"], true);
  EXPECT_EQ(answer.json["degradations"][0], "user_state_failed");
  EXPECT_THAT(Get("/metrics").text,
              HasSubstr("twohop_recall_degradations_total{reason=\"user_state_failed\"} 1"));
}

TEST_F(ApiTest, AChannelThatFailsIsNamed) {
  recaller_.Publish(
      std::make_shared<const Recaller>(MakeTinyBundle(LoadBrokenUserEncoder), clock_));
  const Answer answer = Recall(R"({"user": "u", "k": 2})");
  EXPECT_EQ(answer.status, 200U);
  EXPECT_EQ(answer.json["degraded"], true);
  EXPECT_EQ(answer.json["channels"][0]["error"], "the model is broken");
}

TEST_F(ApiTest, RecallRefusesWhatItDoesNotKnow) {
  EXPECT_EQ(ErrorOf(Recall(R"({"user": "u", "kk": 1})")),
            "400 unknown field \"kk\"; known are user, k, novelty_share, exclude");
  EXPECT_EQ(ErrorOf(Recall(R"({"k": 1})")), "400 field \"user\" is missing");
  EXPECT_EQ(ErrorOf(Recall(R"({"user": ""})")), "400 field \"user\" must not be empty");
  EXPECT_EQ(ErrorOf(Recall(R"({"user": 7})")), "400 field \"user\" must be a string, is number");
  EXPECT_EQ(ErrorOf(Recall("[]")), "400 body must be an object, is array");
}

TEST_F(ApiTest, RecallNamesValuesOutOfRange) {
  EXPECT_EQ(ErrorOf(Recall(R"({"user": "u", "k": 0})")),
            "400 field \"k\" must be in [1, 500], is 0");
  EXPECT_EQ(ErrorOf(Recall(R"({"user": "u", "k": 501})")),
            "400 field \"k\" must be in [1, 500], is 501");
  EXPECT_EQ(ErrorOf(Recall(R"({"user": "u", "k": 1.5})")),
            "400 field \"k\" must be an integer, is number");
  EXPECT_EQ(ErrorOf(Recall(R"({"user": "u", "novelty_share": 1.5})")),
            "400 field \"novelty_share\" must be in [0, 1], is 1.5");
  EXPECT_EQ(ErrorOf(Recall(R"({"user": "u", "novelty_share": -1})")),
            "400 field \"novelty_share\" must be in [0, 1], is -1");
  EXPECT_EQ(ErrorOf(Recall(R"({"user": "u", "exclude": "x"})")),
            "400 field \"exclude\" must be an array of strings, is string");
}

TEST_F(ApiTest, WhatIsNotJsonNamesThePosition) {
  EXPECT_THAT(ErrorOf(Recall("{\"user\": \"u\",\n oops}")), HasSubstr("line 2, column 2"));
  EXPECT_EQ(Recall("").status, 400U);
  EXPECT_EQ(Recall("{\"user\": \"\xFF\"}").status, 400U);
}

TEST_F(ApiTest, DeepNestingIsRefusedAndDoesNoHarm) {
  EXPECT_EQ(Recall(std::string(20'000, '[') + std::string(20'000, ']')).status, 400U);
}

TEST_F(ApiTest, WithoutABundleNothingIsServedYet) {
  recaller_.Publish(nullptr);
  EXPECT_EQ(ErrorOf(Recall(R"({"user": "u"})")), "503 no bundle is loaded yet");
  EXPECT_EQ(ErrorOf(Send("[]")), "503 no bundle is loaded yet");
  EXPECT_EQ(ErrorOf(Get("/ready")), "503 no bundle is loaded yet");
  EXPECT_EQ(Get("/health").status, 200U);
  EXPECT_EQ(Get("/v1/users/u").status, 200U);
  EXPECT_EQ(Get("/v1/version").json["bundle"], nullptr);
}

TEST_F(ApiTest, TheNextBundleIsServedAtOnce) {
  const auto first = recaller_.Get();
  recaller_.Publish(nullptr);
  recaller_.Publish(first);
  EXPECT_EQ(Get("/ready").json["bundle"], first->bundle().version());
}

TEST_F(ApiTest, AUserIsShownWithSearchesClicksAndInterests) {
  const Json user = Get("/v1/users/u").json;
  EXPECT_EQ(user["id"], "u");
  EXPECT_EQ(user["age_group"], "25-34");
  EXPECT_EQ(user["clicked_level1"], Json::array({"Outdoor"}));
  EXPECT_EQ(user["clicks"][0]["item"], "tents-0");
  EXPECT_EQ(user["searches"][0]["query"], "yoga");
  EXPECT_EQ(user["interests"][0]["category"], "mats");
  EXPECT_THAT(user["interests"][0]["path"].get<std::string>(), HasSubstr("→"));
  EXPECT_EQ(user["graph"]["nodes"].size(), 2U);
  EXPECT_EQ(user["graph"]["edges"].size(), 1U);
}

TEST_F(ApiTest, AUserWithoutInterestsHasNone) {
  UserState user;
  user.profile.id = UserId("new/1");
  states_.Put(user);
  const Json json = Get("/v1/users/new%2F1").json;
  EXPECT_EQ(json["id"], "new/1");
  EXPECT_EQ(json["interests"], nullptr);
  EXPECT_EQ(json["graph"], nullptr);
}

TEST_F(ApiTest, TheMinutesOfADebateAreAddressableByUser) {
  EXPECT_EQ(ErrorOf(Get("/v1/users/u/debate")), "404 no debate about user \"u\"");
  DebateRecord debate;
  debate.agents = {{.name = "Atlas", .strategy = "shared_edges"}};
  states_.PutDebate(UserId("u"), debate);
  const Answer answer = Get("/v1/users/u/debate");
  EXPECT_EQ(answer.status, 200U);
  EXPECT_EQ(answer.json, DebateToJson(debate));
}

TEST_F(ApiTest, AForgottenUserIsUnknown) {
  UserState user;
  user.profile.id = UserId("u/1");
  states_.Put(user);
  states_.PutDebate(UserId("u/1"), DebateRecord());
  const Answer answer = Ask("DELETE", "/v1/users/u%2F1");
  EXPECT_EQ(answer.status, 200U);
  EXPECT_EQ(answer.json, Json({{"user", "u/1"}, {"forgotten", true}}));
  EXPECT_EQ(Get("/v1/users/u%2F1").status, 404U);
  EXPECT_EQ(Get("/v1/users/u%2F1/debate").status, 404U);
  EXPECT_EQ(Ask("DELETE", "/v1/users/u%2F1").status, 200U);
}

TEST_F(ApiTest, AUserWhoCouldNotBeForgottenIsAnError) {
  states_.FailWith(Error(ErrorCode::kUnavailable, "the disk is away"));
  EXPECT_EQ(ErrorOf(Ask("DELETE", "/v1/users/u")), "503 the disk is away");
}

TEST_F(ApiTest, AnUnknownUserIsNotFound) {
  EXPECT_EQ(ErrorOf(Get("/v1/users/nobody")), "404 no user \"nobody\"");
}

TEST_F(ApiTest, AUserWhoseRecordIsUnreadableIsAnErrorHere) {
  states_.FailWith(Error(ErrorCode::kDataLoss, "user \"u\" is damaged"));
  EXPECT_EQ(ErrorOf(Get("/v1/users/u")), "500 user \"u\" is damaged");
}

// User "e" who clicked a tent and is led from "yoga" to mats.
class ExplainApiTest : public ApiTest {
 protected:
  ExplainApiTest() {
    UserState user = TinyUser({"tents-0"});
    user.profile.id = UserId("e/1");
    user.interests = InterestSet{.interests = {TinyInterest("mats")}, .created = clock_.Now()};
    InterestGraph& graph = user.interests->graph;
    const auto search = graph.AddNode(NodeKind::kSearch, "yoga");
    const auto demand = graph.AddNode(NodeKind::kDemand, "a need");
    const auto mats = graph.AddNode(NodeKind::kCategory, "Yoga Mats", "mats");
    EXPECT_TRUE(graph.AddEdge(search, EdgeRelation::kHypernym, demand).has_value());
    EXPECT_TRUE(graph.AddEdge(demand, EdgeRelation::kCoHyponym, mats).has_value());
    states_.Put(user);
  }

  Answer Explain(const std::string& category) {
    return Get("/v1/explain?user=e%2F1&category=" + category);
  }
};

TEST_F(ExplainApiTest, AnInterestIsRelatedWithItsPath) {
  const Answer answer = Explain("Yoga+Mats");
  ASSERT_EQ(answer.status, 200U) << answer.text;
  EXPECT_EQ(answer.json["user"], "e/1");
  EXPECT_EQ(answer.json["category"], "mats");
  EXPECT_EQ(answer.json["related"], true);
  EXPECT_EQ(answer.json["reason"], nullptr);
  ASSERT_EQ(answer.json["paths"].size(), 1U);
  EXPECT_EQ(answer.json["paths"][0]["path"], "searched \"yoga\" → a need → Yoga Mats");
  EXPECT_EQ(answer.json["paths"][0]["confidence"], 0.5);
}

TEST_F(ExplainApiTest, WithoutARelationTheReasonIsGivenAndTheStatusIsStillOk) {
  EXPECT_EQ(Explain("tents").json["reason"], "not_novel");
  EXPECT_EQ(Explain("tents").json["clicks"]["count"], 1);
  const Answer answer = Explain("dumbbells");
  EXPECT_EQ(answer.status, 200U);
  EXPECT_EQ(answer.json["reason"], "not_reached");
  EXPECT_EQ(answer.json["nearest"][0]["by"], "same_level2");
}

TEST_F(ExplainApiTest, WithoutACategoryAllInterestsAreExplained) {
  const Json json = Get("/v1/explain?user=e%2F1").json;
  EXPECT_EQ(json["user"], "e/1");
  ASSERT_EQ(json["relations"].size(), 1U);
  EXPECT_EQ(json["relations"][0]["category"], "mats");
}

TEST_F(ExplainApiTest, AUserWithoutInterestsHasNoRelation) {
  UserState user;
  user.profile.id = UserId("new");
  states_.Put(user);
  EXPECT_EQ(Get("/v1/explain?user=new&category=mats").json["reason"], "no_interests");
  EXPECT_EQ(Get("/v1/explain?user=new").json["relations"], Json::array());
}

TEST_F(ExplainApiTest, AnUnknownUserIsNotFound) {
  EXPECT_EQ(ErrorOf(Get("/v1/explain?user=nobody&category=mats")), "404 no user \"nobody\"");
}

TEST_F(ExplainApiTest, AnUnknownCategoryIsOfferedTheNearOnes) {
  EXPECT_EQ(ErrorOf(Explain("Yoga+Mast")),
            "400 no category is called \"Yoga Mast\"; near it: \"Yoga Mats\"");
  EXPECT_THAT(ErrorOf(Explain("")), HasSubstr("400 no category is called \"\""));
}

TEST_F(ExplainApiTest, WrongParametersAreNamed) {
  EXPECT_EQ(ErrorOf(Get("/v1/explain")), "400 parameter \"user\" is missing");
  EXPECT_EQ(ErrorOf(Get("/v1/explain?user=&category=mats")),
            "400 parameter \"user\" must not be empty");
  EXPECT_EQ(ErrorOf(Get("/v1/explain?user=u&categories=mats")),
            "400 unknown parameter \"categories\"; known are user, category");
}

TEST_F(ExplainApiTest, ADamagedRecordAndAMissingBundleAreErrors) {
  states_.FailWith(Error(ErrorCode::kDataLoss, "user \"u\" is damaged"));
  EXPECT_EQ(ErrorOf(Get("/v1/explain?user=u")), "500 user \"u\" is damaged");
  recaller_.Publish(nullptr);
  EXPECT_EQ(ErrorOf(Get("/v1/explain?user=u")), "503 no bundle is loaded yet");
}

TEST_F(ExplainApiTest, OtherMethodsAreNotAllowed) {
  EXPECT_EQ(Ask("POST", "/v1/explain?user=u").status, 405U);
}

TEST_F(ApiTest, AUserIsShownWithFeedbackAndWhatItComesTo) {
  UserState user = *states_.Get(UserId("u")).value();
  user.feedback.given = {{FeedbackVerdict::kReject, "mats", "a need", clock_.Now()}};
  user.feedback.outcomes = {{.category_id = "ropes", .exposures = 4, .newest = clock_.Now()}};
  states_.Put(user);
  const Json json = Get("/v1/users/u").json;
  EXPECT_EQ(json["feedback"][0]["verdict"], "reject");
  EXPECT_EQ(json["feedback"][0]["category"], "mats");
  EXPECT_EQ(json["feedback"][0]["demand"], "a need");
  EXPECT_EQ(json["novelty_outcomes"][0]["category"], "ropes");
  EXPECT_EQ(json["novelty_outcomes"][0]["exposures"], 4);
  EXPECT_EQ(json["interests"][0]["feedback"]["weight"], 0);
  EXPECT_THAT(json["interests"][0]["feedback"]["reason"].get<std::string>(),
              HasSubstr("rejected on 2023-11-14"));
}

TEST_F(ApiTest, AnInterestWithoutFeedbackHasNone) {
  EXPECT_EQ(Get("/v1/users/u").json["feedback"], Json::array());
  EXPECT_EQ(Get("/v1/users/u").json["interests"][0]["feedback"], nullptr);
}

TEST_F(ApiTest, FeedbackIsAppendedWithTheDemandAndHandedOn) {
  const Answer answer = Says("mats", R"({"user": "u", "verdict": "not_this_direction"})");
  ASSERT_EQ(answer.status, 200U) << answer.text;
  ASSERT_EQ(log_.events().size(), 1U);
  const Event event = log_.events()[0];
  EXPECT_EQ(answer.json, Json({{"id", event.id.value()},
                               {"user", "u"},
                               {"category", "mats"},
                               {"demand", "a need"},
                               {"verdict", "not_this_direction"},
                               {"duplicate", false}}));
  EXPECT_EQ(event.type, EventType::kFeedback);
  EXPECT_EQ(event.user, UserId("u"));
  EXPECT_EQ(event.category_id, "mats");
  EXPECT_EQ(event.demand, "a need");
  EXPECT_EQ(event.verdict, FeedbackVerdict::kNotThisDirection);
  EXPECT_EQ(event.time, clock_.Now());
  EXPECT_EQ(event.received, clock_.Now());
  EXPECT_THAT(handed_on_, ElementsAre(event.id.value()));
  EXPECT_THAT(Get("/metrics").text, HasSubstr("twohop_events_total{result=\"appended\"} 1\n"));
}

TEST_F(ApiTest, FeedbackSentAgainUnderItsIdChangesNothing) {
  const std::string body = R"({"user": "u", "verdict": "reject", "id": "f1"})";
  EXPECT_EQ(Says("mats", body).json["id"], "f1");
  clock_.Advance(std::chrono::seconds(5));
  const Answer again = Says("mats", body);
  EXPECT_EQ(again.status, 200U);
  EXPECT_EQ(again.json["duplicate"], true);
  EXPECT_EQ(log_.events().size(), 1U);
}

TEST_F(ApiTest, FeedbackMayBeChangedAfterTheInterestIsGone) {
  UserState user = TinyUser({"tents-0"});
  user.feedback.given = {{FeedbackVerdict::kReject, "kettles", "a warm drink", clock_.Now()}};
  states_.Put(user);
  const Answer answer = Says("kettles", R"({"user": "u", "verdict": "accept"})");
  EXPECT_EQ(answer.status, 200U) << answer.text;
  EXPECT_EQ(answer.json["demand"], "a warm drink");
}

TEST_F(ApiTest, FeedbackOnWhatTheUserDoesNotHaveIsNotFound) {
  EXPECT_EQ(ErrorOf(Says("mats", R"({"user": "nobody", "verdict": "accept"})")),
            "404 no user \"nobody\"");
  EXPECT_EQ(ErrorOf(Says("kettles", R"({"user": "u", "verdict": "accept"})")),
            "404 user \"u\" has no latent interest in category \"kettles\"");
  EXPECT_EQ(Says("no%20such", R"({"user": "u", "verdict": "accept"})").status, 404U);
  EXPECT_TRUE(log_.events().empty());
}

TEST_F(ApiTest, FeedbackRefusesBadBodiesAndNamesTheField) {
  EXPECT_EQ(ErrorOf(Says("mats", R"({"verdict": "accept"})")), "400 field \"user\" is missing");
  EXPECT_EQ(ErrorOf(Says("mats", R"({"user": "", "verdict": "accept"})")),
            "400 field \"user\" must not be empty");
  EXPECT_EQ(ErrorOf(Says("mats", R"({"user": "u"})")), "400 field \"verdict\" is missing");
  EXPECT_THAT(ErrorOf(Says("mats", R"({"user": "u", "verdict": "maybe"})")),
              HasSubstr("400 field \"verdict\": a verdict is \"accept\""));
  EXPECT_EQ(ErrorOf(Says("mats", R"({"user": "u", "verdict": "accept", "id": 7})")),
            "400 field \"id\" must be a string, is number");
  EXPECT_THAT(ErrorOf(Says("mats", R"({"user": "u", "verdict": "accept", "id": "a\nb"})")),
              HasSubstr("400 field \"id\""));
  EXPECT_EQ(ErrorOf(Says("mats", R"({"user": "u", "verdict": "accept", "item": "x"})")),
            "400 unknown field \"item\"; known are user, verdict, id");
  EXPECT_EQ(Says("mats", "oops").status, 400U);
  EXPECT_TRUE(log_.events().empty());
}

TEST_F(ApiTest, FeedbackNeedsABundleAStoreAndALog) {
  const std::string body = R"({"user": "u", "verdict": "accept"})";
  log_.FailWith(Error(ErrorCode::kResourceExhausted, "no space left"));
  EXPECT_EQ(ErrorOf(Says("mats", body)), "429 no space left");
  states_.FailWith(Error(ErrorCode::kDataLoss, "user \"u\" is damaged"));
  EXPECT_EQ(ErrorOf(Says("mats", body)), "500 user \"u\" is damaged");
  recaller_.Publish(nullptr);
  EXPECT_EQ(ErrorOf(Says("mats", body)), "503 no bundle is loaded yet");
  EXPECT_TRUE(handed_on_.empty());
}

TEST_F(ApiTest, FeedbackAmongEventsIsTakenToo) {
  const Answer answer = Send(fmt::format(
      R"([{{"user": "u", "type": "feedback", "category": "mats", "verdict": "accept", "time": {}}}])",
      clock_.Now().time_since_epoch().count()));
  EXPECT_EQ(answer.status, 200U) << answer.text;
  EXPECT_EQ(log_.events().at(0).category_id, "mats");
}

TEST_F(ApiTest, EventsAreAppendedAndHandedOn) {
  const Answer answer = Send(fmt::format("[{}, {}]", Row("a"), Row("b")));
  EXPECT_EQ(answer.status, 200U) << answer.text;
  EXPECT_EQ(answer.json, Json::parse(R"({"accepted": 2, "appended": 2, "duplicates": 0,
                                         "rejected": 0, "results": [{"id": "a"}, {"id": "b"}]})"));
  ASSERT_EQ(log_.events().size(), 2U);
  EXPECT_EQ(log_.events()[0].query, "tent");
  EXPECT_EQ(log_.events()[0].received, clock_.Now());
  EXPECT_THAT(handed_on_, ElementsAre("a", "b"));
}

TEST_F(ApiTest, EventsSentAgainChangeNothing) {
  Send(fmt::format("[{}]", Row("a")));
  const Answer answer = Send(fmt::format("[{}, {}]", Row("a"), Row("b")));
  EXPECT_EQ(answer.json["appended"], 1);
  EXPECT_EQ(answer.json["duplicates"], 1);
  EXPECT_EQ(log_.events().size(), 2U);
}

TEST_F(ApiTest, ABadRowIsReportedAndTheOthersCount) {
  const Answer answer =
      Send(fmt::format(R"([{}, {{"user": "u", "type": "purchase"}}, {}])", Row("a"), Row("b")));
  EXPECT_EQ(answer.status, 200U);
  EXPECT_EQ(answer.json["rejected"], 1);
  EXPECT_EQ(answer.json["results"][1]["error"]["code"], "InvalidArgument");
  EXPECT_THAT(answer.json["results"][1]["error"]["message"].get<std::string>(), HasSubstr("type"));
  EXPECT_THAT(handed_on_, ElementsAre("a", "b"));
}

TEST_F(ApiTest, OnlyBadRowsAreABadRequest) {
  const Answer answer = Send(R"([7, {}])");
  EXPECT_EQ(answer.status, 400U);
  EXPECT_THAT(ErrorOf(answer), HasSubstr("no event is valid; the first: "));
  EXPECT_EQ(answer.json["results"].size(), 2U);
  EXPECT_TRUE(log_.events().empty());
  EXPECT_TRUE(handed_on_.empty());
}

TEST_F(ApiTest, AnEventForAnUnknownItemIsRejected) {
  const Answer answer =
      Send(fmt::format(R"([{{"user": "u", "type": "click", "item": "nope", "time": {}}}])",
                       clock_.Now().time_since_epoch().count()));
  EXPECT_EQ(answer.status, 400U);
  EXPECT_THAT(ErrorOf(answer), HasSubstr("nope"));
}

TEST_F(ApiTest, EventsRefusesBodiesOfAnotherForm) {
  EXPECT_EQ(ErrorOf(Ask("POST", "/v1/events", "{}")), "400 field \"events\" must be an array");
  EXPECT_EQ(ErrorOf(Send("{}")), "400 field \"events\" must be an array");
  EXPECT_EQ(ErrorOf(Send("[]")), "400 field \"events\" must have [1, 3] rows, has 0");
  EXPECT_EQ(ErrorOf(Send("[1, 2, 3, 4]")), "400 field \"events\" must have [1, 3] rows, has 4");
  EXPECT_EQ(ErrorOf(Ask("POST", "/v1/events", R"({"rows": []})")),
            "400 unknown field \"rows\"; known are events");
}

TEST_F(ApiTest, AFullDiskIsTooManyRequests) {
  log_.FailWith(Error(ErrorCode::kResourceExhausted, "no space left"));
  EXPECT_EQ(ErrorOf(Send(fmt::format("[{}]", Row("a")))), "429 no space left");
  EXPECT_TRUE(handed_on_.empty());
}

TEST_F(ApiTest, ABrokenLogIsUnavailable) {
  log_.FailWith(Error(ErrorCode::kUnavailable, "disk is gone"));
  EXPECT_EQ(ErrorOf(Send(fmt::format("[{}]", Row("a")))), "503 disk is gone");
}

TEST_F(ApiTest, VersionNamesProgramAndBundle) {
  const Json version = Get("/v1/version").json;
  EXPECT_EQ(version["version"], "1.2.3");
  EXPECT_EQ(version["bundle"]["version"], recaller_.Get()->bundle().version());
  EXPECT_EQ(version["bundle"]["items"], 48);
  EXPECT_EQ(version["bundle"]["categories"], 8);
  EXPECT_EQ(version["bundle"]["text_encoder"], kTinyTextEncoder);
}

TEST_F(ApiTest, MetricsCountRequestsByRouteAndStatus) {
  Get("/health");
  Get("/v1/users/u");
  Get("/v1/users/nobody");
  Get("/nope");
  const std::string text = Get("/metrics").text;
  EXPECT_THAT(text, HasSubstr("twohop_http_requests_total{route=\"/health\",status=\"200\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("{route=\"/v1/users/{id}\",status=\"404\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("{route=\"none\",status=\"404\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("twohop_http_request_seconds_count{route=\"/health\""));
}

TEST_F(ApiTest, MetricsCountItemsByChannelAndNovelty) {
  Recall(R"({"user": "u", "k": 4, "novelty_share": 1})");
  Recall(R"({"user": "nobody", "k": 3})");
  const std::string text = Get("/metrics").text;
  EXPECT_THAT(text, HasSubstr("twohop_recall_items_total{channel=\"novelty\",novel=\"true\"} 4\n"));
  EXPECT_THAT(text, HasSubstr("twohop_recalls_total 2\n"));
  EXPECT_THAT(text, HasSubstr("twohop_recalls_degraded_total 1\n"));
  EXPECT_THAT(text, HasSubstr("twohop_recall_degradations_total{reason=\"unknown_user\"} 1\n"));
}

TEST_F(ApiTest, MetricsCountEventsByResult) {
  Send(fmt::format("[{}, {}, 7]", Row("a"), Row("a")));
  const std::string text = Get("/metrics").text;
  EXPECT_THAT(text, HasSubstr("twohop_events_total{result=\"appended\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("twohop_events_total{result=\"duplicate\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("twohop_events_total{result=\"rejected\"} 1\n"));
}

TEST_F(ApiTest, MetricsSayWhetherABundleIsLoaded) {
  EXPECT_THAT(Get("/metrics").text, HasSubstr("twohop_ready 1\n"));
  recaller_.Publish(nullptr);
  EXPECT_THAT(Get("/metrics").text, HasSubstr("twohop_ready 0\n"));
}

TEST_F(ApiTest, RoutesAreForOneMethodEach) {
  EXPECT_EQ(Ask("GET", "/v1/recall").status, 405U);
  EXPECT_EQ(Ask("POST", "/health").status, 405U);
}

}  // namespace
}  // namespace twohop
