#include "twohop/domain/event.h"

#include <array>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"

namespace twohop {
namespace {

constexpr std::array kAllTypes = {EventType::kSearch,    EventType::kExposure, EventType::kClick,
                                  EventType::kDwell,     EventType::kLike,     EventType::kComment,
                                  EventType::kFavourite, EventType::kShare,    EventType::kFollow,
                                  EventType::kFeedback};

Event FullEvent() {
  return {.id = EventId("e-1"),
          .user = UserId("u-1"),
          .type = EventType::kDwell,
          .time = TimePoint(Milliseconds(1'700'000'000'123)),
          .received = TimePoint(Milliseconds(1'700'000'000'999)),
          .item = ItemId("i-1"),
          .query = "tent for two",
          .dwell = Milliseconds(4500),
          .channel = "novelty",
          .position = std::numeric_limits<std::uint32_t>::max()};
}

Event FeedbackEvent() {
  return {.id = EventId("e-2"),
          .user = UserId("u-1"),
          .type = EventType::kFeedback,
          .time = TimePoint(Milliseconds(1'700'000'000'123)),
          .received = TimePoint(Milliseconds(1'700'000'000'999)),
          .category_id = "c-1",
          .demand = "sleeping outdoors",
          .verdict = FeedbackVerdict::kNotThisDirection};
}

std::string Written(const Event& event) {
  BinaryWriter out;
  WriteEvent(event, out);
  return std::move(out).str();
}

Result<Event> Read(std::string_view bytes) {
  BinaryReader in(bytes);
  return ReadEvent(in);
}

TEST(EventTypeTest, EveryTypeIsFoundByItsName) {
  for (const EventType type : kAllTypes) EXPECT_EQ(FindEventType(EventTypeName(type)), type);
  EXPECT_EQ(EventTypeName(EventType::kSearch), "search");
}

TEST(EventTypeTest, OtherNamesAreNotFound) {
  EXPECT_EQ(FindEventType("purchase"), std::nullopt);
  EXPECT_EQ(FindEventType("Click"), std::nullopt);
  EXPECT_EQ(FindEventType("unknown"), std::nullopt);
  EXPECT_EQ(FindEventType(""), std::nullopt);
}

TEST(FeedbackVerdictTest, EveryVerdictIsParsedFromItsName) {
  for (const auto verdict :
       {FeedbackVerdict::kAccept, FeedbackVerdict::kReject, FeedbackVerdict::kNotThisDirection}) {
    EXPECT_EQ(ParseFeedbackVerdict(FeedbackVerdictName(verdict)), verdict);
  }
}

TEST(FeedbackVerdictTest, AnythingElseIsRefusedByName) {
  EXPECT_THAT(ParseFeedbackVerdict("Accept"),
              FailsWith(ErrorCode::kInvalidArgument, "not_this_direction\", not \"Accept\""));
}

TEST(EventTypeTest, NumbersNeverChange) {
  EXPECT_EQ(static_cast<int>(EventType::kSearch), 1);
  EXPECT_EQ(static_cast<int>(EventType::kClick), 3);
  EXPECT_EQ(static_cast<int>(EventType::kFollow), 9);
  EXPECT_EQ(static_cast<int>(EventType::kFeedback), 10);
  EXPECT_EQ(static_cast<int>(FeedbackVerdict::kAccept), 1);
  EXPECT_EQ(static_cast<int>(FeedbackVerdict::kReject), 2);
  EXPECT_EQ(static_cast<int>(FeedbackVerdict::kNotThisDirection), 3);
}

TEST(EventTypeTest, EverythingButASearchAndFeedbackHappensToAnItem) {
  EXPECT_FALSE(HasItem(EventType::kSearch));
  EXPECT_FALSE(HasItem(EventType::kFeedback));
  EXPECT_TRUE(HasItem(EventType::kExposure));
  EXPECT_TRUE(HasItem(EventType::kFollow));
}

TEST(EventRecordTest, ComesBackAsItWasWritten) {
  EXPECT_EQ(Read(Written(FullEvent())), FullEvent());
}

TEST(EventRecordTest, FeedbackComesBack) {
  EXPECT_EQ(Read(Written(FeedbackEvent())), FeedbackEvent());
}

TEST(EventRecordTest, RecordsOfVersionOneAreRead) {
  EXPECT_EQ(Read("\x01" + Written(FullEvent()).substr(1)), FullEvent());
}

TEST(EventRecordTest, AVerdictOutsideItsRangeIsDataLoss) {
  std::string bytes = Written(FeedbackEvent());
  for (const char verdict : {'\0', '\4'}) {
    bytes.back() = verdict;
    EXPECT_THAT(Read(bytes), FailsWith(ErrorCode::kDataLoss, "damaged"));
  }
}

TEST(EventRecordTest, AnEventWithoutOptionalFieldsComesBack) {
  const Event event{.id = EventId("e"), .user = UserId("u")};
  EXPECT_EQ(Read(Written(event)), event);
}

TEST(EventRecordTest, TimesBefore1970ComeBack) {
  Event event = FullEvent();
  event.time = TimePoint(Milliseconds(-1));
  EXPECT_EQ(Read(Written(event)), event);
}

TEST(EventRecordTest, RecordsFollowEachOther) {
  const std::string bytes = Written(FullEvent()) + Written(FullEvent());
  BinaryReader in(bytes);
  EXPECT_EQ(ReadEvent(in), FullEvent());
  EXPECT_EQ(ReadEvent(in), FullEvent());
  EXPECT_THAT(in.Finish(), IsOk());
}

TEST(EventRecordTest, EveryCutIsDataLoss) {
  const std::string whole = Written(FullEvent());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::vector<char> cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_THAT(Read({cut.data(), cut.size()}), FailsWith(ErrorCode::kDataLoss, "damaged"));
  }
}

TEST(EventRecordTest, DamageAtAnyByteGivesAnErrorOrAnEventOfAKnownType) {
  const std::string whole = Written(FullEvent());
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const unsigned bit : {0U, 3U, 7U}) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(static_cast<unsigned char>(damaged[at]) ^ (1U << bit));
      const auto event = Read(damaged);
      EXPECT_TRUE(!event.has_value() || EventTypeName(event->type) != "unknown");
    }
  }
}

TEST(EventRecordTest, ATypeOutsideItsRangeIsDataLoss) {
  for (const std::uint64_t type : {0U, 11U, 256U + 3U}) {
    BinaryWriter out;
    out.Unsigned(1);
    out.Bytes("e");
    out.Bytes("u");
    out.Unsigned(type);
    EXPECT_THAT(Read(out.str() + std::string(64, '\0')), FailsWith(ErrorCode::kDataLoss, "damaged"))
        << type;
  }
}

TEST(EventRecordTest, ANewerVersionIsUnimplemented) {
  EXPECT_THAT(Read("\x03" + Written(FullEvent()).substr(1)),
              FailsWith(ErrorCode::kUnimplemented, "version 3"));
}

TEST(EventRecordTest, AVersionThatNeverWasIsDataLoss) {
  EXPECT_THAT(Read(std::string(1, '\0') + Written(FullEvent()).substr(1)),
              FailsWith(ErrorCode::kDataLoss, "damaged"));
}

}  // namespace
}  // namespace twohop
