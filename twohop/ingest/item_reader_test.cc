#include "twohop/ingest/item_reader.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/ingest/item_json.h"
#include "twohop/ingest/taxonomy_reader.h"
#include "twohop/ingest/testing/sample_community.h"

namespace twohop {
namespace {

using testing::ElementsAre;

class ItemReaderTest : public testing::Test {
 protected:
  Result<Catalog> Read(std::string_view content, std::string_view name = "items.jsonl") {
    return LoadCatalog(dir_.Write(name, content), taxonomy_, rejects_, *progress_);
  }

  std::vector<std::string> Ids(const Result<Catalog>& catalog) {
    std::vector<std::string> ids;
    if (!catalog.has_value()) return {catalog.error().message()};
    for (const Item& item : catalog->items()) ids.push_back(item.id.value());
    return ids;
  }

  // The label of the category that an item with this "category" gets; "" if it is rejected.
  std::string CategoryOf(std::string_view category) {
    const auto item = ParseItemJson({{"id", "a"}, {"category", category}}, *taxonomy_);
    return item.has_value() ? taxonomy_->label(item->category) : "";
  }

  // Reads a row between two good ones and expects it, and it alone, to be rejected.
  void ExpectRejected(std::string_view row, RowFault reason, std::string_view complaint) {
    const std::string content = R"({"id": "first", "category": "Tents"})"
                                "\n" +
                                std::string(row) + "\n" +
                                R"({"id": "last", "category": "Tents"})"
                                "\n";
    EXPECT_THAT(Ids(Read(content)), ElementsAre("first", "last"));
    ASSERT_EQ(rejects_.total(), 1);
    EXPECT_EQ(rejects_.examples()[0].line, 2);
    EXPECT_THAT(rejects_.examples()[0].file, testing::EndsWith("items.jsonl"));
    EXPECT_EQ(rejects_.examples()[0].reject.reason, reason);
    EXPECT_THAT(rejects_.examples()[0].reject.message, testing::HasSubstr(complaint));
  }

  TempDir dir_;
  std::shared_ptr<const Taxonomy> taxonomy_ = SampleTaxonomy();
  RejectReport rejects_;
  std::unique_ptr<Progress> progress_ = MakeSilentProgress();
};

TEST_F(ItemReaderTest, ReadsEveryField) {
  const auto catalog =
      Read(R"({"id": "a", "title": " Trail\ttent ", "category": "c1", "brand": "Nordfell",)"
           R"( "tags": ["light", " ", "red "], "available": false})"
           "\n");
  ASSERT_THAT(catalog, IsOk());
  EXPECT_EQ(catalog->items()[0], (Item{.id = ItemId("a"),
                                       .title = "Trail tent",
                                       .category = CategoryIndex(0),
                                       .brand = "Nordfell",
                                       .tags = {"light", "red"},
                                       .available = false}));
}

TEST_F(ItemReaderTest, OnlyIdAndCategoryAreRequired) {
  const auto catalog = Read(R"({"id": "a", "category": "c1", "brand": null})");
  ASSERT_THAT(catalog, IsOk());
  EXPECT_EQ(catalog->items()[0].title, "");
  EXPECT_TRUE(catalog->items()[0].available);
  EXPECT_EQ(rejects_.total(), 0);
}

TEST_F(ItemReaderTest, CsvGivesTheSameItemAsJson) {
  const auto json =
      Read(R"({"id": 7, "title": "Tent, \"big\"", "category": "Tents", "tags": ["a", "b"],)"
           R"( "available": false})");
  const auto csv = Read(
      "category,id,tags,title,available\n"
      "Tents,7,a|b,\"Tent, \"\"big\"\"\",no\n",
      "items.csv");
  ASSERT_THAT(json, IsOk());
  ASSERT_THAT(csv, IsOk());
  EXPECT_EQ(json->items()[0], csv->items()[0]);
  EXPECT_EQ(json->fingerprint(), csv->fingerprint());
}

TEST_F(ItemReaderTest, ReadsTsv) {
  EXPECT_THAT(Ids(Read("id\tcategory\na\tTents\nb\tLunch Bags\n", "items.tsv")),
              ElementsAre("a", "b"));
}

TEST_F(ItemReaderTest, ACategoryIsGivenByIdAliasNameOrPath) {
  EXPECT_EQ(CategoryOf("c2"), "Headlamps");
  EXPECT_EQ(CategoryOf("c1-deep"), "Tents");
  EXPECT_EQ(CategoryOf("lunch bags"), "Lunch Bags");
  EXPECT_EQ(CategoryOf("帐篷"), "Tents");
  EXPECT_EQ(CategoryOf("Outdoor > Camping > Tents"), "Tents");
}

TEST_F(ItemReaderTest, ACategoryIdMayBeAnInteger) {
  taxonomy_ = std::make_shared<const Taxonomy>(
      *LoadTaxonomy(dir_.Write("taxonomy.txt", "7385 - Pets > Birds > Cages\n")));
  EXPECT_THAT(Ids(Read(R"({"id": "a", "category": 7385})")), ElementsAre("a"));
}

TEST_F(ItemReaderTest, ADeeperPathMeansItsLevel3Ancestor) {
  EXPECT_EQ(CategoryOf("Outdoor > Camping > Tents > Family Tents > Six Persons"), "Tents");
}

TEST_F(ItemReaderTest, AShortPathMeansTheCategoryThatRepeatsIt) {
  EXPECT_EQ(CategoryOf("Books > Books"), "Books");
  EXPECT_EQ(CategoryOf("Books"), "Books");
  EXPECT_EQ(CategoryOf("Outdoor > Camping"), "");
}

TEST_F(ItemReaderTest, ABrokenLineIsRejected) {
  ExpectRejected(R"({"id": "x", "category":)", RowFault::kBroken, "not JSON at byte");
}

TEST_F(ItemReaderTest, ARowThatIsAnArrayIsRejected) {
  ExpectRejected(R"(["x", "Tents"])", RowFault::kNotAnObject, "is an array");
}

TEST_F(ItemReaderTest, AWrongTypeIsRejected) {
  ExpectRejected(R"({"id": "x", "category": "Tents", "title": 7})", RowFault::kWrongType,
                 "field \"title\" must be a string, is a number");
}

TEST_F(ItemReaderTest, TagsThatAreOneStringAreRejected) {
  ExpectRejected(R"({"id": "x", "category": "Tents", "tags": "a|b"})", RowFault::kWrongType,
                 "field \"tags\" must be an array of strings, is a string");
}

TEST_F(ItemReaderTest, AvailabilityInWordsIsRejected) {
  ExpectRejected(R"({"id": "x", "category": "Tents", "available": "yes"})", RowFault::kWrongType,
                 "field \"available\" must be true or false");
}

TEST_F(ItemReaderTest, AnUnknownCategoryIsRejected) {
  ExpectRejected(R"({"id": "x", "category": "Submarines"})", RowFault::kUnknownCategory,
                 "category \"Submarines\" is not in the taxonomy");
}

TEST_F(ItemReaderTest, AnItemWithoutCategoryIsRejected) {
  ExpectRejected(R"({"id": "x", "title": "Thing"})", RowFault::kMissingField,
                 "field \"category\" is missing");
}

TEST_F(ItemReaderTest, AnItemWithoutIdIsRejected) {
  ExpectRejected(R"({"id": " ", "category": "Tents"})", RowFault::kMissingField,
                 "field \"id\" is missing");
}

TEST_F(ItemReaderTest, ADuplicateIdIsRejectedAndTheFirstKept) {
  ExpectRejected(R"({"id": "first", "category": "Headlamps"})", RowFault::kDuplicateId,
                 "item \"first\" is on line 1 already");
}

TEST_F(ItemReaderTest, AnIdWithAControlCharacterIsRejected) {
  ExpectRejected(R"({"id": "x\u0000y", "category": "Tents"})", RowFault::kBadValue,
                 "field \"id\" holds a control character");
}

TEST_F(ItemReaderTest, AnIdThatIsTooLongIsRejected) {
  ExpectRejected(R"({"id": ")" + std::string(257, 'x') + R"(", "category": "Tents"})",
                 RowFault::kBadValue, "field \"id\" has 257 bytes, the limit is 256");
}

TEST_F(ItemReaderTest, TooManyTagsAreRejected) {
  std::string tags = R"("t0")";
  for (int i = 1; i <= 100; ++i) tags += ", \"t\"";
  ExpectRejected(R"({"id": "x", "category": "Tents", "tags": [)" + tags + "]}", RowFault::kBadValue,
                 "field \"tags\" has 101 values, the limit is 100");
}

TEST_F(ItemReaderTest, BytesThatAreNotUtf8AreRejected) {
  ExpectRejected("{\"id\": \"x\xFF\", \"category\": \"Tents\"}", RowFault::kNotText,
                 "line is not valid UTF-8");
}

TEST_F(ItemReaderTest, ALoneSurrogateIsRejected) {
  ExpectRejected(R"({"id": "\ud800", "category": "Tents"})", RowFault::kBroken, "not JSON");
}

TEST_F(ItemReaderTest, ANulByteIsRejectedAlsoBehindACompleteRow) {
  ExpectRejected(std::string("{\"id\": \"x\", \"category\": \"Tents\"}\0", 34), RowFault::kNotText,
                 "line holds a NUL byte");
}

TEST_F(ItemReaderTest, AnEndlessLineIsRejectedAndTheNextOneRead) {
  ExpectRejected(R"({"id": "x", "title": ")" + std::string(10 << 20U, 'x') + "\"}",
                 RowFault::kTooLong, "line is longer than 1048576 bytes");
}

TEST_F(ItemReaderTest, UnknownFieldsAreIgnoredAndCounted) {
  EXPECT_THAT(Read(R"({"id": "a", "category": "c1", "colour": "red", "size": {"id": 5}})"), IsOk());
  EXPECT_THAT(rejects_.ignored_fields(),
              ElementsAre(testing::Pair("colour", 1), testing::Pair("size", 1)));
}

TEST_F(ItemReaderTest, NoFileIsNotFound) {
  EXPECT_THAT(LoadCatalog(dir_.path() / "none.jsonl", taxonomy_, rejects_, *progress_),
              FailsWith(ErrorCode::kNotFound, "none.jsonl"));
}

TEST_F(ItemReaderTest, AFolderIsRefused) {
  EXPECT_THAT(LoadCatalog(dir_.path(), taxonomy_, rejects_, *progress_),
              FailsWith(ErrorCode::kInvalidArgument, "is not a regular file"));
}

TEST_F(ItemReaderTest, AnUnknownExtensionIsRefused) {
  EXPECT_THAT(Read("x", "items.xlsx"),
              FailsWith(ErrorCode::kInvalidArgument, "the format follows from the extension"));
}

TEST_F(ItemReaderTest, AnEmptyFileIsRefused) {
  EXPECT_THAT(Read(""), FailsWith(ErrorCode::kInvalidArgument, "items.jsonl is empty"));
  EXPECT_THAT(Read("\n\n"), FailsWith(ErrorCode::kInvalidArgument, "items.jsonl has no rows"));
}

TEST_F(ItemReaderTest, AFileWithoutOneGoodRowIsRefused) {
  EXPECT_THAT(Read("{}\n{}\n"), FailsWith(ErrorCode::kInvalidArgument, "every row was rejected"));
  EXPECT_EQ(rejects_.count(RowFault::kMissingField), 2);
}

TEST_F(ItemReaderTest, StrictStopsAtTheFirstRejectAndNamesIt) {
  ASSERT_OK_AND_ASSIGN(rejects_, RejectReport::Open({.strict = true, .file = {}}));
  EXPECT_THAT(Read("{\"id\": \"a\", \"category\": \"c1\"}\n{}\n"),
              FailsWith(ErrorCode::kInvalidArgument, "items.jsonl:2: field \"id\" is missing"));
}

TEST_F(ItemReaderTest, AHeaderWithoutARequiredColumnIsRefused) {
  EXPECT_THAT(
      Read("id,title\na,b\n", "items.csv"),
      FailsWith(ErrorCode::kInvalidArgument, "items.csv:1: the header lacks column \"category\""));
}

}  // namespace
}  // namespace twohop
