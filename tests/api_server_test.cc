#include "twohop/serving/api_server.h"

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/clock.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/eventlog/rocksdb_event_log.h"
#include "twohop/recall/testing/fake_user_encoder.h"
#include "twohop/recall/testing/tiny_bundle.h"
#include "twohop/serving/testing/raw_http_client.h"

namespace twohop {
namespace {

using testing::HasSubstr;

// Made once: writing one to disk takes longer than all else here.
std::shared_ptr<const Bundle> TheBundle() {
  static const auto& bundle = *new std::shared_ptr<const Bundle>(MakeTinyBundle());
  return bundle;
}

// A server over the stores that run in production, and a tiny bundle.
class ApiServerTest : public testing::Test {
 protected:
  ApiServerTest() {
    auto states = OpenUserStateStore(dir_.path() / "state", OpenMode::kReadWrite);
    EXPECT_THAT(states, IsOk());
    states_ = *std::move(states);
    auto log = OpenRocksDbEventLog(dir_.path() / "log", OpenMode::kReadWrite);
    EXPECT_THAT(log, IsOk());
    log_ = *std::move(log);
    auto server = ApiServer::Start(
        {.recaller = recaller_,
         .states = *states_,
         .events = *log_,
         .clock = clock_,
         .on_events = [this](std::span<const Event> events) { handed_on_ += events.size(); }},
        {}, {.threads = 2});
    EXPECT_THAT(server, IsOk());
    server_ = *std::move(server);
  }

  void PublishBundle() { recaller_.Publish(std::make_shared<const Recaller>(TheBundle(), clock_)); }

  RawResponse Get(std::string_view path) {
    return RawHttpClient(server_->port()).Get(path).value_or(RawResponse{});
  }
  RawResponse Post(std::string_view path, std::string_view body) {
    return RawHttpClient(server_->port()).Post(path, body).value_or(RawResponse{});
  }

  TempDir dir_;
  SystemClock clock_;
  Snapshot<Recaller> recaller_{nullptr};
  std::unique_ptr<UserStateStore> states_;
  std::unique_ptr<EventLog> log_;
  std::atomic<std::size_t> handed_on_ = 0;
  std::unique_ptr<ApiServer> server_;
};

TEST_F(ApiServerTest, BecomesReadyWhenABundleIsPublished) {
  EXPECT_EQ(Get("/ready").status, 503U);
  EXPECT_EQ(Get("/health").status, 200U);
  PublishBundle();
  EXPECT_EQ(Get("/ready").status, 200U);
}

TEST_F(ApiServerTest, ServesAUserOfTheStore) {
  PublishBundle();
  const std::vector<UserProfile> profiles = {{.id = UserId("u1"), .age_group = "25-34"}};
  ASSERT_THAT(states_->PutProfiles(profiles), IsOk());
  ASSERT_THAT(states_->PutInterests(UserId("u1"),
                                    {.interests = {TinyInterest("mats")}, .created = clock_.Now()},
                                    std::nullopt),
              IsOk());
  const RawResponse response = Post("/v1/recall", R"({"user": "u1", "k": 5, "novelty_share": 1})");
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(response.json()["items"].size(), 5U);
  EXPECT_EQ(response.json()["items"][0]["channel"], "novelty");
  EXPECT_EQ(Get("/v1/users/u1").json()["age_group"], "25-34");
}

TEST_F(ApiServerTest, EventsReachTheLogAndWhoeverListens) {
  PublishBundle();
  const RawResponse response =
      Post("/v1/events", fmt::format(R"({{"events": [{{"id": "e1", "user": "u1", "type": "search",
                                 "query": "tent", "time": {}}}]}})",
                                     clock_.Now().time_since_epoch().count()));
  EXPECT_EQ(response.status, 200U) << response.body;
  EXPECT_EQ(log_->end(), LogOffset(1));
  EXPECT_EQ(handed_on_, 1U);
}

TEST_F(ApiServerTest, BundlesAreSwappedUnderRequests) {
  PublishBundle();
  std::vector<std::jthread> clients;
  for (int c = 0; c < 3; ++c) {
    clients.emplace_back([this] {
      RawHttpClient client(server_->port());
      for (int i = 0; i < 20; ++i) {
        const auto response = client.Post("/v1/recall", R"({"user": "nobody", "k": 3})");
        ASSERT_TRUE(response.has_value());
        EXPECT_EQ(response->json()["items"].size(), 3U);
      }
    });
  }
  for (int i = 0; i < 3; ++i) PublishBundle();
}

TEST_F(ApiServerTest, MetricsShowTheConnectionsToo) {
  EXPECT_THAT(Get("/metrics").body, HasSubstr("twohop_http_connections{state=\"accepted\"} 1\n"));
}

TEST_F(ApiServerTest, APortInUseIsAnError) {
  EXPECT_THAT(ApiServer::Start({.recaller = recaller_,
                                .states = *states_,
                                .events = *log_,
                                .clock = clock_,
                                .on_events = {}},
                               {}, {.port = server_->port()}),
              FailsWith(ErrorCode::kFailedPrecondition, "another program uses this port"));
}

TEST_F(ApiServerTest, StopsTwice) {
  server_->Stop();
  server_->Stop();
  EXPECT_FALSE(RawHttpClient(server_->port()).connected());
}

}  // namespace
}  // namespace twohop
