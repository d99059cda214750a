// What users search for, and who they are, is in no log and no message of ours, whatever goes
// wrong.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/clock.h"
#include "twohop/base/json.h"
#include "twohop/base/testing/manual_clock.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/eventlog/rocksdb_event_log.h"
#include "twohop/llm/openai_client.h"
#include "twohop/llm/testing/fake_http_server.h"
#include "twohop/nearline/interest_refresher.h"
#include "twohop/nearline/interest_worker.h"
#include "twohop/reasoning/testing/small_shop.h"
#include "twohop/reasoning/two_hop_generator.h"
#include "twohop/serving/api_server.h"
#include "twohop/serving/testing/raw_http_client.h"

namespace twohop {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kSearch = "merkwortlampe";
constexpr const char* kAge = "merkwortalter";

// Everything that is printed while it lives.
class Printed {
 public:
  Printed() {
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
  }
  ~Printed() {
    if (!taken_) Take();
  }
  Printed(const Printed&) = delete;
  Printed& operator=(const Printed&) = delete;

  std::string Take() {
    taken_ = true;
    return testing::internal::GetCapturedStdout() + testing::internal::GetCapturedStderr();
  }

 private:
  bool taken_ = false;
};

class SearchTextPrivacyTest : public testing::Test {
 protected:
  SearchTextPrivacyTest() {
    auto states = OpenUserStateStore(dir_.path() / "state", OpenMode::kReadWrite);
    EXPECT_THAT(states, IsOk());
    states_ = *std::move(states);
    model_server_.AnswerWith([this](const FakeHttpRequest& request) { return Refuse(request); });
    SearchAs("ann");
  }

  // As servers do that quote what they cannot work with.
  FakeHttpReply Refuse(const FakeHttpRequest& request) const {
    const std::string quoted = fmt::format("cannot tokenize {}", request.body);
    return {.status = status_,
            .body = plain_ ? quoted : DumpJson({{"error", {{"message", quoted}}}})};
  }

  void SearchAs(const std::string& user) {
    const std::vector<UserProfile> profiles{
        {.id = UserId(user), .age_group = kAge, .gender = "female"}};
    ASSERT_THAT(states_->PutProfiles(profiles), IsOk());
    StateEvent event;
    event.event.user = UserId(user);
    event.event.type = EventType::kSearch;
    event.event.query = kSearch;
    event.event.time = clock_.Now();
    ASSERT_THAT(states_->Apply({&event, 1}, LogOffset(1)), IsOk());
  }

  // What one refresh of ann prints and says about its failure.
  std::string FailedRefresh(TwoHopStrategy strategy) {
    Endpoint endpoint{.base_url = model_server_.base_url(), .model = "m"};
    endpoint.max_attempts = 1;
    auto chat = MakeOpenAiChatClient(endpoint, clock_, /*jitter_seed=*/1, meter_);
    auto embedder = MakeOpenAiEmbeddingClient(endpoint, clock_, /*jitter_seed=*/1, meter_);
    EXPECT_THAT(chat, IsOk());
    EXPECT_THAT(embedder, IsOk());
    auto generator = MakeTwoHopGenerator(**chat, **embedder, {space_, prompts_, nullptr},
                                         {.strategy = strategy}, clock_);
    EXPECT_THAT(generator, IsOk());
    InterestRefresher refresher(*states_, **generator, clock_, {});
    Printed printed;
    RefreshReport report;
    {
      InterestWorker worker(refresher, /*capacity=*/4);
      EXPECT_THAT(worker.Enqueue(UserId("ann")), IsOk());
      EXPECT_TRUE(worker.WaitUntilIdle({}));
      report = worker.report();
    }
    EXPECT_EQ(report.failed, 1U);
    std::string text = printed.Take() + report.Describe();
    for (const UserFailure& failure : report.failures) text += failure.error.message();
    return text;
  }

  TempDir dir_;
  ManualClock clock_;
  TokenMeter meter_;
  FakeHttpServer model_server_;
  int status_ = 400;
  bool plain_ = false;
  std::unique_ptr<UserStateStore> states_;
  std::shared_ptr<const CategorySpace> space_ = SmallShopSpace();
  std::shared_ptr<const PromptSet> prompts_ = std::make_shared<const PromptSet>(
      *LoadPromptSet(std::filesystem::path(TWOHOP_SOURCE_DIR) / "prompts"));
};

TEST_F(SearchTextPrivacyTest, AModelServerThatQuotesThePromptIsNotRepeated) {
  const std::string text = FailedRefresh(TwoHopStrategy::kFullTwoHop);
  EXPECT_THAT(model_server_.requests().back().body, HasSubstr(kSearch));
  EXPECT_THAT(text, HasSubstr("the model server answers 400: cannot tokenize"));
  EXPECT_THAT(text, Not(HasSubstr(kSearch)));
  EXPECT_THAT(text, Not(HasSubstr(kAge)));
}

TEST_F(SearchTextPrivacyTest, AnEmbeddingServerThatQuotesItsInputIsNotRepeated) {
  const std::string text = FailedRefresh(TwoHopStrategy::kDemandSearch);
  EXPECT_THAT(model_server_.requests().back().body, HasSubstr(kSearch));
  EXPECT_THAT(text, HasSubstr("cannot tokenize"));
  EXPECT_THAT(text, Not(HasSubstr(kSearch)));
}

TEST_F(SearchTextPrivacyTest, AnAnswerThatIsNoJsonIsNotRepeatedEither) {
  status_ = 200;
  plain_ = true;
  const std::string text = FailedRefresh(TwoHopStrategy::kDemandSearch);
  EXPECT_THAT(text, HasSubstr("not a JSON object"));
  EXPECT_THAT(text, Not(HasSubstr(kSearch)));
}

TEST_F(SearchTextPrivacyTest, ServingPrintsNothingOfTheEventsItTakesOrRefuses) {
  auto log = OpenRocksDbEventLog(dir_.path() / "log", OpenMode::kReadWrite);
  ASSERT_THAT(log, IsOk());
  Snapshot<Recaller> recaller(nullptr);
  const SystemClock clock;
  Printed printed;
  std::string shown;
  {
    ASSERT_OK_AND_ASSIGN(const auto server,
                         ApiServer::Start({.recaller = recaller,
                                           .states = *states_,
                                           .events = **log,
                                           .clock = clock,
                                           .on_events = [](std::span<const Event>) {}},
                                          {}, {.threads = 1}));
    for (const char* body :
         {R"({"type":"search","user":"ann","query":"merkwortlampe"})",
          R"({"type":"search","query":"merkwortlampe")", R"([{"type":"merkwortlampe"}])"}) {
      EXPECT_TRUE(RawHttpClient(server->port()).Post("/v1/events", body).has_value());
    }
    EXPECT_TRUE(RawHttpClient(server->port()).Get("/v1/users/merkwortlampe").has_value());
    const auto metrics = RawHttpClient(server->port()).Get("/metrics");
    if (metrics) shown = metrics->body;
  }
  EXPECT_THAT(printed.Take() + shown, Not(HasSubstr(kSearch)));
}

}  // namespace
}  // namespace twohop
