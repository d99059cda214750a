#include "twohop/ingest/event_reader.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/base/time_format.h"
#include "twohop/ingest/testing/sample_community.h"

namespace twohop {
namespace {

using testing::ElementsAre;

std::string Row(std::string_view id, std::string_view item = "tent") {
  return R"({"id": ")" + std::string(id) + R"(", "user": "u", "type": "click", "item": ")" +
         std::string(item) + R"(", "time": "2026-01-31T08:00:00Z"})" + "\n";
}

class EventReaderTest : public testing::Test {
 protected:
  Result<EventReader> Open(std::string_view content, std::string_view name = "events.jsonl") {
    path_ = dir_.Write(name, content);
    return EventReader::Open(path_, rules_, rejects_);
  }

  // The ids of all events from a position on, read in batches of `limit`.
  std::vector<std::string> IdsFrom(FilePosition from, std::size_t limit = 100) {
    auto reader = EventReader::Open(path_, rules_, rejects_, from);
    if (!reader.has_value()) return {reader.error().message()};
    return Rest(*reader, limit);
  }

  static std::vector<std::string> Rest(EventReader& reader, std::size_t limit = 100) {
    std::vector<std::string> ids;
    while (true) {
      const auto batch = reader.Next(limit);
      if (!batch.has_value()) return {batch.error().message()};
      if (batch->events.empty()) return ids;
      for (const Event& event : batch->events) ids.push_back(event.id.value());
    }
  }

  std::vector<std::string> Ids(std::string_view content, std::string_view name = "events.jsonl") {
    path_ = dir_.Write(name, content);
    return IdsFrom({});
  }

  // Reads a row between two good ones and expects it, and it alone, to be rejected.
  void ExpectRejected(std::string_view row, RowFault reason, std::string_view complaint) {
    EXPECT_THAT(Ids(Row("first") + std::string(row) + "\n" + Row("last")),
                ElementsAre("first", "last"));
    ASSERT_EQ(rejects_.total(), 1);
    EXPECT_EQ(rejects_.examples()[0].line, 2);
    EXPECT_EQ(rejects_.examples()[0].reject.reason, reason);
    EXPECT_THAT(rejects_.examples()[0].reject.message, testing::HasSubstr(complaint));
  }

  TempDir dir_;
  std::filesystem::path path_;
  Catalog catalog_ = SampleCatalog();
  EventRules rules_{.catalog = catalog_,
                    .now = *ParseTime("2026-02-01T00:00:00Z"),
                    .received = *ParseTime("2026-02-02T00:00:00Z")};
  RejectReport rejects_;
};

constexpr std::string_view kCsv =
    "user,type,time,item,query,note\n"
    "u1,search,2026-01-31T08:00:00Z,,\"tent, for two\",x\n"
    "u1,click,1769846400,tent,,y\n";

TEST_F(EventReaderTest, ReadsEventsInTheOrderOfTheFile) {
  EXPECT_THAT(Ids(Row("a") + Row("b") + Row("c")), ElementsAre("a", "b", "c"));
}

TEST_F(EventReaderTest, ReadsCsv) {
  ASSERT_OK_AND_ASSIGN(EventReader reader, Open(kCsv, "events.csv"));
  ASSERT_OK_AND_ASSIGN(const EventBatch batch, reader.Next(10));
  ASSERT_EQ(batch.events.size(), 2);
  EXPECT_EQ(batch.events[0].query, "tent, for two");
  EXPECT_EQ(batch.events[1].item, ItemId("tent"));
  EXPECT_EQ(batch.events[1].received, rules_.received);
  EXPECT_EQ(rejects_.ignored_field("note"), 2);
}

TEST_F(EventReaderTest, CsvAndJsonGiveTheSameDerivedId) {
  const auto csv = Ids("user,type,time,item\nu1,click,1769846400,tent\n", "events.csv");
  const auto json = Ids(R"({"user": "u1", "type": "click", "item": "tent",)"
                        R"( "time": "2026-01-31T08:00:00Z"})");
  EXPECT_EQ(csv, json);
}

TEST_F(EventReaderTest, ReadsTsv) {
  EXPECT_THAT(Ids("id\tuser\ttype\ttime\titem\na\tu\tlike\t1769846400\tlamp\n", "events.tsv"),
              ElementsAre("a"));
}

TEST_F(EventReaderTest, ABatchHasAtMostTheLimitAndAnEmptyOneIsTheEnd) {
  ASSERT_OK_AND_ASSIGN(EventReader reader, Open(Row("a") + Row("b") + Row("c")));
  EXPECT_EQ(reader.Next(2)->events.size(), 2);
  EXPECT_EQ(reader.Next(2)->events.size(), 1);
  EXPECT_EQ(reader.Next(2)->events.size(), 0);
  EXPECT_EQ(reader.bytes_read(), reader.file_bytes());
}

TEST_F(EventReaderTest, RejectedRowsDoNotEndABatch) {
  ASSERT_OK_AND_ASSIGN(EventReader reader, Open("{}\n{}\n" + Row("a")));
  EXPECT_EQ(reader.Next(1)->events.size(), 1);
  EXPECT_EQ(rejects_.total(), 2);
}

TEST_F(EventReaderTest, GoesOnWhereAnotherReaderStopped) {
  ASSERT_OK_AND_ASSIGN(EventReader reader,
                       Open("\xEF\xBB\xBF" + Row("a") + "\n{}\n" + Row("b") + Row("c")));
  ASSERT_OK_AND_ASSIGN(const EventBatch batch, reader.Next(2));
  EXPECT_EQ(batch.next.line, 5);
  EXPECT_THAT(IdsFrom(batch.next), ElementsAre("c"));
  EXPECT_EQ(IdsFrom(batch.next), Rest(reader));
}

TEST_F(EventReaderTest, GoesOnInATableWithItsHeader) {
  ASSERT_OK_AND_ASSIGN(EventReader reader, Open(kCsv, "events.csv"));
  ASSERT_OK_AND_ASSIGN(const EventBatch batch, reader.Next(1));
  EXPECT_EQ(batch.next.line, 3);
  EXPECT_EQ(IdsFrom(batch.next), Rest(reader));
}

TEST_F(EventReaderTest, ARejectAfterGoingOnNamesItsLine) {
  ASSERT_OK_AND_ASSIGN(EventReader reader, Open(Row("a") + Row("b") + "{}\n"));
  ASSERT_OK_AND_ASSIGN(const EventBatch batch, reader.Next(1));
  EXPECT_THAT(IdsFrom(batch.next), ElementsAre("b"));
  EXPECT_EQ(rejects_.examples()[0].line, 3);
}

TEST_F(EventReaderTest, GoingOnAtTheEndGivesNothing) {
  std::string content = Row("a") + Row("b");
  content.pop_back();
  ASSERT_OK_AND_ASSIGN(EventReader reader, Open(content));
  ASSERT_OK_AND_ASSIGN(const EventBatch batch, reader.Next(5));
  EXPECT_THAT(IdsFrom(batch.next), ElementsAre());
}

TEST_F(EventReaderTest, APositionInsideALineIsRefused) {
  ASSERT_THAT(Open(Row("a") + Row("b")), IsOk());
  EXPECT_THAT(EventReader::Open(path_, rules_, rejects_, {.offset = 5, .line = 2}),
              FailsWith(ErrorCode::kInvalidArgument, "no line starts at offset 5"));
}

TEST_F(EventReaderTest, APositionBehindTheEndIsRefused) {
  ASSERT_THAT(Open(Row("a")), IsOk());
  EXPECT_THAT(EventReader::Open(path_, rules_, rejects_, {.offset = 5000, .line = 2}),
              FailsWith(ErrorCode::kInvalidArgument, "was the file changed"));
}

TEST_F(EventReaderTest, ABrokenLineIsRejected) {
  ExpectRejected(R"({"id": "x", "user")", RowFault::kBroken, "not JSON at byte");
}

TEST_F(EventReaderTest, ARowThatIsAnArrayIsRejected) {
  ExpectRejected("[1, 2]", RowFault::kNotAnObject, "is an array");
}

TEST_F(EventReaderTest, AWrongTypeIsRejected) {
  ExpectRejected(R"({"user": {}, "type": "click", "time": 1, "item": "tent"})",
                 RowFault::kWrongType, "field \"user\"");
}

TEST_F(EventReaderTest, AnEventForAnUnknownItemIsRejected) {
  ExpectRejected(R"({"user": "u", "type": "click", "time": 1, "item": "boat"})",
                 RowFault::kUnknownItem, "item \"boat\" is not in the catalogue");
}

TEST_F(EventReaderTest, ATimeInTheFutureIsRejected) {
  ExpectRejected(
      R"({"user": "u", "type": "click", "time": "2030-01-01T00:00:00Z", "item": "tent"})",
      RowFault::kFutureTime, "more than a day ahead of now");
}

TEST_F(EventReaderTest, BytesThatAreNotUtf8AreRejected) {
  ExpectRejected("{\"user\": \"\xC3\x28\"}", RowFault::kNotText, "not valid UTF-8");
}

TEST_F(EventReaderTest, ANulByteIsRejected) {
  ExpectRejected(std::string_view("{}\0", 3), RowFault::kNotText, "NUL byte");
}

TEST_F(EventReaderTest, ALineOfTenMegabytesIsRejectedAndTheNextOneRead) {
  ExpectRejected(std::string(10 << 20U, 'x'), RowFault::kTooLong,
                 "line is longer than 1048576 bytes");
}

TEST_F(EventReaderTest, ARowOfATableWithAnOpenQuoteIsRejected) {
  EXPECT_THAT(Ids("id,user,type,time,item\na,\"u,click,1,tent\nb,u,click,1,tent\n", "events.csv"),
              ElementsAre("b"));
  EXPECT_THAT(rejects_.examples()[0].reject.message, testing::HasSubstr("column 2: the quote"));
}

TEST_F(EventReaderTest, ARowOfATableWithAnotherWidthIsRejected) {
  EXPECT_THAT(Ids("id,user,type,time,item\na,u,click\nb,u,click,1,tent\n", "events.csv"),
              ElementsAre("b"));
  EXPECT_EQ(rejects_.examples()[0].reject.message, "row has 3 columns, the header 5");
}

TEST_F(EventReaderTest, CarriageReturnsAndTheByteOrderMarkAreNotPartOfRows) {
  EXPECT_THAT(Ids("\xEF\xBB\xBFid,user,type,time,item\r\na,u,click,1,tent\r\n", "events.csv"),
              ElementsAre("a"));
}

TEST_F(EventReaderTest, AnEmptyFileIsRefused) {
  EXPECT_THAT(Open(""), FailsWith(ErrorCode::kInvalidArgument, "events.jsonl is empty"));
}

TEST_F(EventReaderTest, AFileWithoutRowsIsRefusedWhenItsEndIsReached) {
  EXPECT_THAT(Ids("\n"), ElementsAre(testing::HasSubstr("events.jsonl has no rows")));
  EXPECT_THAT(Ids("user,type,time\n", "events.csv"),
              ElementsAre(testing::HasSubstr("has no rows")));
}

TEST_F(EventReaderTest, AHeaderThatLacksOrRepeatsAColumnIsRefused) {
  EXPECT_THAT(
      Open("user,type\nu,click\n", "events.csv"),
      FailsWith(ErrorCode::kInvalidArgument, "events.csv:1: the header lacks column \"time\""));
  EXPECT_THAT(Open("user,type,time,user\n", "events.csv"),
              FailsWith(ErrorCode::kInvalidArgument, "names column \"user\" twice"));
}

TEST_F(EventReaderTest, AHeaderThatIsNotTextIsRefused) {
  EXPECT_THAT(Open("user,\xFF\n", "events.csv"),
              FailsWith(ErrorCode::kInvalidArgument, "events.csv:1: line is not valid UTF-8"));
  EXPECT_THAT(Open("user,\"type\n", "events.csv"),
              FailsWith(ErrorCode::kInvalidArgument, "events.csv:1: column 2: the quote"));
}

TEST_F(EventReaderTest, NoFileAFolderAndAnUnknownExtensionAreErrors) {
  EXPECT_THAT(EventReader::Open(dir_.path() / "none.jsonl", rules_, rejects_),
              FailsWith(ErrorCode::kNotFound, "none.jsonl"));
  EXPECT_THAT(EventReader::Open(dir_.path(), rules_, rejects_),
              FailsWith(ErrorCode::kInvalidArgument, "is not a regular file"));
  EXPECT_THAT(Open("x", "events.parquet"), FailsWith(ErrorCode::kInvalidArgument, ".jsonl"));
}

TEST_F(EventReaderTest, ExtensionsMayBeInCapitals) {
  EXPECT_THAT(Ids(Row("a"), "EVENTS.JSONL"), ElementsAre("a"));
  EXPECT_THAT(Ids(Row("a"), "events.ndjson"), ElementsAre("a"));
  EXPECT_THAT(Ids(Row("a"), "events.json"), ElementsAre("a"));
}

TEST_F(EventReaderTest, AStrictReportStopsTheReading) {
  ASSERT_OK_AND_ASSIGN(rejects_, RejectReport::Open({.strict = true, .file = {}}));
  EXPECT_THAT(Ids(Row("a") + "{}\n"),
              ElementsAre(testing::HasSubstr("events.jsonl:2: field \"user\" is missing")));
}

}  // namespace
}  // namespace twohop
