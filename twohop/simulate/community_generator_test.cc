#include "twohop/simulate/community_generator.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/file.h"
#include "twohop/base/json.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/time_format.h"
#include "twohop/simulate/testing/demo_blueprint.h"
#include "twohop/simulate/testing/memory_output.h"
#include "twohop/simulate/truth.h"

namespace twohop {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::Ge;
using ::testing::Lt;

class CommunityGeneratorTest : public ::testing::Test {
 protected:
  CommunityGeneratorTest() {
    options_.users = 20;
    options_.items = 240;
    options_.days = std::chrono::days(20);
    options_.sessions_per_day = 0.4;
  }

  Result<CommunitySummary> Generate(CommunityOutput& output) const {
    return GenerateCommunity(blueprint_, options_, output, *progress_);
  }

  CommunitySummary MustGenerate() {
    const auto summary = Generate(output_);
    EXPECT_THAT(summary, IsOk());
    return *summary;
  }

  std::string AllFiles(std::uint64_t seed) {
    options_.seed = seed;
    MemoryCommunityOutput output;
    EXPECT_THAT(Generate(output), IsOk());
    std::string all;
    for (std::size_t i = 0; i < kCommunityFileCount; ++i) {
      all += output.content(static_cast<CommunityFile>(i));
    }
    return all;
  }

  // Parsed once: the community of a test does not change after it was generated.
  const std::vector<Json>& Rows(CommunityFile file) {
    std::vector<Json>& rows = rows_[file];
    if (rows.empty()) {
      for (const std::string_view row : output_.rows(file)) rows.push_back(*ParseJson(row));
    }
    return rows;
  }

  std::set<std::string> Values(CommunityFile file, const char* field) {
    std::set<std::string> values;
    for (const Json& row : Rows(file)) {
      if (row.contains(field)) values.insert(row[field].get<std::string>());
    }
    return values;
  }

  // Level-1 categories by user, of the events of this type.
  std::map<std::string, std::set<Level1Index>> Level1ByUser(std::string_view type) {
    std::map<std::string, Level1Index> level1_of;
    for (const Json& item : Rows(CommunityFile::kItems)) {
      const auto category = blueprint_.taxonomy->FindById(item["category"].get<std::string>());
      level1_of[item["id"].get<std::string>()] = blueprint_.taxonomy->level1_of(*category);
    }
    std::map<std::string, std::set<Level1Index>> by_user;
    for (const Json& event : Rows(CommunityFile::kEvents)) {
      if (event["type"] != type) continue;
      by_user[event["user"].get<std::string>()].insert(
          level1_of.at(event["item"].get<std::string>()));
    }
    return by_user;
  }

  std::vector<UserTruth> Truths() const {
    std::vector<UserTruth> truths;
    for (const std::string_view row : output_.rows(CommunityFile::kTruth)) {
      truths.push_back(*ParseTruth(row, *blueprint_.taxonomy));
    }
    return truths;
  }

  void UseDemoData() {
    blueprint_ = LoadDemoBlueprint(kDemoFolder);
    options_.items = 640;
    options_.users = 25;
    options_.days = std::chrono::days(60);
    options_.sessions_per_day = 0.2;
  }

  const std::filesystem::path kDemoFolder =
      std::filesystem::path(TWOHOP_SOURCE_DIR) / "data" / "community";
  CommunityBlueprint blueprint_ = MakeTinyBlueprint();
  CommunityOptions options_;
  MemoryCommunityOutput output_;
  std::map<CommunityFile, std::vector<Json>> rows_;
  std::unique_ptr<Progress> progress_ = MakeSilentProgress();
};

TEST_F(CommunityGeneratorTest, EqualSeedsGiveEqualBytes) { EXPECT_EQ(AllFiles(7), AllFiles(7)); }

TEST_F(CommunityGeneratorTest, AnotherSeedGivesAnotherCommunity) {
  EXPECT_NE(AllFiles(7), AllFiles(8));
}

TEST_F(CommunityGeneratorTest, AUserMoreDoesNotChangeTheOthers) {
  MustGenerate();
  const auto before = Truths();
  options_.users = 21;
  output_ = {};
  MustGenerate();
  EXPECT_EQ(Truths()[19].hidden, before[19].hidden);
  EXPECT_EQ(Truths()[19].bubble, before[19].bubble);
}

TEST_F(CommunityGeneratorTest, TheSummaryCountsTheRows) {
  const CommunitySummary summary = MustGenerate();
  EXPECT_TRUE(output_.finished());
  EXPECT_EQ(summary.users, 20U);
  EXPECT_EQ(output_.rows(CommunityFile::kUsers).size(), 20U);
  EXPECT_EQ(output_.rows(CommunityFile::kTruth).size(), 20U);
  EXPECT_EQ(output_.rows(CommunityFile::kItems).size(), summary.items);
  EXPECT_EQ(output_.rows(CommunityFile::kEvents).size(), summary.events);
  EXPECT_GT(summary.count(EventType::kClick), 0U);
}

TEST_F(CommunityGeneratorTest, EventsAreInTimeAndInOrder) {
  MustGenerate();
  std::vector<TimePoint> times;
  for (const Json& event : Rows(CommunityFile::kEvents)) {
    times.push_back(*ParseTime(event["time"].get<std::string>()));
  }
  EXPECT_TRUE(std::ranges::is_sorted(times));
  EXPECT_THAT(times, Each(AllOf(Ge(options_.end - options_.days), Lt(options_.end))));
}

TEST_F(CommunityGeneratorTest, EventIdsAreUnique) {
  const CommunitySummary summary = MustGenerate();
  EXPECT_EQ(Values(CommunityFile::kEvents, "id").size(), summary.events);
}

TEST_F(CommunityGeneratorTest, EventsNameKnownUsersItemsAndTypes) {
  MustGenerate();
  EXPECT_THAT(Values(CommunityFile::kEvents, "user"),
              ::testing::IsSubsetOf(Values(CommunityFile::kUsers, "id")));
  EXPECT_THAT(Values(CommunityFile::kEvents, "item"),
              ::testing::IsSubsetOf(Values(CommunityFile::kItems, "id")));
  for (const std::string& type : Values(CommunityFile::kEvents, "type")) {
    EXPECT_TRUE(FindEventType(type).has_value()) << type;
  }
}

TEST_F(CommunityGeneratorTest, HiddenInterestsNeverShowInTheClicks) {
  UseDemoData();
  MustGenerate();
  auto clicked = Level1ByUser("click");
  for (const UserTruth& truth : Truths()) {
    for (const CategoryIndex hidden : truth.hidden) {
      const Level1Index level1 = blueprint_.taxonomy->level1_of(hidden);
      EXPECT_FALSE(clicked[truth.user.value()].contains(level1));
    }
  }
}

TEST_F(CommunityGeneratorTest, ExplorationFindsFewHiddenInterests) {
  UseDemoData();
  const CommunitySummary summary = MustGenerate();
  EXPECT_GT(summary.hidden_interests, 3 * summary.users);
  EXPECT_LT(summary.found_interests, summary.hidden_interests / 5);
}

TEST_F(CommunityGeneratorTest, TheFeedNarrows) {
  UseDemoData();
  const CommunitySummary summary = MustGenerate();
  RecordProperty("first_bits", std::to_string(summary.narrowing.first_bits));
  RecordProperty("last_bits", std::to_string(summary.narrowing.last_bits));
  EXPECT_GT(summary.narrowing.users, 12U);
  EXPECT_LT(summary.narrowing.last_bits, summary.narrowing.first_bits - 0.15);
}

TEST_F(CommunityGeneratorTest, TheTaxonomyIsWrittenAsItWasLoaded) {
  UseDemoData();
  options_.users = 1;
  MustGenerate();
  EXPECT_EQ(output_.content(CommunityFile::kTaxonomy), *ReadFile(kDemoFolder / "taxonomy.tsv"));
}

TEST_F(CommunityGeneratorTest, OptionsThatMakeNoSenseAreNamed) {
  options_.users = 0;
  EXPECT_THAT(Generate(output_), FailsWith(ErrorCode::kInvalidArgument, "users"));
  options_ = {};
  options_.items = 11;
  EXPECT_THAT(Generate(output_), FailsWith(ErrorCode::kInvalidArgument, "items must be in [12"));
  options_ = {};
  options_.days = std::chrono::days(0);
  EXPECT_THAT(Generate(output_), FailsWith(ErrorCode::kInvalidArgument, "days"));
  options_ = {};
  options_.sessions_per_day = -1;
  EXPECT_THAT(Generate(output_), FailsWith(ErrorCode::kInvalidArgument, "sessions_per_day"));
}

TEST_F(CommunityGeneratorTest, AFailingOutputEndsItUnfinished) {
  output_.FillDisk();
  EXPECT_THAT(Generate(output_), FailsWith(ErrorCode::kResourceExhausted, "disk full"));
  EXPECT_FALSE(output_.finished());
}

}  // namespace
}  // namespace twohop
