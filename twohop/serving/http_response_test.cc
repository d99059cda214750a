#include "twohop/serving/http_response.h"

#include <gtest/gtest.h>

namespace twohop {
namespace {

class HttpStatusTest : public testing::TestWithParam<std::pair<ErrorCode, unsigned>> {};

TEST_P(HttpStatusTest, FollowsFromTheErrorCode) {
  const auto [code, status] = GetParam();
  EXPECT_EQ(HttpStatusOf(code), status);
  EXPECT_EQ(ErrorResponse(Error(code, "m")).status, status);
}

INSTANTIATE_TEST_SUITE_P(Codes, HttpStatusTest,
                         testing::Values(std::pair(ErrorCode::kInvalidArgument, 400),
                                         std::pair(ErrorCode::kNotFound, 404),
                                         std::pair(ErrorCode::kFailedPrecondition, 409),
                                         std::pair(ErrorCode::kResourceExhausted, 429),
                                         std::pair(ErrorCode::kCancelled, 499),
                                         std::pair(ErrorCode::kDataLoss, 500),
                                         std::pair(ErrorCode::kInternal, 500),
                                         std::pair(ErrorCode::kUnimplemented, 501),
                                         std::pair(ErrorCode::kUnavailable, 503),
                                         std::pair(ErrorCode::kDeadlineExceeded, 504)));

TEST(HttpResponseTest, AnErrorHasItsCodeAndMessage) {
  const HttpResponse response = ErrorResponse(Error(ErrorCode::kNotFound, "no \"x\""));
  EXPECT_EQ(response.content_type, "application/json");
  EXPECT_EQ(response.body, R"({"error":{"code":"NotFound","message":"no \"x\""}})");
}

TEST(HttpResponseTest, WhatPassesSaysWhenToTryAgain) {
  EXPECT_EQ(ErrorResponse(Error(ErrorCode::kResourceExhausted, "m")).headers,
            (std::vector<HttpHeader>{{"Retry-After", "1"}}));
  EXPECT_TRUE(ErrorResponse(Error(ErrorCode::kNotFound, "m")).headers.empty());
}

TEST(HttpResponseTest, JsonIsCompactAndMayHaveAnotherStatus) {
  EXPECT_EQ(JsonResponse({{"a", 1}}, 202), (HttpResponse{.status = 202, .body = "{\"a\":1}"}));
}

}  // namespace
}  // namespace twohop
