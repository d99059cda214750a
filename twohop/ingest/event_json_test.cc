#include "twohop/ingest/event_json.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/time_format.h"
#include "twohop/ingest/testing/sample_community.h"

namespace twohop {
namespace {

class EventJsonTest : public testing::Test {
 protected:
  // An event that is right, with some fields changed.
  static Json Click(Json changes = Json::object()) {
    Json row = {{"id", "e1"},
                {"user", "u1"},
                {"type", "click"},
                {"time", "2026-01-31T08:00:00Z"},
                {"item", "tent"}};
    row.update(changes);
    return row;
  }
  static Json Search(Json changes = Json::object()) {
    Json row = {{"user", "u1"}, {"type", "search"}, {"time", 1'769'846'400}, {"query", "tent"}};
    row.update(changes);
    return row;
  }

  static Json Feedback(Json changes = Json::object()) {
    Json row = {{"user", "u1"},
                {"type", "feedback"},
                {"time", 1'769'846'400},
                {"category", "c2"},
                {"verdict", "reject"}};
    row.update(changes);
    return row;
  }

  Result<Event> Parse(const Json& row) const { return ParseEventJson(row, rules_); }

  std::string TimeOf(const Json& time) const {
    const auto event = Parse(Click({{"time", time}}));
    return event.has_value() ? FormatTime(event->time) : event.error().message();
  }

  void ExpectRefused(const Json& row, std::string_view complaint) const {
    EXPECT_THAT(Parse(row), FailsWith(ErrorCode::kInvalidArgument, std::string(complaint)));
  }

  Catalog catalog_ = SampleCatalog();
  EventRules rules_{.catalog = catalog_,
                    .now = *ParseTime("2026-02-01T00:00:00Z"),
                    .received = *ParseTime("2026-02-02T00:00:00Z")};
};

TEST_F(EventJsonTest, ReadsEveryFieldOfAClick) {
  const auto event = Parse(Click({{"channel", "feed"}, {"position", 3}}));
  ASSERT_THAT(event, IsOk());
  EXPECT_EQ(event->id, EventId("e1"));
  EXPECT_EQ(event->user, UserId("u1"));
  EXPECT_EQ(event->type, EventType::kClick);
  EXPECT_EQ(FormatTime(event->time), "2026-01-31T08:00:00.000Z");
  EXPECT_EQ(event->received, rules_.received);
  EXPECT_EQ(event->item, ItemId("tent"));
  EXPECT_EQ(event->channel, "feed");
  EXPECT_EQ(event->position, 3);
}

TEST_F(EventJsonTest, ReadsASearchAndCleansItsQuery) {
  const auto event = Parse(Search({{"query", " tent\nfor\x01 two "}}));
  ASSERT_THAT(event, IsOk());
  EXPECT_EQ(event->type, EventType::kSearch);
  EXPECT_EQ(event->query, "tent for two");
}

TEST_F(EventJsonTest, ReadsADwell) {
  const auto event = Parse(Click({{"type", "dwell"}, {"dwell_ms", 2500}}));
  ASSERT_THAT(event, IsOk());
  EXPECT_EQ(event->dwell, Milliseconds(2500));
}

TEST_F(EventJsonTest, ReadsFeedback) {
  const auto event =
      Parse(Feedback({{"demand", " sleeping\noutdoors "}, {"verdict", "not_this_direction"}}));
  ASSERT_THAT(event, IsOk());
  EXPECT_EQ(event->type, EventType::kFeedback);
  EXPECT_EQ(event->category_id, "c2");
  EXPECT_EQ(event->demand, "sleeping outdoors");
  EXPECT_EQ(event->verdict, FeedbackVerdict::kNotThisDirection);
  EXPECT_EQ(Parse(Feedback())->demand, "");
}

TEST_F(EventJsonTest, FeedbackOnADeeperNodeIsOnItsCategory) {
  EXPECT_EQ(Parse(Feedback({{"category", "c1-deep"}}))->category_id, "c1");
}

TEST_F(EventJsonTest, FeedbackThatIsIncompleteOrUnknownIsRefused) {
  ExpectRefused(Feedback({{"category", nullptr}}), "field \"category\" is missing");
  ExpectRefused(Feedback({{"category", "c9"}}), "category \"c9\" is not in the taxonomy");
  ExpectRefused(Feedback({{"verdict", nullptr}}), "field \"verdict\" is missing");
  ExpectRefused(Feedback({{"verdict", "maybe"}}), "field \"verdict\": a verdict is \"accept\"");
  ExpectRefused(Feedback({{"verdict", true}}), "field \"verdict\" must be a string");
  ExpectRefused(Feedback({{"demand", std::string(513, 'x')}}), "field \"demand\" has 513 bytes");
}

TEST_F(EventJsonTest, FieldsOfFeedbackMayMeanSomethingElseInOtherEvents) {
  const auto event = Parse(Click({{"category", Json::array({1, 2})}, {"verdict", "maybe"}}));
  ASSERT_THAT(event, IsOk());
  EXPECT_EQ(event->category_id, "");
}

TEST_F(EventJsonTest, DropsWhatDoesNotBelongToTheType) {
  const auto search = Parse(Search({{"item", "tent"}, {"channel", "x"}, {"dwell_ms", 5}}));
  ASSERT_THAT(search, IsOk());
  EXPECT_EQ(search->item, ItemId());
  EXPECT_EQ(search->channel, "");
  EXPECT_EQ(search->dwell, Milliseconds(0));
  EXPECT_EQ(Parse(Click({{"query", "tent"}}))->query, "");
}

TEST_F(EventJsonTest, IdsMayBeIntegers) {
  const auto event = Parse(Click({{"id", 12}, {"user", -3}}));
  ASSERT_THAT(event, IsOk());
  EXPECT_EQ(event->id, EventId("12"));
  EXPECT_EQ(event->user, UserId("-3"));
}

TEST_F(EventJsonTest, TimeMayBeTextOrANumberOfSecondsOrMilliseconds) {
  EXPECT_EQ(TimeOf("2026-01-31T08:00:00.250+08:00"), "2026-01-31T00:00:00.250Z");
  EXPECT_EQ(TimeOf(1'769'846'400), "2026-01-31T08:00:00.000Z");
  EXPECT_EQ(TimeOf("1769846400"), "2026-01-31T08:00:00.000Z");
  EXPECT_EQ(TimeOf(1'769'846'400'250), "2026-01-31T08:00:00.250Z");
  EXPECT_EQ(TimeOf(1'769'846'400.25), "2026-01-31T08:00:00.250Z");
  EXPECT_EQ(TimeOf(1'769'846'400'250.0), "2026-01-31T08:00:00.250Z");
}

TEST_F(EventJsonTest, ATimeThatIsNoneIsNamed) {
  EXPECT_EQ(TimeOf("yesterday"), "field \"time\": not a time: \"yesterday\"");
  EXPECT_EQ(TimeOf(-5), "field \"time\": not a time: \"-5\"");
  EXPECT_EQ(TimeOf(true), "field \"time\" must be a time, is a boolean");
  EXPECT_EQ(TimeOf(nullptr), "field \"time\" is missing");
}

TEST_F(EventJsonTest, WithoutAnIdTheEventGetsTheSameOneEveryTime) {
  const auto first = Parse(Search());
  ASSERT_THAT(first, IsOk());
  EXPECT_EQ(first->id.value().size(), 17);
  EXPECT_EQ(Parse(Search({{"id", ""}}))->id, first->id);
  EXPECT_EQ(Parse(Search({{"query", " tent "}, {"time", "2026-01-31T08:00:00Z"}}))->id, first->id);
}

TEST_F(EventJsonTest, ADerivedIdNeverChangesBetweenReleases) {
  EXPECT_EQ(Parse(Search())->id.value(), "hb078cdb64c6cb479");
}

TEST_F(EventJsonTest, ADerivedIdDependsOnUserTypeTimeItemAndQuery) {
  const Json no_id = {{"id", nullptr}};
  const Json click = Click(no_id);
  const EventId id = Parse(click)->id;
  EXPECT_NE(Parse(Click({{"id", nullptr}, {"user", "u2"}}))->id, id);
  EXPECT_NE(Parse(Click({{"id", nullptr}, {"type", "like"}}))->id, id);
  EXPECT_NE(Parse(Click({{"id", nullptr}, {"time", 1}}))->id, id);
  EXPECT_NE(Parse(Click({{"id", nullptr}, {"item", "lamp"}}))->id, id);
  EXPECT_NE(Parse(Search({{"query", "lamp"}}))->id, Parse(Search())->id);
  EXPECT_EQ(Parse(Click({{"id", nullptr}, {"position", 4}}))->id, id);
}

TEST_F(EventJsonTest, ADerivedIdOfFeedbackDependsOnCategoryAndVerdictToo) {
  const EventId id = Parse(Feedback())->id;
  EXPECT_EQ(Parse(Feedback({{"demand", "camping"}}))->id, id);
  EXPECT_NE(Parse(Feedback({{"category", "c3"}}))->id, id);
  EXPECT_NE(Parse(Feedback({{"verdict", "accept"}}))->id, id);
}

TEST_F(EventJsonTest, AMissingFieldIsNamed) {
  ExpectRefused(Click({{"user", nullptr}}), "field \"user\" is missing");
  ExpectRefused(Click({{"type", nullptr}}), "field \"type\" is missing");
  ExpectRefused(Click({{"item", nullptr}}), "an event of type click needs an \"item\"");
  ExpectRefused(Search({{"query", " \n "}}), "a search needs a \"query\"");
  ExpectRefused(Click({{"type", "dwell"}}), "an event of type dwell needs \"dwell_ms\"");
}

TEST_F(EventJsonTest, AWrongTypeIsNamedEvenWhereTheValueIsNotUsed) {
  ExpectRefused(Click({{"user", Json::array()}}),
                "field \"user\" must be a string or an integer, is an array");
  ExpectRefused(Click({{"query", 5}}), "field \"query\" must be a string, is a number");
  ExpectRefused(Click({{"dwell_ms", "5"}}), "field \"dwell_ms\" must be an integer, is a string");
  ExpectRefused(Click({{"position", 1.5}}), "field \"position\" must be an integer, is a number");
}

TEST_F(EventJsonTest, AnUnknownTypeIsRefused) {
  ExpectRefused(Click({{"type", "purchase"}}), "no event type is called \"purchase\"");
}

TEST_F(EventJsonTest, AnUnknownItemIsRefused) {
  ExpectRefused(Click({{"item", "boat"}}), "item \"boat\" is not in the catalogue");
}

TEST_F(EventJsonTest, ATimeMoreThanADayAheadIsRefused) {
  EXPECT_EQ(TimeOf("2026-02-02T00:00:00Z"), "2026-02-02T00:00:00.000Z");
  EXPECT_EQ(TimeOf("2026-02-02T00:00:00.001Z"),
            "time 2026-02-02T00:00:00.001Z is more than a day ahead of now, "
            "2026-02-01T00:00:00.000Z");
}

TEST_F(EventJsonTest, AQueryMayHave512BytesAndNoMore) {
  EXPECT_THAT(Parse(Search({{"query", std::string(512, 'x')}})), IsOk());
  ExpectRefused(Search({{"query", std::string(513, 'x')}}),
                "field \"query\" has 513 bytes, the limit is 512");
}

TEST_F(EventJsonTest, NumbersOutsideTheirRangeAreRefused) {
  ExpectRefused(Click({{"position", -1}}), "must be an integer in [0, 4294967295], is -1");
  ExpectRefused(Click({{"position", 4'294'967'296}}), "field \"position\"");
  ExpectRefused(Click({{"type", "dwell"}, {"dwell_ms", 86'400'001}}), "field \"dwell_ms\"");
  ExpectRefused(Click({{"position", 18'446'744'073'709'551'615U}}), "field \"position\"");
}

TEST_F(EventJsonTest, AnythingButAnObjectIsRefused) {
  ExpectRefused(Json::array({Click()}), "a row must be a JSON object, is an array");
}

}  // namespace
}  // namespace twohop
