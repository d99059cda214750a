#include "twohop/serving/http_request.h"

#include <gtest/gtest.h>

namespace twohop {
namespace {

TEST(HttpRequestTest, ThePathEndsAtTheQuestionMark) {
  EXPECT_EQ(HttpRequest{.target = "/a/b?c=/d?e"}.path(), "/a/b");
  EXPECT_EQ(HttpRequest{.target = "/a"}.path(), "/a");
  EXPECT_EQ(HttpRequest{}.path(), "");
}

TEST(HttpRequestTest, HeadersAreFoundInAnyCase) {
  const HttpRequest request{.headers = {{"X-Request-Id", "1"}, {"x-request-id", "2"}}};
  EXPECT_EQ(request.FindHeader("x-REQUEST-id"), "1");
  EXPECT_EQ(request.FindHeader("x-request"), std::nullopt);
}

TEST(DecodePercentTest, ReplacesEveryEscape) {
  EXPECT_EQ(DecodePercent("u%201%2f%2F"), "u 1//");
  EXPECT_EQ(DecodePercent("%E5%B8%90"), "帐");
  EXPECT_EQ(DecodePercent("a+b"), "a+b");
  EXPECT_EQ(DecodePercent(""), "");
}

TEST(DecodePercentTest, RefusesHalfEscapesAndWhatIsNotUtf8) {
  EXPECT_EQ(DecodePercent("%"), std::nullopt);
  EXPECT_EQ(DecodePercent("a%2"), std::nullopt);
  EXPECT_EQ(DecodePercent("%zz"), std::nullopt);
  EXPECT_EQ(DecodePercent("%-1"), std::nullopt);
  EXPECT_EQ(DecodePercent("%FF"), std::nullopt);
}

}  // namespace
}  // namespace twohop
