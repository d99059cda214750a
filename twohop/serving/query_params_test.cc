#include "twohop/serving/internal/query_params.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"

namespace twohop::serving_internal {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

Result<QueryParams> Parse(std::string_view target) {
  return ParseQuery(target, {"user", "category"});
}

TEST(ParseQueryTest, ValuesAreDecoded) {
  ASSERT_OK_AND_ASSIGN(const auto params, Parse("/p?user=u%2F1&category=Desk+L%C3%A4mps%2B"));
  EXPECT_THAT(params, ElementsAre(Pair("category", "Desk Lämps+"), Pair("user", "u/1")));
}

TEST(ParseQueryTest, AValueMayBeEmptyOrHaveAnEqualsSign) {
  ASSERT_OK_AND_ASSIGN(const auto params, Parse("/p?user=&category=a=b"));
  EXPECT_THAT(params, ElementsAre(Pair("category", "a=b"), Pair("user", "")));
}

TEST(ParseQueryTest, NoQueryHasNoParameters) {
  ASSERT_OK_AND_ASSIGN(const auto none, Parse("/p"));
  EXPECT_THAT(none, IsEmpty());
  ASSERT_OK_AND_ASSIGN(const auto empty, Parse("/p?&"));
  EXPECT_THAT(empty, IsEmpty());
}

TEST(ParseQueryTest, WhatIsWrongIsNamed) {
  EXPECT_THAT(Parse("/p?usr=1"), FailsWith(ErrorCode::kInvalidArgument,
                                           "unknown parameter \"usr\"; known are user, category"));
  EXPECT_THAT(Parse("/p?user"), FailsWith(ErrorCode::kInvalidArgument, "\"user\" has no value"));
  EXPECT_THAT(Parse("/p?user=a&user=b"),
              FailsWith(ErrorCode::kInvalidArgument, "\"user\" occurs twice"));
  EXPECT_THAT(Parse("/p?user=%zz"), FailsWith(ErrorCode::kInvalidArgument, "percent-encoded"));
  EXPECT_THAT(Parse("/p?user=%ff"), FailsWith(ErrorCode::kInvalidArgument, "UTF-8"));
}

}  // namespace
}  // namespace twohop::serving_internal
