#include "apps/twohop/item_statistics.h"

#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/eventlog/rocksdb_event_log.h"
#include "twohop/recall/testing/tiny_bundle.h"

namespace twohop::app {
namespace {

class ItemStatisticsTest : public testing::Test {
 protected:
  void Happened(EventType type, std::string_view user, std::string_view item, int day) {
    Event event;
    event.id = EventId(std::to_string(++events_));
    event.user = UserId(std::string(user));
    event.type = type;
    event.item = ItemId(std::string(item));
    event.time = TimePoint(std::chrono::days(day));
    ASSERT_THAT(log_->Append({&event, 1}), IsOk());
  }

  ItemStatistics Count() const {
    const auto silent = MakeSilentProgress();
    auto statistics = CountItemEvents(*log_, *catalog_, *silent, {});
    EXPECT_THAT(statistics, IsOk());
    return statistics.value_or(ItemStatistics());
  }
  std::vector<std::string> Ids(const std::vector<ItemIndex>& items, std::size_t limit) const {
    std::vector<std::string> ids;
    for (const ItemIndex item : items) {
      if (ids.size() < limit) ids.push_back(catalog_->at(item).id.value());
    }
    return ids;
  }

  std::shared_ptr<const Catalog> catalog_ = MakeTinyCatalog();
  TempDir dir_;
  std::unique_ptr<EventLog> log_ =
      OpenRocksDbEventLog(dir_.path() / "log", OpenMode::kReadWrite).value();
  int events_ = 0;
};

TEST_F(ItemStatisticsTest, ItemsAreRankedByClicksAlone) {
  Happened(EventType::kClick, "a", "mats-1", 1);
  Happened(EventType::kClick, "b", "mats-1", 1);
  Happened(EventType::kClick, "a", "ropes-1", 2);
  for (int i = 0; i < 5; ++i) Happened(EventType::kExposure, "a", "tents-1", 2);
  EXPECT_THAT(Ids(Count().popularity, 3), testing::ElementsAre("mats-1", "ropes-1", "tents-0"));
}

TEST_F(ItemStatisticsTest, AnItemIsAsNewAsItsFirstEventOfAnyKind) {
  Happened(EventType::kExposure, "a", "mats-1", 3);
  Happened(EventType::kClick, "b", "mats-1", 9);
  Happened(EventType::kExposure, "a", "ropes-1", 5);
  Happened(EventType::kExposure, "a", "no such item", 7);
  EXPECT_THAT(Ids(Count().newest, 9), testing::ElementsAre("ropes-1", "mats-1"));
}

TEST_F(ItemStatisticsTest, ItemsThatTheSameUsersClickedAreNeighbours) {
  Happened(EventType::kClick, "a", "mats-1", 3);
  Happened(EventType::kClick, "a", "ropes-1", 3);
  Happened(EventType::kExposure, "a", "tents-1", 3);
  const CoClickTable table = Count().co_clicks;
  EXPECT_EQ(table.rows(), catalog_->size());
  const auto row = table.of(*catalog_->Find("mats-1"));
  ASSERT_EQ(row.size(), 1U);
  EXPECT_EQ(row[0].item, *catalog_->Find("ropes-1"));
}

TEST_F(ItemStatisticsTest, AnEmptyLogIsFine) {
  const ItemStatistics statistics = Count();
  EXPECT_EQ(statistics.popularity.size(), catalog_->size());
  EXPECT_TRUE(statistics.newest.empty());
  EXPECT_EQ(statistics.co_clicks.size(), 0U);
}

TEST_F(ItemStatisticsTest, StopsWhenAsked) {
  Happened(EventType::kClick, "a", "mats-1", 3);
  std::stop_source stop;
  stop.request_stop();
  const auto silent = MakeSilentProgress();
  EXPECT_THAT(CountItemEvents(*log_, *catalog_, *silent, stop.get_token()),
              FailsWith(ErrorCode::kCancelled, ""));
}

}  // namespace
}  // namespace twohop::app
