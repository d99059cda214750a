// What a night with a broken language model does to stored interests: nothing. Each test goes
// through the real client, over loopback.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/json.h"
#include "twohop/base/testing/manual_clock.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/llm/circuit_breaker.h"
#include "twohop/llm/openai_client.h"
#include "twohop/llm/testing/fake_embedding_client.h"
#include "twohop/llm/testing/fake_http_server.h"
#include "twohop/nearline/interest_refresher.h"
#include "twohop/reasoning/testing/small_shop.h"
#include "twohop/reasoning/two_hop_generator.h"

namespace twohop {
namespace {

using testing::Each;
using testing::Ge;
using testing::SizeIs;

std::string ChatBody(const std::string& text, const std::string& finish = "stop") {
  return DumpJson({{"model", "served"},
                   {"choices", {{{"finish_reason", finish}, {"message", {{"content", text}}}}}},
                   {"usage", {{"prompt_tokens", 100}, {"completion_tokens", 20}}}});
}

std::string GoodAnswer() {
  return R"({"demands":[{"from":[1],"demand":"sleeping outdoors",)"
         R"("categories":[{"name":"Lanterns","relation":"co_hyponym"}]}]})";
}

// Three users of the small shop whose interests were found the day before, and are due.
class LanguageModelOutageTest : public testing::Test {
 protected:
  void SetUp() override {
    auto states = OpenUserStateStore(dir_.path() / "states", OpenMode::kReadWrite);
    ASSERT_THAT(states, IsOk());
    states_ = *std::move(states);
    for (const UserId& user : users_) Search(user);
    server_->AnswerWith(
        [](const FakeHttpRequest&) { return FakeHttpReply{.body = ChatBody(GoodAnswer())}; });
    Connect();
    ASSERT_EQ(Refresh().refreshed, users_.size());
    before_ = Stored();
    ASSERT_THAT(before_, Each(testing::Ne(std::nullopt)));
    clock_.Advance(std::chrono::hours(25));
  }

  void Search(const UserId& user) {
    StateEvent event;
    event.event.user = user;
    event.event.type = EventType::kSearch;
    event.event.query = "tent";
    event.event.time = clock_.Now();
    ASSERT_THAT(states_->Apply({&event, 1}, LogOffset(++next_)), IsOk());
  }

  void Connect() {
    endpoint_.base_url = server_->base_url();
    endpoint_.model = "served";
    auto chat = MakeOpenAiChatClient(endpoint_, clock_, /*jitter_seed=*/1, meter_);
    ASSERT_THAT(chat, IsOk());
    generator_.reset();
    chat_ = *std::move(chat);
    ReasonWith(*chat_);
  }

  void ReasonWith(ChatClient& chat) {
    auto generator = MakeTwoHopGenerator(chat, embedder_, {SmallShopSpace(), prompts_, nullptr},
                                         {.strategy = TwoHopStrategy::kFullTwoHop}, clock_);
    ASSERT_THAT(generator, IsOk());
    generator_ = *std::move(generator);
  }

  RefreshReport Refresh() {
    InterestRefresher refresher(*states_, *generator_, clock_, {}, options_);
    return refresher.RefreshUsers(users_, *progress_, {}).report;
  }

  void ServerAlways(const FakeHttpReply& reply) {
    server_->AnswerWith([reply](const FakeHttpRequest&) { return reply; });
  }

  std::vector<std::optional<InterestSet>> Stored() {
    std::vector<std::optional<InterestSet>> stored;
    for (const UserId& user : users_) {
      const auto state = states_->Get(user);
      EXPECT_THAT(state, IsOk());
      stored.push_back(state.has_value() && *state ? (*state)->interests : std::nullopt);
    }
    return stored;
  }

  // Every user fails with this, and keeps the interests of the day before.
  void ExpectFailures(ErrorCode code, const std::string& text) {
    const RefreshReport report = Refresh();
    EXPECT_EQ(report.failed, users_.size());
    EXPECT_EQ(report.total(), users_.size());
    for (const UserFailure& failure : report.failures) {
      EXPECT_EQ(failure.error.code(), code) << failure.error.message();
      EXPECT_NE(failure.error.message().find(text), std::string::npos) << failure.error.message();
    }
    EXPECT_EQ(Stored(), before_);
  }

  TempDir dir_;
  ManualClock clock_;
  std::unique_ptr<FakeHttpServer> server_ = std::make_unique<FakeHttpServer>();
  Endpoint endpoint_{.model = "served", .max_attempts = 2};
  TokenMeter meter_;
  FakeEmbeddingClient embedder_;
  const std::shared_ptr<const PromptSet> prompts_ = std::make_shared<const PromptSet>(
      *LoadPromptSet(std::filesystem::path(TWOHOP_SOURCE_DIR) / "prompts"));
  std::unique_ptr<UserStateStore> states_;
  std::unique_ptr<ChatClient> chat_;
  std::unique_ptr<InterestGenerator> generator_;
  RefreshOptions options_{.concurrency = 1, .max_consecutive_failures = 10};
  const std::unique_ptr<Progress> progress_ = MakeSilentProgress();
  const std::vector<UserId> users_{UserId("u0"), UserId("u1"), UserId("u2")};
  std::vector<std::optional<InterestSet>> before_;
  std::uint64_t next_ = 0;
};

TEST_F(LanguageModelOutageTest, AServerThatIsDownIsUnavailable) {
  server_.reset();
  ExpectFailures(ErrorCode::kUnavailable, "after 2 attempts");
}

TEST_F(LanguageModelOutageTest, ASlowServerIsDeadlineExceeded) {
  endpoint_.request_timeout = Milliseconds(20);
  Connect();
  ServerAlways({.body = {}, .never = true});
  ExpectFailures(ErrorCode::kDeadlineExceeded, "after 2 attempts");
}

TEST_F(LanguageModelOutageTest, ARefreshThatTakesTooLongIsGivenUp) {
  options_.deadline = std::chrono::minutes(5);
  ServerAlways({.body = {}, .never = true});
  ExpectFailures(ErrorCode::kDeadlineExceeded, "no interests within 5 min 00 s");
}

TEST_F(LanguageModelOutageTest, TheRetryAfterOfARateLimitIsWaitedFor) {
  ServerAlways({.status = 429, .body = R"({"error":"slow down"})", .headers = {"Retry-After: 7"}});
  ExpectFailures(ErrorCode::kResourceExhausted, "429");
  EXPECT_THAT(clock_.sleeps(), SizeIs(users_.size()));
  EXPECT_THAT(clock_.sleeps(), Each(Ge(std::chrono::seconds(7))));
}

TEST_F(LanguageModelOutageTest, ARetryAfterOfHoursIsNotWaitedFor) {
  ServerAlways({.status = 429, .body = "{}", .headers = {"Retry-After: 7200"}});
  ExpectFailures(ErrorCode::kResourceExhausted, "asks to wait 7200 s");
  EXPECT_THAT(clock_.sleeps(), SizeIs(0));
}

TEST_F(LanguageModelOutageTest, BehindABreakerADeadServerIsLeftAlone) {
  CircuitBreakerChatClient breaker(*chat_, clock_, {.failures = 1});
  ReasonWith(breaker);
  ServerAlways({.status = 503, .body = "{}"});
  const std::size_t asked = server_->requests().size();
  ExpectFailures(ErrorCode::kUnavailable, "");
  EXPECT_EQ(server_->requests().size(), asked + 2);  // Both attempts of the first user's call.
  EXPECT_EQ(breaker.state(), BreakerState::kOpen);
  generator_.reset();
}

TEST_F(LanguageModelOutageTest, AfterwardsInterestsAreFoundAgain) {
  ServerAlways({.status = 503, .body = "{}"});
  EXPECT_EQ(Refresh().failed, users_.size());
  ServerAlways({.body = ChatBody(GoodAnswer())});
  EXPECT_EQ(Refresh().refreshed, users_.size());
}

struct BrokenReply {
  const char* name;
  FakeHttpReply reply;
  ErrorCode code;
};

void PrintTo(const BrokenReply& broken, std::ostream* out) { *out << broken.name; }

class BrokenReplyTest : public LanguageModelOutageTest,
                        public testing::WithParamInterface<BrokenReply> {};

TEST_P(BrokenReplyTest, IsAFailureAndInterestsStay) {
  ServerAlways(GetParam().reply);
  ExpectFailures(GetParam().code, "");
}

INSTANTIATE_TEST_SUITE_P(
    Replies, BrokenReplyTest,
    testing::Values(
        BrokenReply{"Overloaded", {.status = 503, .body = "{}"}, ErrorCode::kUnavailable},
        BrokenReply{"HangsUp", {.body = {}, .hang_up = true}, ErrorCode::kUnavailable},
        BrokenReply{"KeyRefused", {.status = 401, .body = "{}"}, ErrorCode::kFailedPrecondition},
        BrokenReply{"Empty", {.body = ""}, ErrorCode::kInternal},
        BrokenReply{"NotJson", {.body = "I cannot do that"}, ErrorCode::kInternal},
        BrokenReply{"Html", {.body = "<html><body>Sign in</body></html>"}, ErrorCode::kInternal},
        BrokenReply{
            "CutShort", {.body = ChatBody(GoodAnswer()).substr(0, 60)}, ErrorCode::kInternal},
        BrokenReply{"WrongShape", {.body = R"({"answer":"yes"})"}, ErrorCode::kInternal}),
    [](const auto& test) { return std::string(test.param.name); });

struct UselessAnswer {
  const char* name;
  std::string body;
};

void PrintTo(const UselessAnswer& useless, std::ostream* out) { *out << useless.name; }

class UselessAnswerTest : public LanguageModelOutageTest,
                          public testing::WithParamInterface<UselessAnswer> {};

// The model could be asked and answered: no failure of the service, and yet nothing is replaced.
TEST_P(UselessAnswerTest, IsCountedAsKeptAndInterestsStay) {
  ServerAlways({.body = GetParam().body});
  const RefreshReport report = Refresh();
  EXPECT_EQ(report.kept, users_.size());
  EXPECT_EQ(report.refreshed, 0U);
  std::uint64_t rejected = 0;
  for (const std::uint64_t count : report.rejected) rejected += count;
  EXPECT_GE(rejected, users_.size());
  EXPECT_EQ(Stored(), before_);
}

INSTANTIATE_TEST_SUITE_P(
    Answers, UselessAnswerTest,
    testing::Values(
        UselessAnswer{"Chatty", ChatBody("Sure! Here are some great ideas for you.")},
        UselessAnswer{"CutShort", ChatBody(GoodAnswer().substr(0, 50), "length")},
        UselessAnswer{"OtherSchema", ChatBody(R"({"interests":["Lanterns"]})")},
        UselessAnswer{"WrongTypes", ChatBody(R"({"demands":[{"from":"tent","demand":7}]})")},
        UselessAnswer{"UnknownCategory",
                      ChatBody(R"({"demands":[{"from":[1],"demand":"music","categories":)"
                               R"([{"name":"Saxophones","relation":"co_hyponym"}]}]})")}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace twohop
