#include "twohop/ingest/reject_report.h"

#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/file.h"
#include "twohop/base/json.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/base/text.h"

namespace twohop {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

class RejectReportTest : public testing::Test {
 protected:
  static Status Add(RejectReport& report, std::uint64_t line, RowFault reason = RowFault::kBroken,
                    std::string_view text = "row") {
    return report.Add(
        {.file = "a.jsonl", .line = line, .reject = {reason, "it is wrong"}, .text = text});
  }

  RejectReport OpenFile(RejectOptions options = {}) {
    options.file = path_;
    auto report = RejectReport::Open(std::move(options));
    EXPECT_THAT(report, IsOk());
    return *std::move(report);
  }

  std::string FileContent() { return ReadFile(path_).value_or("unreadable"); }

  TempDir dir_;
  std::filesystem::path path_ = dir_.path() / "out" / "rejects.jsonl";
};

TEST_F(RejectReportTest, AFreshReportHasNothingToTell) {
  const RejectReport report;
  EXPECT_EQ(report.total(), 0);
  EXPECT_THAT(report.counts(), ElementsAre());
  EXPECT_EQ(report.Describe(), "");
}

TEST_F(RejectReportTest, CountsByReasonMostFrequentFirst) {
  RejectReport report;
  ASSERT_THAT(Add(report, 1, RowFault::kTooLong), IsOk());
  ASSERT_THAT(Add(report, 2, RowFault::kUnknownItem), IsOk());
  ASSERT_THAT(Add(report, 3, RowFault::kUnknownItem), IsOk());
  EXPECT_EQ(report.total(), 3);
  EXPECT_EQ(report.count(RowFault::kUnknownItem), 2);
  EXPECT_THAT(report.counts(),
              ElementsAre(Pair(RowFault::kUnknownItem, 2), Pair(RowFault::kTooLong, 1)));
}

TEST_F(RejectReportTest, KeepsTheFirstExamples) {
  ASSERT_OK_AND_ASSIGN(RejectReport report, RejectReport::Open({.max_examples = 1, .file = {}}));
  ASSERT_THAT(Add(report, 7), IsOk());
  ASSERT_THAT(Add(report, 8), IsOk());
  ASSERT_EQ(report.examples().size(), 1);
  EXPECT_EQ(report.examples()[0].line, 7);
  EXPECT_THAT(report.Describe(), HasSubstr("a.jsonl:7: it is wrong\n  and 1 more\n"));
}

TEST_F(RejectReportTest, StrictFailsWithFileLineAndMessageAndCounts) {
  ASSERT_OK_AND_ASSIGN(RejectReport report, RejectReport::Open({.strict = true, .file = {}}));
  EXPECT_THAT(Add(report, 7), FailsWith(ErrorCode::kInvalidArgument, "a.jsonl:7: it is wrong"));
  EXPECT_EQ(report.total(), 1);
}

TEST_F(RejectReportTest, WritesEveryRejectAsAJsonLine) {
  RejectReport report = OpenFile();
  ASSERT_THAT(Add(report, 7, RowFault::kNotText, "b\xFF\"d"), IsOk());
  ASSERT_THAT(report.Flush(), IsOk());
  ASSERT_OK_AND_ASSIGN(const Json line, ParseJson(Trim(FileContent())));
  EXPECT_EQ(line, Json({{"file", "a.jsonl"},
                        {"line", 7},
                        {"reason", "not_text"},
                        {"message", "it is wrong"},
                        {"row", "b\xEF\xBF\xBD\"d"}}));
}

TEST_F(RejectReportTest, CutsLongRows) {
  RejectReport report = OpenFile({.file = {}, .max_row_bytes = 10});
  ASSERT_THAT(Add(report, 1, RowFault::kTooLong, std::string(5000, 'x')), IsOk());
  ASSERT_THAT(report.Flush(), IsOk());
  EXPECT_THAT(FileContent(), HasSubstr("\"xxxxxxx…\""));
}

TEST_F(RejectReportTest, ANewReportReplacesTheFile) {
  { ASSERT_THAT(WriteFileAtomically(path_, "old"), IsOk()); }
  RejectReport report = OpenFile();
  EXPECT_EQ(FileContent(), "");
}

TEST_F(RejectReportTest, AppendGoesOnWithTheFile) {
  ASSERT_THAT(WriteFileAtomically(path_, "old\n"), IsOk());
  RejectReport report = OpenFile({.file = {}, .append = true});
  ASSERT_THAT(Add(report, 1), IsOk());
  ASSERT_THAT(report.Flush(), IsOk());
  EXPECT_THAT(FileContent(), testing::StartsWith("old\n{"));
}

TEST_F(RejectReportTest, AFileThatCannotBeWrittenIsUnavailable) {
  EXPECT_THAT(RejectReport::Open({.file = dir_.path()}),
              FailsWith(ErrorCode::kUnavailable, "cannot write"));
}

TEST_F(RejectReportTest, AFullDiskIsResourceExhausted) {
  ASSERT_OK_AND_ASSIGN(RejectReport report, RejectReport::Open({.file = "/dev/full"}));
  const Status added = Add(report, 1);
  EXPECT_THAT(added.has_value() ? report.Flush() : added,
              FailsWith(ErrorCode::kResourceExhausted, "/dev/full"));
}

TEST_F(RejectReportTest, CountsIgnoredFieldsByName) {
  RejectReport report;
  std::uint64_t& counter = report.ignored_field("tilte");
  ++counter;
  RejectReport moved = std::move(report);
  ++counter;
  EXPECT_THAT(moved.ignored_fields(), ElementsAre(Pair("tilte", 2)));
  EXPECT_THAT(moved.Describe(), HasSubstr("\"tilte\" is not known and was ignored in 2 rows"));
}

TEST_F(RejectReportTest, ManyIgnoredNamesShareOneCounter) {
  RejectReport report;
  for (std::size_t i = 0; i < RejectReport::kMaxIgnoredFields + 5; ++i) {
    ++report.ignored_field("f" + std::to_string(i));
  }
  EXPECT_EQ(report.ignored_fields().size(), RejectReport::kMaxIgnoredFields + 1);
  EXPECT_EQ(report.ignored_field("(other)"), 5);
}

TEST_F(RejectReportTest, EveryReasonHasAName) {
  EXPECT_EQ(RowFaultName(RowFault::kTooLong), "too_long");
  EXPECT_EQ(RowFaultName(RowFault::kUnknownCategory), "unknown_category");
  EXPECT_EQ(RowFaultName(RowFault::kDuplicateId), "duplicate_id");
}

}  // namespace
}  // namespace twohop
