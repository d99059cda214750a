#include "twohop/userstate/rocksdb_user_states.h"

#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/rocks/rocks_number.h"
#include "twohop/rocks/testing/full_disk.h"
#include "twohop/userstate/testing/state_events.h"

namespace twohop::userstate_internal {
namespace {

// The families of the store, so that tests can reach behind it.
constexpr std::array<RocksFamily, 5> kFamilies = {
    {{"profile"}, {"activity"}, {"interests"}, {"meta"}, {"debates"}}};
constexpr std::size_t kProfile = 0;
constexpr std::size_t kActivity = 1;
constexpr std::size_t kInterests = 2;
constexpr std::size_t kMeta = 3;
constexpr std::size_t kDebates = 4;

class RocksDbUserStatesTest : public testing::Test {
 protected:
  RocksDbUserStatesTest() {
    Reopen();
    const UserProfile profile{kAnn, "25-34", "female"};
    EXPECT_THAT(store_->PutProfiles({&profile, 1}), IsOk());
    EXPECT_THAT(Click(1), IsOk());
    EXPECT_THAT(store_->PutInterests(kAnn, MakeInterests(1, 4, TestTime(1)), DebateRecord{}),
                IsOk());
  }

  Result<std::unique_ptr<RocksDbUserStates>> Open() {
    store_.reset();
    RocksOptions options;
    options.env = disk_.env();
    return RocksDbUserStates::Open(dir(), OpenMode::kReadWrite, options);
  }

  void Reopen() {
    auto store = Open();
    EXPECT_THAT(store, IsOk());
    if (store.has_value()) store_ = *std::move(store);
  }

  Status Click(std::uint64_t next) {
    const std::vector<StateEvent> events = {ClickEvent("ann", "pan", 1)};
    return store_->Apply(events, LogOffset(next));
  }

  void Store(std::size_t family, std::string_view key, std::string_view value) {
    store_.reset();
    ASSERT_OK_AND_ASSIGN(const auto database,
                         RocksDatabase::Open(dir(), OpenMode::kReadWrite, kFamilies));
    rocksdb::WriteBatch batch;
    ASSERT_TRUE(batch.Put(database->family(family), ToSlice(key), ToSlice(value)).ok());
    ASSERT_THAT(database->Write(batch), IsOk());
  }

  void FlipByteOfAnn(std::size_t family) {
    std::string record;
    {
      store_.reset();
      ASSERT_OK_AND_ASSIGN(const auto database,
                           RocksDatabase::Open(dir(), OpenMode::kReadWrite, kFamilies));
      ASSERT_OK_AND_ASSIGN(const auto value, database->Get(family, "ann"));
      record = std::string(ToView(*value));
    }
    record.back() = static_cast<char>(record.back() ^ 0x20);
    Store(family, "ann", record);
    Reopen();
  }

  std::filesystem::path dir() const { return root_.path() / "users"; }

  const UserId kAnn{"ann"};
  TempDir root_;
  FullDisk disk_;
  std::unique_ptr<RocksDbUserStates> store_;
};

TEST_F(RocksDbUserStatesTest, DamagedProfileIsDataLossAndNamesTheUser) {
  FlipByteOfAnn(kProfile);
  EXPECT_THAT(store_->Get(kAnn), FailsWith(ErrorCode::kDataLoss, "profile of user ann"));
}

TEST_F(RocksDbUserStatesTest, DamagedActivityIsDataLossAndNamesTheUser) {
  FlipByteOfAnn(kActivity);
  EXPECT_THAT(store_->Get(kAnn), FailsWith(ErrorCode::kDataLoss, "activity of user ann"));
}

TEST_F(RocksDbUserStatesTest, DamagedInterestsAreDataLossAndNameTheUser) {
  FlipByteOfAnn(kInterests);
  EXPECT_THAT(store_->Get(kAnn), FailsWith(ErrorCode::kDataLoss, "interests of user ann"));
}

TEST_F(RocksDbUserStatesTest, ADamagedDebateIsDataLossAndHarmsNothingElse) {
  FlipByteOfAnn(kDebates);
  EXPECT_THAT(store_->GetDebate(kAnn), FailsWith(ErrorCode::kDataLoss, "debate of user ann"));
  EXPECT_THAT(store_->Get(kAnn), IsOk());
}

TEST_F(RocksDbUserStatesTest, WalkOverADamagedRecordIsDataLossAndNamesTheUser) {
  FlipByteOfAnn(kActivity);
  EXPECT_THAT(store_->ForEach([](const UserState&) { return true; }),
              FailsWith(ErrorCode::kDataLoss, "activity of user ann"));
}

TEST_F(RocksDbUserStatesTest, EventsForADamagedRecordAreNotWorkedIn) {
  FlipByteOfAnn(kActivity);
  EXPECT_THAT(Click(2), FailsWith(ErrorCode::kDataLoss, "activity of user ann"));
  EXPECT_EQ(*store_->applied(), LogOffset(1));
}

TEST_F(RocksDbUserStatesTest, DamagedInterestsAreReplaced) {
  FlipByteOfAnn(kInterests);
  ASSERT_OK_AND_ASSIGN(const bool replaced,
                       store_->PutInterests(kAnn, MakeInterests(2, 4, TestTime(0)), std::nullopt));
  EXPECT_TRUE(replaced);
  EXPECT_THAT(store_->Get(kAnn), IsOk());
}

TEST_F(RocksDbUserStatesTest, RemovalEndsTheDamage) {
  FlipByteOfAnn(kActivity);
  ASSERT_THAT(store_->Remove(kAnn), IsOk());
  EXPECT_THAT(Click(2), IsOk());
}

TEST_F(RocksDbUserStatesTest, DamagedOffsetIsDataLoss) {
  Store(kMeta, "applied", "");
  Reopen();
  EXPECT_THAT(store_->applied(), FailsWith(ErrorCode::kDataLoss, "applied"));
}

TEST_F(RocksDbUserStatesTest, LayoutOfANewerVersionIsUnimplemented) {
  Store(kMeta, "format", NumberValue(2));
  EXPECT_THAT(Open(), FailsWith(ErrorCode::kUnimplemented, dir().string()));
}

TEST_F(RocksDbUserStatesTest, FullDiskIsResourceExhaustedAndChangesNothing) {
  const auto before = store_->Get(kAnn);
  disk_.Fill();
  const auto refused = FailsWith(ErrorCode::kResourceExhausted, dir().string());
  EXPECT_THAT(Click(2), refused);
  EXPECT_THAT(store_->PutInterests(kAnn, MakeInterests(2, 4, TestTime(9)), std::nullopt), refused);
  EXPECT_THAT(store_->Remove(kAnn), refused);
  EXPECT_EQ(store_->Get(kAnn), before);
  EXPECT_EQ(*store_->applied(), LogOffset(1));
}

TEST_F(RocksDbUserStatesTest, WritingGoesOnOnceTheDiskHasRoom) {
  disk_.Fill();
  EXPECT_FALSE(Click(2).has_value());
  disk_.Free();
  EXPECT_THAT(Click(2), IsOk());
  Reopen();
  EXPECT_EQ((*store_->Get(kAnn))->click_count, 2U);
}

}  // namespace
}  // namespace twohop::userstate_internal
