#include "twohop/ingest/json_row.h"

#include <array>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace twohop::ingest_internal {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::array<std::string_view, 2> kFields = {"a", "b"};
constexpr RowSchema kSchema{.fields = kFields, .required_columns = 0};

// Both ways into a row, which must agree.
class JsonRowTest : public testing::Test {
 protected:
  void Read(std::string_view text) {
    const auto from_text = ParseJsonRow(text, row_);
    const auto from_tree = FillFromJson(*ParseJson(text), tree_row_);
    ASSERT_EQ(from_text, from_tree);
    ASSERT_FALSE(from_text.has_value()) << from_text->message;
    for (std::size_t i = 0; i < kFields.size(); ++i) ExpectSame(row_.at(i), tree_row_.at(i));
    EXPECT_THAT(row_.ignored(), testing::UnorderedElementsAreArray(tree_row_.ignored()));
  }

  static void ExpectSame(const RawValue& a, const RawValue& b) {
    EXPECT_EQ(a.kind, b.kind);
    if (a.kind == RawKind::kAbsent) return;
    EXPECT_EQ(a.text, b.text);
    if (a.kind != RawKind::kStrings) return;
    EXPECT_EQ(a.strings, b.strings);
  }

  RawKind KindOf(std::string_view value) {
    Read(R"({"a": )" + std::string(value) + "}");
    return row_.at(0).kind;
  }

  std::string Complaint(std::string_view text) {
    const auto broken = ParseJsonRow(text, row_);
    return broken ? std::string(RowFaultName(broken->reason)) + ": " + broken->message : "";
  }

  RawRow row_{kSchema};
  RawRow tree_row_{kSchema};
};

TEST_F(JsonRowTest, EveryTypeHasItsKind) {
  EXPECT_EQ(KindOf("null"), RawKind::kAbsent);
  EXPECT_EQ(KindOf(R"("x")"), RawKind::kString);
  EXPECT_EQ(KindOf("-7"), RawKind::kInteger);
  EXPECT_EQ(KindOf("18446744073709551615"), RawKind::kInteger);
  EXPECT_EQ(KindOf("1.5"), RawKind::kReal);
  EXPECT_EQ(KindOf("true"), RawKind::kBool);
  EXPECT_EQ(KindOf(R"(["x", "y"])"), RawKind::kStrings);
  EXPECT_EQ(KindOf("[]"), RawKind::kStrings);
  EXPECT_EQ(KindOf("{}"), RawKind::kOther);
}

TEST_F(JsonRowTest, AnArrayOfAnythingButStringsIsOther) {
  EXPECT_EQ(KindOf(R"(["x", 1])"), RawKind::kOther);
  EXPECT_EQ(KindOf(R"(["x", null])"), RawKind::kOther);
  EXPECT_EQ(KindOf(R"([["x"]])"), RawKind::kOther);
  EXPECT_EQ(KindOf(R"([{"a": "x"}, "y"])"), RawKind::kOther);
}

TEST_F(JsonRowTest, KeepsValues) {
  Read(R"({"b": ["x", "y"], "a": -12})");
  EXPECT_EQ(row_.at(0).text, "-12");
  EXPECT_THAT(row_.at(1).strings, ElementsAre("x", "y"));
}

TEST_F(JsonRowTest, AFieldThatIsNotThereIsAbsentAlsoAfterARowThatHadIt) {
  Read(R"({"a": 1, "b": 2})");
  Read(R"({"a": 1})");
  EXPECT_EQ(row_.at(1).kind, RawKind::kAbsent);
}

TEST_F(JsonRowTest, NamesUnknownFields) {
  Read(R"({"a": 1, "c": {"a": "deep", "d": [1]}, "e": ["x"]})");
  EXPECT_THAT(row_.ignored(), ElementsAre("c", "e"));
  EXPECT_EQ(row_.at(0).text, "1");
}

TEST_F(JsonRowTest, OfARepeatedNameTheLastValueCounts) {
  Read(R"({"a": ["x"], "a": "y"})");
  EXPECT_EQ(row_.at(0).kind, RawKind::kString);
  EXPECT_EQ(row_.at(0).text, "y");
}

TEST_F(JsonRowTest, AnythingButAnObjectIsRefusedAndNamed) {
  EXPECT_EQ(Complaint("[1]"), "not_an_object: a row must be a JSON object, is an array");
  EXPECT_EQ(Complaint("7"), "not_an_object: a row must be a JSON object, is a number");
  EXPECT_EQ(Complaint("null"), "not_an_object: a row must be a JSON object, is null");
  EXPECT_EQ(FillFromJson(Json::array(), row_)->message, "a row must be a JSON object, is an array");
}

TEST_F(JsonRowTest, BrokenJsonNamesTheByte) {
  EXPECT_THAT(Complaint(R"({"a": )"), HasSubstr("broken: not JSON at byte 7: syntax error"));
  EXPECT_THAT(Complaint(R"({"a": 1} x)"), HasSubstr("not JSON at byte 10"));
  EXPECT_THAT(Complaint(R"({"a": 1e999})"), HasSubstr("not JSON"));
}

TEST_F(JsonRowTest, DeepNestingDoesNotExhaustTheStack) {
  const std::string open(200'000, '[');
  EXPECT_THAT(Complaint(R"({"a": )" + open), HasSubstr("not JSON"));
}

}  // namespace
}  // namespace twohop::ingest_internal
