#include "twohop/base/row_log.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/file.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"

namespace twohop {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class RowLogTest : public testing::Test {
 protected:
  void Fill(std::string_view content) { dir_.Write("rows.jsonl", content); }
  std::string Content() const { return ReadFile(path_).value_or("(no file)"); }

  // Opens the log, collects "n" of its rows and lets go of the one that was open before.
  Status Open(OpenMode mode = OpenMode::kReadWrite) {
    log_.reset();
    seen_.clear();
    auto log = RowLog::Open(path_, mode, [&](const Json& row) -> Status {
      TWOHOP_ASSIGN_OR_RETURN(const std::int64_t n, OptionalInteger(row, "n", 0));
      seen_.push_back(n);
      return Ok();
    });
    if (!log) return tl::unexpected<Error>(log.error());
    log_ = *std::move(log);
    return Ok();
  }

  Status Append(int n) { return log_->Append({{"n", n}}); }

  const TempDir dir_;
  const std::filesystem::path path_ = dir_.path() / "rows.jsonl";
  std::vector<std::int64_t> seen_;
  std::unique_ptr<RowLog> log_;
};

TEST_F(RowLogTest, RowsSurviveReopeningInOrder) {
  ASSERT_THAT(Open(), IsOk());
  ASSERT_THAT(Append(1), IsOk());
  ASSERT_THAT(Append(2), IsOk());
  ASSERT_THAT(Open(), IsOk());
  ASSERT_THAT(Append(3), IsOk());
  EXPECT_THAT(seen_, ElementsAre(1, 2));
  EXPECT_EQ(Content(), "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n");
}

TEST_F(RowLogTest, HalfARowAtTheEndIsCutOffAndNothingElse) {
  Fill("{\"n\":1}\n\n{\"n\":2}\n{\"n\":");
  ASSERT_THAT(Open(), IsOk());
  EXPECT_THAT(seen_, ElementsAre(1, 2));
  ASSERT_THAT(Append(3), IsOk());
  EXPECT_EQ(Content(), "{\"n\":1}\n\n{\"n\":2}\n{\"n\":3}\n");
}

TEST_F(RowLogTest, AWholeRowThatLacksItsNewlineStays) {
  Fill("{\"n\":1}\n{\"n\":2}");
  ASSERT_THAT(Open(), IsOk());
  EXPECT_THAT(seen_, ElementsAre(1, 2));
  ASSERT_THAT(Append(3), IsOk());
  EXPECT_EQ(Content(), "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n");
}

TEST_F(RowLogTest, AnotherKindOfFileIsRefusedWithItsLineAndLeftAsItIs) {
  Fill("{\"n\":1}\n{\"n\":\"x\"}\n{\"n");
  EXPECT_THAT(Open(), FailsWith(ErrorCode::kInvalidArgument, "rows.jsonl:2: "));
  EXPECT_EQ(Content(), "{\"n\":1}\n{\"n\":\"x\"}\n{\"n");
  Fill("a letter");
  EXPECT_THAT(Open(), FailsWith(ErrorCode::kInvalidArgument, "rows.jsonl:1: "));
  EXPECT_EQ(Content(), "a letter");
  Fill("[1]\n");
  EXPECT_THAT(Open(), FailsWith(ErrorCode::kInvalidArgument, "not a JSON object"));
}

TEST_F(RowLogTest, ReadingChangesNothing) {
  ASSERT_THAT(Open(OpenMode::kReadOnly), IsOk());
  EXPECT_THAT(seen_, IsEmpty());
  EXPECT_EQ(Content(), "(no file)");
  Fill("{\"n\":1}\n{\"n\":");
  ASSERT_THAT(Open(OpenMode::kReadOnly), IsOk());
  EXPECT_THAT(seen_, ElementsAre(1));
  EXPECT_EQ(Content(), "{\"n\":1}\n{\"n\":");
}

TEST_F(RowLogTest, OneAtATimeWrites) {
  ASSERT_THAT(Open(), IsOk());
  EXPECT_THAT(RowLog::Open(path_, OpenMode::kReadWrite, [](const Json&) { return Ok(); }),
              FailsWith(ErrorCode::kFailedPrecondition, "another process"));
}

TEST_F(RowLogTest, AFolderIsNoLog) {
  std::filesystem::create_directory(path_);
  EXPECT_THAT(Open(), FailsWith(ErrorCode::kUnavailable, "rows.jsonl"));
}

}  // namespace
}  // namespace twohop
