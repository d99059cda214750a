// POST /v1/features.

#include <memory>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/json.h"
#include "twohop/base/testing/manual_clock.h"
#include "twohop/recall/testing/tiny_bundle.h"
#include "twohop/serving/api.h"
#include "twohop/serving/testing/memory_event_log.h"
#include "twohop/serving/testing/memory_user_states.h"

namespace twohop {
namespace {

using testing::HasSubstr;

struct Answer {
  unsigned status = 0;
  Json json;
};

// User "u" clicked a tent and has interests in mats and kettles.
class FeaturesApiTest : public testing::Test {
 protected:
  FeaturesApiTest() {
    UserState user = TinyUser({"tents-0"});
    user.interests = InterestSet{.interests = {TinyInterest("mats"), TinyInterest("kettles")},
                                 .created = clock_.Now()};
    states_.Put(user);
  }

  Answer Ask(std::string body) {
    const HttpResponse response = api_.Handle(
        {.method = "POST", .target = "/v1/features", .headers = {}, .body = std::move(body)});
    return {.status = response.status, .json = Json::parse(response.body, nullptr, false)};
  }
  // "400 <message>"
  std::string ErrorOf(std::string body) {
    const Answer answer = Ask(std::move(body));
    return fmt::format("{} {}", answer.status, answer.json["error"].value("message", ""));
  }

  ManualClock clock_;
  Snapshot<Recaller> recaller_{std::make_shared<const Recaller>(MakeTinyBundle(), clock_)};
  MemoryUserStates states_;
  MemoryEventLog log_;
  Api api_{
      {.recaller = recaller_, .states = states_, .events = log_, .clock = clock_, .on_events = {}},
      {}};
};

TEST_F(FeaturesApiTest, EveryItemHasTheFeaturesThatARankerNeeds) {
  const Answer answer = Ask(R"({"user": "u", "items": ["kettles-0", "tents-1"]})");
  ASSERT_EQ(answer.status, 200U) << answer.json;
  EXPECT_EQ(answer.json["user"], "u");
  EXPECT_EQ(answer.json["bundle"], recaller_.Get()->bundle().version());
  EXPECT_EQ(answer.json["degradations"], Json::array());
  EXPECT_EQ(answer.json["took_us"], 0);
  const Json& kettle = answer.json["items"][0];
  EXPECT_EQ(kettle["id"], "kettles-0");
  EXPECT_EQ(kettle["known"], true);
  EXPECT_EQ(kettle["novel"], true);
  EXPECT_FLOAT_EQ(kettle["text_match"], 1.0F);
  EXPECT_EQ(kettle["interest"]["category"], "kettles");
  EXPECT_EQ(kettle["interest"]["label"], "Kettles");
  EXPECT_EQ(kettle["interest"]["rank"], 2);
  EXPECT_FLOAT_EQ(kettle["interest"]["confidence"], 0.5F);
  EXPECT_FLOAT_EQ(kettle["interest"]["score"], 1.0F);
  EXPECT_FLOAT_EQ(kettle["interest"]["text_score"], 1.0F);
  EXPECT_FALSE(kettle["interest"].contains("path"));
  const Json& tent = answer.json["items"][1];
  EXPECT_EQ(tent["novel"], false);
  EXPECT_GT(tent["u2i_score"], kettle["u2i_score"]);
}

TEST_F(FeaturesApiTest, ThePathComesIfAskedFor) {
  const Answer answer = Ask(R"({"user": "u", "items": ["kettles-0"], "paths": true})");
  EXPECT_EQ(answer.json["items"][0]["interest"]["path"], "searched \"kettles\" → a need → Kettles");
}

TEST_F(FeaturesApiTest, AnItemThatTheCatalogueLacksIsSaidToBeUnknown) {
  const Answer answer = Ask(R"({"user": "u", "items": ["gone", "kettles-0"]})");
  EXPECT_EQ(answer.json["items"][0], Json({{"id", "gone"}, {"known", false}}));
  EXPECT_EQ(answer.json["items"][1]["known"], true);
}

TEST_F(FeaturesApiTest, WithoutInterestsTheMatchIsNullAndTheReasonIsGiven) {
  const Answer answer = Ask(R"({"user": "nobody", "items": ["kettles-0"]})");
  EXPECT_EQ(answer.status, 200U);
  EXPECT_EQ(answer.json["degradations"], Json::array({"unknown_user"}));
  EXPECT_EQ(answer.json["items"][0]["interest"], nullptr);
  EXPECT_EQ(answer.json["items"][0]["text_match"], nullptr);
}

TEST_F(FeaturesApiTest, ARequestThatIsWrongNamesItsField) {
  EXPECT_EQ(ErrorOf(R"({"items": ["a"]})"), "400 field \"user\" is missing");
  EXPECT_EQ(ErrorOf(R"({"user": "", "items": ["a"]})"), "400 field \"user\" must not be empty");
  EXPECT_EQ(ErrorOf(R"({"user": "u"})"), "400 field \"items\" must have 1 to 500 ids, has 0");
  EXPECT_THAT(ErrorOf(R"({"user": "u", "items": [1]})"), HasSubstr("400 field \"items"));
  EXPECT_THAT(ErrorOf(R"({"user": "u", "items": ["a"], "path": true})"),
              HasSubstr("400 unknown field \"path\""));
  const Json many = {{"user", "u"}, {"items", std::vector<std::string>(501, "a")}};
  EXPECT_EQ(ErrorOf(many.dump()), "400 field \"items\" must have 1 to 500 ids, has 501");
}

TEST_F(FeaturesApiTest, ARecordThatCannotBeReadIsAnError) {
  states_.FailWith(Error(ErrorCode::kDataLoss, "user \"u\" is damaged"));
  EXPECT_EQ(Ask(R"({"user": "u", "items": ["kettles-0"]})").status, 500U);
}

TEST_F(FeaturesApiTest, WithoutABundleItIsNotReady) {
  recaller_.Publish(nullptr);
  EXPECT_EQ(Ask(R"({"user": "u", "items": ["kettles-0"]})").status, 503U);
}

}  // namespace
}  // namespace twohop
