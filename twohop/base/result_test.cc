#include "twohop/base/result.h"

#include <memory>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"

namespace twohop {
namespace {

constexpr std::array kAllCodes = {ErrorCode::kCancelled,         ErrorCode::kInvalidArgument,
                                  ErrorCode::kNotFound,          ErrorCode::kFailedPrecondition,
                                  ErrorCode::kResourceExhausted, ErrorCode::kDeadlineExceeded,
                                  ErrorCode::kUnavailable,       ErrorCode::kDataLoss,
                                  ErrorCode::kUnimplemented,     ErrorCode::kInternal};

Result<int> Half(int value) {
  if (value % 2 != 0) return InvalidArgument("odd");
  return value / 2;
}

Result<int> Quarter(int value) {
  TWOHOP_ASSIGN_OR_RETURN(const int half, Half(value));
  TWOHOP_ASSIGN_OR_RETURN(const int quarter, Half(half));
  return quarter;
}

Status CheckEven(int value, int& reached) {
  TWOHOP_RETURN_IF_ERROR(Half(value));
  ++reached;
  return Ok();
}

Result<std::unique_ptr<int>> Boxed(int value) { return std::make_unique<int>(value); }

Result<int> Unboxed(int value) {
  TWOHOP_ASSIGN_OR_RETURN(const auto box, Boxed(value));
  return *box;
}

TEST(ResultTest, EveryCodeHasAnOwnName) {
  std::set<std::string_view> names;
  for (const ErrorCode code : kAllCodes) names.insert(ErrorCodeName(code));
  EXPECT_EQ(names.size(), kAllCodes.size());
  EXPECT_EQ(names.count("Unknown"), 0U);
  EXPECT_EQ(ErrorCodeName(ErrorCode::kNotFound), "NotFound");
}

TEST(ResultTest, EachMakerGivesItsCode) {
  EXPECT_EQ(Cancelled("m").value(), Error(ErrorCode::kCancelled, "m"));
  EXPECT_EQ(InvalidArgument("m").value(), Error(ErrorCode::kInvalidArgument, "m"));
  EXPECT_EQ(NotFound("m").value(), Error(ErrorCode::kNotFound, "m"));
  EXPECT_EQ(FailedPrecondition("m").value(), Error(ErrorCode::kFailedPrecondition, "m"));
  EXPECT_EQ(ResourceExhausted("m").value(), Error(ErrorCode::kResourceExhausted, "m"));
  EXPECT_EQ(DeadlineExceeded("m").value(), Error(ErrorCode::kDeadlineExceeded, "m"));
  EXPECT_EQ(Unavailable("m").value(), Error(ErrorCode::kUnavailable, "m"));
  EXPECT_EQ(DataLoss("m").value(), Error(ErrorCode::kDataLoss, "m"));
  EXPECT_EQ(Unimplemented("m").value(), Error(ErrorCode::kUnimplemented, "m"));
  EXPECT_EQ(Internal("m").value(), Error(ErrorCode::kInternal, "m"));
}

TEST(ResultTest, ContextGoesInFrontAndKeepsTheCode) {
  EXPECT_EQ(Error(ErrorCode::kNotFound, "no file").WithContext("items"),
            Error(ErrorCode::kNotFound, "items: no file"));
  EXPECT_EQ(Annotate(Half(3), "first").value(), Error(ErrorCode::kInvalidArgument, "first: odd"));
}

TEST(ResultTest, AssignOrReturnGivesTheValueOrPassesTheErrorUp) {
  EXPECT_EQ(Quarter(8), 2);
  EXPECT_THAT(Quarter(6), FailsWith(ErrorCode::kInvalidArgument, "odd"));
}

TEST(ResultTest, AssignOrReturnMovesWhatCannotBeCopied) { EXPECT_EQ(Unboxed(7), 7); }

TEST(ResultTest, ReturnIfErrorGoesOnOnSuccessAlone) {
  int reached = 0;
  EXPECT_THAT(CheckEven(2, reached), IsOk());
  EXPECT_EQ(reached, 1);
  EXPECT_THAT(CheckEven(3, reached), FailsWith(ErrorCode::kInvalidArgument, "odd"));
  EXPECT_EQ(reached, 1);
}

}  // namespace
}  // namespace twohop
