// Matchers for Result and Status.

#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "twohop/base/result.h"

namespace twohop {

MATCHER(IsOk, "is not an error") {
  if (arg.has_value()) return true;
  *result_listener << ErrorCodeName(arg.error().code()) << ": " << arg.error().message();
  return false;
}

// Matches a failed result with this code whose message contains `text`.
MATCHER_P2(FailsWith, code, text,
           std::string("fails with ") + std::string(ErrorCodeName(code)) + " and mentions \"" +
               text + "\"") {
  if (arg.has_value()) {
    *result_listener << "succeeded";
    return false;
  }
  *result_listener << ErrorCodeName(arg.error().code()) << ": " << arg.error().message();
  return arg.error().code() == code &&
         arg.error().message().find(text) != std::string::npos;
}

}  // namespace twohop

// Evaluates a Result<T>, fails the test on an error, or moves its value into `declaration`.
#define ASSERT_OK_AND_ASSIGN(declaration, expr) \
  ASSERT_OK_AND_ASSIGN_INNER(TWOHOP_CONCAT(twohop_result_, __LINE__), declaration, expr)
#define ASSERT_OK_AND_ASSIGN_INNER(result, declaration, expr)   \
  auto result = (expr);                                         \
  ASSERT_TRUE(result.has_value()) << result.error().message();  \
  declaration = *std::move(result)
