#include "twohop/simulate/community_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/json.h"
#include "twohop/simulate/testing/demo_blueprint.h"

namespace twohop::simulate_internal {
namespace {

class CommunityRowsTest : public ::testing::Test {
 protected:
  static EventFields Fields(EventType type) {
    return {.id = "e1",
            .user = "u1",
            .type = type,
            .time = TimePoint(Milliseconds(1'700'000'000'123)),
            .item = "i1",
            .query = "tents",
            .dwell = Milliseconds(1'500),
            .channel = "feed",
            .position = 3};
  }

  static std::string Row(const EventFields& event) {
    std::string row;
    AppendEventRow(row, event);
    return row;
  }

  static std::string Quoted(std::string_view text) {
    std::string row;
    AppendJsonString(row, text);
    return row;
  }

  CommunityBlueprint blueprint_ = MakeTinyBlueprint();
  const Taxonomy& taxonomy_ = *blueprint_.taxonomy;
};

TEST_F(CommunityRowsTest, StringsAreEscaped) {
  EXPECT_EQ(Quoted("6.7\" \\ é"), R"("6.7\" \\ é")");
  EXPECT_EQ(ParseJson(Quoted("a\tb\nc\x01"))->get<std::string>(), "a\tb\nc\x01");
}

TEST_F(CommunityRowsTest, AnExposureHasChannelAndPosition) {
  EXPECT_EQ(Row(Fields(EventType::kExposure)),
            R"({"id":"e1","user":"u1","type":"exposure","time":"2023-11-14T22:13:20.123Z",)"
            R"("item":"i1","channel":"feed","position":3})"
            "\n");
}

TEST_F(CommunityRowsTest, ASearchHasItsQueryAndNoItem) {
  EXPECT_EQ(Row(Fields(EventType::kSearch)),
            R"({"id":"e1","user":"u1","type":"search","time":"2023-11-14T22:13:20.123Z",)"
            R"("query":"tents"})"
            "\n");
}

TEST_F(CommunityRowsTest, ADwellHasItsTime) {
  EXPECT_EQ(Row(Fields(EventType::kDwell)),
            R"({"id":"e1","user":"u1","type":"dwell","time":"2023-11-14T22:13:20.123Z",)"
            R"("item":"i1","dwell_ms":1500})"
            "\n");
}

TEST_F(CommunityRowsTest, AnItemNamesItsCategoryById) {
  Item item{.id = ItemId("i1"),
            .title = "Ark Thing, red",
            .category = CategoryIndex(3),
            .brand = "Ark",
            .tags = {"soft", "budget"},
            .available = false};
  std::string row;
  AppendItemRow(row, item, taxonomy_);
  EXPECT_EQ(row, R"({"id":"i1","title":"Ark Thing, red","category":"b2","brand":"Ark",)"
                 R"("tags":["soft","budget"],"available":false})"
                 "\n");
}

TEST_F(CommunityRowsTest, AUsersGapsAreLeftOut) {
  std::string row;
  AppendUserRow(row, {UserId("u1"), "25-34", ""});
  AppendUserRow(row, {UserId("u2"), "", "female"});
  EXPECT_EQ(row,
            "{\"id\":\"u1\",\"age_group\":\"25-34\"}\n{\"id\":\"u2\",\"gender\":\"female\"}\n");
}

TEST_F(CommunityRowsTest, ATruthIsReadBackAsItWasWritten) {
  const UserTruth truth{UserId("u1"), {"x", "y"}, {CategoryIndex(0)}, {CategoryIndex(2)}, {}};
  std::string row;
  AppendTruthRow(row, truth, taxonomy_);
  const auto read = ParseTruth(row, taxonomy_);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->user, truth.user);
  EXPECT_EQ(read->lifestyles, truth.lifestyles);
  EXPECT_EQ(read->bubble, truth.bubble);
  EXPECT_EQ(read->hidden, truth.hidden);
  EXPECT_EQ(read->found, truth.found);
}

TEST_F(CommunityRowsTest, ACategoryIsARowOfTheTaxonomysTable) {
  std::string rows;
  AppendTaxonomyHeader(rows);
  AppendCategoryRow(rows, taxonomy_.at(CategoryIndex(0)));
  EXPECT_EQ(rows,
            "id\tlevel1\tlevel2\tlevel3\tzh\tterms\ttags\n"
            "a1\tA\tall of A\tA1\t\tbuy a1|cheap a1\ta1 soft|a1 hard|a1 round\n");
}

}  // namespace
}  // namespace twohop::simulate_internal
