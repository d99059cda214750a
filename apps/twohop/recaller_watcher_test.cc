// A configuration and bundles that change while requests are served.

#include "apps/twohop/recaller_watcher.h"

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "twohop/base/testing/manual_clock.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/recall/testing/fake_user_encoder.h"
#include "twohop/recall/testing/tiny_bundle.h"
#include "twohop/serving/api.h"
#include "twohop/serving/testing/memory_event_log.h"
#include "twohop/serving/testing/memory_user_states.h"

namespace twohop::app {
namespace {

constexpr std::string_view kHalfNovelty = "[recall]\nnovelty_share = 0.5\n";

class RecallerWatcherTest : public testing::Test {
 protected:
  RecallerWatcherTest() {
    dir_.Write("model/weights.bin", "not read by the fake");
    dir_.Write("twohop.toml", "");
    WriteBundleOf("encoder-1");
    recaller_.Publish(std::make_shared<const Recaller>(Load(), clock_));
    watcher_ =
        std::make_unique<RecallerWatcher>(workspace_, dir_.path() / "twohop.toml", RecallConfig{},
                                          clock_, recaller_, &LoadFakeUserEncoder);
    UserState user = TinyUser({"tents-0"});
    user.interests = InterestSet{.interests = {TinyInterest("kettles"), TinyInterest("mats")},
                                 .created = clock_.Now()};
    states_.Put(user);
  }

  std::string WriteBundleOf(std::string_view encoder) {
    const Embeddings category_vectors = MakeTinyCategoryVectors();
    const Embeddings item_vectors = MakeTinyItemVectors();
    BundleParts parts;
    parts.catalog = MakeTinyCatalog();
    parts.category_vectors = category_vectors;
    parts.text_encoder = encoder;
    parts.item_vectors = item_vectors;
    parts.model_dir = dir_.path() / "model";
    parts.popularity = MakeTinyPopularity();
    return WriteBundle(parts, workspace_.bundles()).value_or("");
  }
  std::shared_ptr<const Bundle> Load() const {
    return LoadCurrentBundle(workspace_.bundles(), &LoadFakeUserEncoder).value();
  }
  void WriteConfig(std::string_view toml) { dir_.Write("twohop.toml", toml); }

  double NoveltyShare() const { return recaller_.Get()->options().novelty_share; }

  HttpResponse Recall() const {
    return api_.Handle({.method = "POST",
                        .target = "/v1/recall",
                        .headers = {},
                        .body = R"({"user": "u", "k": 10})"});
  }
  std::size_t NovelItems() const {
    const Json answer = Json::parse(Recall().body);
    std::size_t novel = 0;
    for (const Json& item : answer["items"]) novel += item["channel"] == "novelty" ? 1 : 0;
    return novel;
  }
  std::string Metrics() const {
    return api_.Handle({.method = "GET", .target = "/metrics", .headers = {}, .body = {}}).body;
  }
  bool MetricsSay(const std::string& line) const {
    return Metrics().find(line + "\n") != std::string::npos;
  }

  TempDir dir_;
  Workspace workspace_{dir_.path()};
  ManualClock clock_;
  Snapshot<Recaller> recaller_{nullptr};
  std::unique_ptr<RecallerWatcher> watcher_;
  MemoryUserStates states_;
  MemoryEventLog log_;
  Api api_{{.recaller = recaller_,
            .states = states_,
            .events = log_,
            .clock = clock_,
            .on_events = {},
            .config_reloads = [this] { return watcher_->reloads(); }},
           {}};
};

TEST_F(RecallerWatcherTest, ChangeWrongFileAndChangeBack) {
  EXPECT_EQ(NovelItems(), 3U);
  WriteConfig(kHalfNovelty);
  watcher_->LookForConfig();
  EXPECT_EQ(NovelItems(), 5U);
  EXPECT_TRUE(MetricsSay("twohop_config_reloads{result=\"taken\"} 1"));

  WriteConfig("[recall]\nnovelty_share = 7\n");
  watcher_->LookForConfig();
  EXPECT_EQ(NovelItems(), 5U);
  EXPECT_TRUE(MetricsSay("twohop_config_reloads{result=\"refused\"} 1"));
  EXPECT_TRUE(MetricsSay("twohop_config_current 0"));

  WriteConfig("");
  watcher_->LookForConfig();
  EXPECT_EQ(NovelItems(), 3U);
  EXPECT_TRUE(MetricsSay("twohop_config_reloads{result=\"taken\"} 2"));
  EXPECT_TRUE(MetricsSay("twohop_config_current 1"));
}

TEST_F(RecallerWatcherTest, AWrongFileIsRefusedOnceUntilItChanges) {
  WriteConfig("[recall]\nnovelty_shard = 0.5\n");
  watcher_->LookForConfig();
  watcher_->LookForConfig();
  EXPECT_EQ(watcher_->reloads().refused, 1U);
  watcher_->ReloadConfig();  // Asked for: said again.
  EXPECT_EQ(watcher_->reloads().refused, 2U);
  EXPECT_FALSE(watcher_->reloads().is_current);
}

TEST_F(RecallerWatcherTest, GoingBackToWhatIsInForceIsCurrentAgain) {
  WriteConfig("no toml");
  watcher_->LookForConfig();
  WriteConfig("# nothing\n");
  watcher_->LookForConfig();
  EXPECT_TRUE(watcher_->reloads().is_current);
  EXPECT_EQ(watcher_->reloads().taken, 0U);
}

TEST_F(RecallerWatcherTest, AFileThatSaysTheSameInOtherWordsPublishesNothing) {
  const auto before = recaller_.Get();
  WriteConfig("# the default\n[recall]\nnovelty_share = 0.3\n");
  watcher_->LookForConfig();
  EXPECT_EQ(recaller_.Get(), before);
}

TEST_F(RecallerWatcherTest, AFileThatIsGoneChangesNothingUntilItIsAskedFor) {
  std::filesystem::remove(dir_.path() / "twohop.toml");
  watcher_->LookForConfig();
  EXPECT_EQ(watcher_->reloads().refused, 0U);
  watcher_->ReloadConfig();
  EXPECT_EQ(watcher_->reloads().refused, 1U);
  EXPECT_EQ(NovelItems(), 3U);
}

TEST_F(RecallerWatcherTest, WithoutAFileThereIsNothingToRead) {
  RecallerWatcher watcher(workspace_, {}, RecallConfig{}, clock_, recaller_, &LoadFakeUserEncoder);
  watcher.LookForConfig();
  watcher.ReloadConfig();
  EXPECT_EQ(watcher.reloads().refused, 0U);
}

TEST_F(RecallerWatcherTest, ANewBundleKeepsTheConfigurationAndTheOtherWayRound) {
  WriteConfig(kHalfNovelty);
  watcher_->LookForConfig();
  const std::string version = WriteBundleOf("encoder-2");
  watcher_->LookForBundle();
  EXPECT_EQ(recaller_.Get()->bundle().version(), version);
  EXPECT_EQ(NoveltyShare(), 0.5);
  WriteConfig("");
  watcher_->LookForConfig();
  EXPECT_EQ(recaller_.Get()->bundle().version(), version);
  EXPECT_EQ(NoveltyShare(), 0.3);
}

TEST_F(RecallerWatcherTest, ABundleThatDoesNotLoadIsNotServed) {
  const std::string before = recaller_.Get()->bundle().version();
  const std::string version = WriteBundleOf("encoder-2");
  std::filesystem::remove(workspace_.bundles() / version / "items.index");
  watcher_->LookForBundle();
  EXPECT_EQ(recaller_.Get()->bundle().version(), before);
}

TEST_F(RecallerWatcherTest, NoRequestFailsWhileTheConfigurationChanges) {
  std::atomic<int> failed = 0;
  {
    std::vector<std::jthread> clients;
    for (int i = 0; i < 3; ++i) {
      clients.emplace_back([&] {
        for (int n = 0; n < 50; ++n) failed += Recall().status == 200U ? 0 : 1;
      });
    }
    for (int n = 0; n < 20; ++n) {
      WriteConfig(n % 2 == 0 ? kHalfNovelty : "");
      watcher_->LookForConfig();
    }
  }
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(watcher_->reloads().taken, 20U);
}

}  // namespace
}  // namespace twohop::app
