#include "twohop/ingest/user_reader.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/ingest/user_json.h"

namespace twohop {
namespace {

using testing::ElementsAre;

class UserReaderTest : public testing::Test {
 protected:
  Result<std::uint64_t> Read(std::string_view content, std::string_view name = "users.jsonl") {
    return ForEachUser(dir_.Write(name, content), rejects_, *progress_,
                       [this](std::span<const UserProfile> batch) {
                         batches_.emplace_back(batch.begin(), batch.end());
                         return Ok();
                       });
  }

  static std::string Rows(std::size_t count) {
    std::string rows;
    for (std::size_t i = 0; i < count; ++i) rows += "{\"id\": " + std::to_string(i) + "}\n";
    return rows;
  }

  TempDir dir_;
  RejectReport rejects_;
  std::unique_ptr<Progress> progress_ = MakeSilentProgress();
  std::vector<std::vector<UserProfile>> batches_;
};

TEST_F(UserReaderTest, ReadsEveryField) {
  EXPECT_EQ(Read("{\"id\": \"u1\", \"age_group\": \"25-34\", \"gender\": \"female\"}\n"
                 "{\"id\": 2, \"gender\": null, \"city\": \"x\"}\n"),
            2);
  EXPECT_THAT(batches_, ElementsAre(ElementsAre(UserProfile{UserId("u1"), "25-34", "female"},
                                                UserProfile{UserId("2"), "", ""})));
  EXPECT_EQ(rejects_.ignored_field("city"), 1);
}

TEST_F(UserReaderTest, ReadsCsv) {
  EXPECT_EQ(Read("gender,id,city\nmale,u1,x\n,u2,y\n", "users.csv"), 2);
  EXPECT_THAT(batches_, ElementsAre(ElementsAre(UserProfile{UserId("u1"), "", "male"},
                                                UserProfile{UserId("u2"), "", ""})));
  EXPECT_EQ(rejects_.ignored_field("city"), 2);
}

TEST_F(UserReaderTest, HandsUsersOverInBatches) {
  EXPECT_EQ(Read(Rows(kUserBatch + 1)), kUserBatch + 1);
  ASSERT_EQ(batches_.size(), 2);
  EXPECT_EQ(batches_[0].size(), kUserBatch);
  EXPECT_THAT(batches_[1], ElementsAre(UserProfile{UserId(std::to_string(kUserBatch)), "", ""}));
}

TEST_F(UserReaderTest, AnErrorOfTheCallbackStopsTheReading) {
  int calls = 0;
  const auto read = ForEachUser(dir_.Write("users.jsonl", Rows(3 * kUserBatch)), rejects_,
                                *progress_, [&calls](std::span<const UserProfile>) -> Status {
                                  ++calls;
                                  return Cancelled("enough");
                                });
  EXPECT_THAT(read, FailsWith(ErrorCode::kCancelled, "enough"));
  EXPECT_EQ(calls, 1);
}

TEST_F(UserReaderTest, BrokenRowsAreRejectedByLine) {
  EXPECT_EQ(Read("{\"id\": \"u1\"}\n{\"gender\": \"male\"}\n{\"id\": \"u2\", \"gender\": 1}\n"
                 "{\"id\": \"u1\"}\n"),
            1);
  EXPECT_EQ(rejects_.count(RowFault::kMissingField), 1);
  EXPECT_EQ(rejects_.count(RowFault::kWrongType), 1);
  EXPECT_EQ(rejects_.count(RowFault::kDuplicateId), 1);
  EXPECT_EQ(rejects_.examples()[2].line, 4);
}

TEST_F(UserReaderTest, AnEmptyFileIsRefused) {
  EXPECT_THAT(Read(""), FailsWith(ErrorCode::kInvalidArgument, "users.jsonl is empty"));
  EXPECT_THAT(Read("id\n", "users.csv"), FailsWith(ErrorCode::kInvalidArgument, "has no rows"));
}

TEST_F(UserReaderTest, AMissingFileOrColumnIsAnError) {
  EXPECT_THAT(ForEachUser(dir_.path() / "none.csv", rejects_, *progress_, {}),
              FailsWith(ErrorCode::kNotFound, "none.csv"));
  EXPECT_THAT(
      Read("name\nx\n", "users.csv"),
      FailsWith(ErrorCode::kInvalidArgument, "users.csv:1: the header lacks column \"id\""));
}

TEST_F(UserReaderTest, AFolderOrAnUnknownExtensionIsRefused) {
  EXPECT_THAT(ForEachUser(dir_.path(), rejects_, *progress_, {}),
              FailsWith(ErrorCode::kInvalidArgument, "is not a regular file"));
  EXPECT_THAT(Read("x", "users.txt"), FailsWith(ErrorCode::kInvalidArgument, "the extension"));
}

TEST_F(UserReaderTest, AStrictReportStopsTheReading) {
  ASSERT_OK_AND_ASSIGN(rejects_, RejectReport::Open({.strict = true, .file = {}}));
  EXPECT_THAT(Read("{}\n"), FailsWith(ErrorCode::kInvalidArgument, "users.jsonl:1: field \"id\""));
}

TEST_F(UserReaderTest, OneUserAsJsonFollowsTheSameRules) {
  EXPECT_EQ(ParseUserJson({{"id", "u1"}, {"age_group", "18-24"}}),
            (UserProfile{UserId("u1"), "18-24", ""}));
  EXPECT_THAT(ParseUserJson({{"id", true}}),
              FailsWith(ErrorCode::kInvalidArgument,
                        "field \"id\" must be a string or an integer, is a boolean"));
  EXPECT_THAT(ParseUserJson(Json("u1")),
              FailsWith(ErrorCode::kInvalidArgument, "a row must be a JSON object, is a string"));
}

}  // namespace
}  // namespace twohop
