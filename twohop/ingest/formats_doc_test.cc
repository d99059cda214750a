// The examples of docs/formats.md, read as they stand there.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/file.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/base/text.h"
#include "twohop/base/time_format.h"
#include "twohop/ingest/event_reader.h"
#include "twohop/ingest/item_reader.h"
#include "twohop/ingest/taxonomy_reader.h"
#include "twohop/ingest/user_reader.h"

namespace twohop {
namespace {

using testing::ElementsAre;

class FormatsDocTest : public testing::Test {
 protected:
  // The n-th fenced block with this label, as a file.
  std::filesystem::path Example(std::string_view format, std::string_view what, std::size_t n = 0) {
    const std::string fence = "```" + std::string(format) + " " + std::string(what) + "\n";
    std::size_t at = page_.find(fence);
    for (; n > 0; --n) at = page_.find(fence, at + 1);
    EXPECT_NE(at, std::string::npos) << fence;
    at += fence.size();
    return dir_.Write(std::string(what) + "." + std::string(format),
                      std::string_view(page_).substr(at, page_.find("```", at) - at));
  }

  std::vector<std::string> TaxonomyPaths(std::string_view format, std::size_t n) {
    const auto taxonomy = LoadTaxonomy(Example(format, "taxonomy", n));
    if (!taxonomy.has_value()) return {taxonomy.error().message()};
    std::vector<std::string> paths;
    for (std::uint32_t i = 0; i < taxonomy->size(); ++i) {
      paths.push_back(taxonomy->path(CategoryIndex(i)));
    }
    return paths;
  }

  Catalog Items(std::string_view format) {
    auto taxonomy = LoadTaxonomy(Example("tsv", "taxonomy"));
    EXPECT_THAT(taxonomy, IsOk());
    auto catalog =
        LoadCatalog(Example(format, "items"),
                    std::make_shared<const Taxonomy>(*std::move(taxonomy)), rejects_, *progress_);
    EXPECT_THAT(catalog, IsOk());
    return *std::move(catalog);
  }

  std::vector<EventType> EventTypes(std::string_view format) {
    const Catalog catalog = Items("jsonl");
    const EventRules rules{
        .catalog = catalog, .now = *ParseTime("2026-02-01T00:00:00Z"), .received = {}};
    auto reader = EventReader::Open(Example(format, "events"), rules, rejects_);
    EXPECT_THAT(reader, IsOk());
    const auto batch = reader->Next(100);
    std::vector<EventType> types;
    for (const Event& event : batch->events) types.push_back(event.type);
    return types;
  }

  TempDir dir_;
  std::string page_ = ReadFile(TWOHOP_SOURCE_DIR "/docs/formats.md").value_or("");
  RejectReport rejects_;
  std::unique_ptr<Progress> progress_ = MakeSilentProgress();
};

TEST_F(FormatsDocTest, TaxonomiesLoad) {
  EXPECT_THAT(TaxonomyPaths("tsv", 0),
              ElementsAre("Outdoor > Camping > Tents", "Outdoor > Camping > Headlamps",
                          "Kitchen > Bags > Lunch Bags"));
  EXPECT_THAT(TaxonomyPaths("text", 0),
              ElementsAre("Pets > Birds > Cages", "Gift Cards > Gift Cards > Gift Cards"));
  EXPECT_THAT(TaxonomyPaths("text", 1), ElementsAre("Pets > Birds > Cages"));
  EXPECT_THAT(TaxonomyPaths("text", 2),
              ElementsAre("Outdoor > Camping > Tents", "Outdoor > Camping > Headlamps"));
}

TEST_F(FormatsDocTest, ItemsAreTheSameInBothFormats) {
  const Catalog json = Items("jsonl");
  const Catalog csv = Items("csv");
  EXPECT_EQ(json.size(), 3);
  EXPECT_EQ(json.fingerprint(), csv.fingerprint());
  EXPECT_EQ(rejects_.Describe(), "");
}

TEST_F(FormatsDocTest, UsersLoad) {
  EXPECT_EQ(ForEachUser(Example("jsonl", "users"), rejects_, *progress_,
                        [](std::span<const UserProfile>) { return Ok(); }),
            2);
  EXPECT_EQ(rejects_.Describe(), "");
}

TEST_F(FormatsDocTest, EventsLoad) {
  EXPECT_THAT(EventTypes("jsonl"), ElementsAre(EventType::kSearch, EventType::kExposure,
                                               EventType::kDwell, EventType::kFeedback));
  EXPECT_THAT(EventTypes("csv"), ElementsAre(EventType::kSearch, EventType::kClick));
  EXPECT_EQ(rejects_.Describe(), "");
}

TEST_F(FormatsDocTest, NamesEveryRowFault) {
  std::vector<std::string> missing;
  for (std::size_t i = 0; i < kRowFaultCount; ++i) {
    const auto name = std::string(RowFaultName(static_cast<RowFault>(i)));
    if (page_.find("| `" + name + "` |") == std::string::npos) missing.push_back(name);
  }
  EXPECT_THAT(missing, ElementsAre());
}

}  // namespace
}  // namespace twohop
