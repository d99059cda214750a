#include "twohop/base/json.h"

#include <limits>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/text.h"

namespace twohop {
namespace {

const Json kObject = {{"text", "tent"},    {"number", 1.5},        {"integer", -7},
                      {"flag", true},      {"null", nullptr},      {"strings", {"a", "b"}},
                      {"mixed", {"a", 1}}, {"large", 1ULL << 63U}, {"empty", Json::array()}};

auto FieldError(std::string_view text) {
  return FailsWith(ErrorCode::kInvalidArgument, std::string(text));
}

TEST(ParseJsonTest, ReadsOneValue) {
  ASSERT_OK_AND_ASSIGN(const Json json, ParseJson(R"( {"a": [1, 2.5, "ü"]} )"));
  EXPECT_EQ(json["a"][2], "ü");
}

TEST(ParseJsonTest, WhatIsNotJsonNamesThePosition) {
  EXPECT_THAT(ParseJson("{\"a\": 1,\n  oops}"), FieldError("line 2, column 3"));
  EXPECT_THAT(ParseJson(""), FieldError("column 1"));
  EXPECT_THAT(ParseJson("{\"a\": 1"), FieldError("line 1"));
}

TEST(ParseJsonTest, RejectsASecondValue) {
  EXPECT_THAT(ParseJson("{} {}"), FieldError("column 4"));
}

TEST(ParseJsonTest, ANulByteDoesNotEndTheText) {
  EXPECT_THAT(ParseJson(std::string_view("{}\0 x", 5)), FieldError("NUL byte at byte 3"));
}

TEST(ParseJsonTest, RejectsInvalidUtf8) {
  EXPECT_THAT(ParseJson("\"\xC3\x28\""), FieldError("column"));
  EXPECT_THAT(ParseJson(R"("\ud800")"), FieldError("column"));
}

TEST(ParseJsonTest, RejectsNumbersThatNoDoubleHolds) {
  EXPECT_THAT(ParseJson("1e999"), FieldError("not JSON"));
}

TEST(ParseJsonTest, TheMessageIsShortAndValidWhateverTheInput) {
  const auto failed = ParseJson("\"" + std::string(100'000, '\xF0'));
  ASSERT_FALSE(failed.has_value());
  EXPECT_LT(failed.error().message().size(), 300U);
}

TEST(ParseJsonTest, DeepNestingDoesNotOverflowTheStack) {
  EXPECT_FALSE(ParseJson(std::string(50'000, '[')).has_value());
  EXPECT_FALSE(ParseJson(std::string(50'000, '[') + std::string(50'000, ']')).has_value());
  EXPECT_TRUE(ParseJson(std::string(200, '[') + std::string(200, ']')).has_value());
}

TEST(DumpJsonTest, IsCompact) { EXPECT_EQ(DumpJson({{"a", {1, 2}}}), R"({"a":[1,2]})"); }

TEST(DumpJsonTest, ReplacesInvalidUtf8) {
  const std::string dumped = DumpJson("a\xFFz");
  EXPECT_TRUE(IsValidUtf8(dumped));
  EXPECT_EQ(dumped, "\"a\xEF\xBF\xBDz\"");
}

TEST(JsonFieldTest, RequiredStringsMustBeThere) {
  EXPECT_EQ(RequireString(kObject, "text"), "tent");
  EXPECT_THAT(RequireString(kObject, "absent"), FieldError("\"absent\" is missing"));
  EXPECT_THAT(RequireString(kObject, "null"), FieldError("\"null\" is missing"));
  EXPECT_THAT(RequireString(kObject, "number"), FieldError("\"number\" must be a string"));
  EXPECT_THAT(RequireString(Json(3), "text"), FieldError("\"text\" is missing"));
}

TEST(JsonFieldTest, OptionalFieldsFallBackWhenAbsentOrNull) {
  EXPECT_EQ(OptionalString(kObject, "absent", "x"), "x");
  EXPECT_EQ(OptionalString(kObject, "null", "x"), "x");
  EXPECT_EQ(OptionalInteger(kObject, "null", 3), 3);
  EXPECT_EQ(OptionalNumber(kObject, "absent", 0.5), 0.5);
  EXPECT_EQ(OptionalBool(kObject, "absent", true), true);
  EXPECT_EQ(OptionalStrings(kObject, "absent"), std::vector<std::string>());
}

TEST(JsonFieldTest, OptionalFieldsGiveWhatIsThere) {
  EXPECT_EQ(OptionalString(kObject, "text"), "tent");
  EXPECT_EQ(OptionalInteger(kObject, "integer", 0), -7);
  EXPECT_EQ(OptionalNumber(kObject, "number", 0), 1.5);
  EXPECT_EQ(OptionalNumber(kObject, "integer", 0), -7.0);
  EXPECT_EQ(OptionalBool(kObject, "flag", false), true);
  EXPECT_EQ(OptionalStrings(kObject, "strings"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(OptionalStrings(kObject, "empty"), std::vector<std::string>());
}

TEST(JsonFieldTest, AnotherTypeIsAnErrorThatNamesFieldAndType) {
  EXPECT_THAT(OptionalString(kObject, "flag"), FieldError("\"flag\" must be a string, is boolean"));
  EXPECT_THAT(OptionalInteger(kObject, "number", 0), FieldError("\"number\" must be an integer"));
  EXPECT_THAT(OptionalNumber(kObject, "text", 0), FieldError("\"text\" must be a number"));
  EXPECT_THAT(OptionalBool(kObject, "integer", false), FieldError("\"integer\" must be true or"));
  EXPECT_THAT(OptionalStrings(kObject, "text"), FieldError("\"text\" must be an array of strings"));
  EXPECT_THAT(OptionalStrings(kObject, "mixed"), FieldError("\"mixed\" must be an array of str"));
}

TEST(JsonFieldTest, IntegersOutsideSixtyFourBitsAreOutOfRange) {
  EXPECT_THAT(OptionalInteger(kObject, "large", 0), FieldError("\"large\" is out of range"));
  EXPECT_EQ(OptionalInteger({{"n", std::numeric_limits<std::int64_t>::max()}}, "n", 0),
            std::numeric_limits<std::int64_t>::max());
}

TEST(ParseJsonTest, NestsTo256LevelsAndNoDeeper) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_THAT(ParseJson(nested(256)), IsOk());
  EXPECT_THAT(ParseJson(nested(257)), FailsWith(ErrorCode::kInvalidArgument, "nested deeper"));
}

TEST(ParseJsonTest, BracketsInStringsDoNotNest) {
  EXPECT_THAT(ParseJson("\"\\\"" + std::string(300, '[') + "\""), IsOk());
}

}  // namespace
}  // namespace twohop
