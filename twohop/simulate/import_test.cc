// A generated community comes in through the same door as anybody's data.

#include <filesystem>
#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/ingest/event_reader.h"
#include "twohop/ingest/item_reader.h"
#include "twohop/ingest/reject_report.h"
#include "twohop/ingest/taxonomy_reader.h"
#include "twohop/ingest/user_reader.h"
#include "twohop/simulate/community_generator.h"
#include "twohop/simulate/testing/demo_blueprint.h"
#include "twohop/simulate/truth.h"

namespace twohop {
namespace {

class ImportTest : public ::testing::Test {
 protected:
  ImportTest() {
    options_.users = 10;
    options_.items = 640;
    const auto blueprint =
        LoadDemoBlueprint(std::filesystem::path(TWOHOP_SOURCE_DIR) / "data" / "community");
    const auto output = OpenCommunityFolder(folder_, truth_file_);
    EXPECT_THAT(output, IsOk());
    const auto summary = GenerateCommunity(blueprint, options_, **output, *progress_);
    EXPECT_THAT(summary, IsOk());
    summary_ = *summary;
    taxonomy_ = std::make_shared<const Taxonomy>(*LoadTaxonomy(folder_ / "taxonomy.tsv"));
  }

  Result<Catalog> LoadItems() {
    return LoadCatalog(folder_ / "items.jsonl", taxonomy_, rejects_, *progress_);
  }

  Result<std::vector<Event>> LoadEvents(const Catalog& catalog) {
    const EventRules rules{catalog, options_.end, options_.end};
    auto reader = EventReader::Open(folder_ / "events.jsonl", rules, rejects_);
    EXPECT_THAT(reader, IsOk());
    auto batch = reader->Next(summary_.events + 1);
    if (!batch.has_value()) return Annotate(batch, "events");
    return std::move(batch->events);
  }

  void ExpectNothingRejectedOrIgnored() const {
    EXPECT_EQ(rejects_.Describe(), "");
    EXPECT_TRUE(rejects_.ignored_fields().empty());
  }

  TempDir dir_;
  std::filesystem::path folder_ = dir_.path() / "community";
  std::filesystem::path truth_file_ = dir_.path() / "truth.jsonl";
  std::unique_ptr<Progress> progress_ = MakeSilentProgress();
  CommunityOptions options_;
  CommunitySummary summary_;
  std::shared_ptr<const Taxonomy> taxonomy_;
  RejectReport rejects_;
};

TEST_F(ImportTest, EveryItemIsTaken) {
  ASSERT_OK_AND_ASSIGN(const Catalog catalog, LoadItems());
  EXPECT_EQ(catalog.size(), summary_.items);
  ExpectNothingRejectedOrIgnored();
}

TEST_F(ImportTest, EveryUserIsTaken) {
  const auto users = ForEachUser(folder_ / "users.jsonl", rejects_, *progress_,
                                 [](std::span<const UserProfile>) { return Ok(); });
  EXPECT_EQ(users, summary_.users);
  ExpectNothingRejectedOrIgnored();
}

TEST_F(ImportTest, EveryEventIsTaken) {
  ASSERT_OK_AND_ASSIGN(const Catalog catalog, LoadItems());
  ASSERT_OK_AND_ASSIGN(const auto events, LoadEvents(catalog));
  EXPECT_EQ(events.size(), summary_.events);
  ExpectNothingRejectedOrIgnored();
}

TEST_F(ImportTest, TheTruthIsReadBySimulateAlone) {
  ASSERT_OK_AND_ASSIGN(const auto truths, LoadTruth(truth_file_, *taxonomy_));
  EXPECT_EQ(truths.size(), summary_.users);
}

}  // namespace
}  // namespace twohop
