#include "twohop/userstate/user_record.h"

#include <string>

#include <gtest/gtest.h>

#include "twohop/base/binary.h"
#include "twohop/base/rng.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/rocks/rocks_record.h"
#include "twohop/userstate/testing/state_events.h"

namespace twohop::userstate_internal {
namespace {

const UserId kAnn("ann");

UserActivity SomeActivity() {
  Rng rng(3);
  UserActivity activity;
  for (const StateEvent& event : RandomEvents(500, 1, rng)) ApplyEvent(event, activity);
  ApplyEvent(NoveltyEvent(EventType::kExposure, "ann", "tents", 1), activity);
  ApplyEvent(NoveltyEvent(EventType::kClick, "ann", "lamps", 2), activity);
  return activity;
}

std::string RecordOfANewerVersion() {
  BinaryWriter out;
  out.Unsigned(99);
  return SealRecord(kAnn.value(), out.str());
}

TEST(UserRecordTest, ProfileComesBack) {
  const UserProfile profile{kAnn, "25-34", "female"};
  ASSERT_OK_AND_ASSIGN(const UserProfile read, ParseProfileRecord(kAnn, ProfileRecord(profile)));
  EXPECT_EQ(read, profile);
}

TEST(UserRecordTest, ActivityComesBack) {
  const UserActivity activity = SomeActivity();
  ASSERT_OK_AND_ASSIGN(const UserActivity read,
                       ParseActivityRecord(kAnn, ActivityRecord(kAnn, activity)));
  EXPECT_EQ(read, activity);
  EXPECT_FALSE(read.exposures.empty());
}

TEST(UserRecordTest, ActivityWithoutAnythingComesBack) {
  ASSERT_OK_AND_ASSIGN(const UserActivity read,
                       ParseActivityRecord(kAnn, ActivityRecord(kAnn, UserActivity{})));
  EXPECT_EQ(read, UserActivity{});
}

// As version 1 ended with the searches, and version 2 with the feedback.
TEST(UserRecordTest, ActivityOfAnOlderVersionIsReadWithoutWhatCameLater) {
  UserActivity activity;
  ApplyEvent(ClickEvent("ann", "pan", 1), activity);
  ApplyEvent(SearchStateEvent("ann", "tent", 2), activity);
  const std::string record = ActivityRecord(kAnn, activity);
  std::string payload(*OpenRecord(kAnn.value(), record));
  ASSERT_EQ(payload.substr(payload.size() - 3), std::string(3, '\0'));
  payload.resize(payload.size() - 1);
  payload[0] = '\2';
  ASSERT_OK_AND_ASSIGN(const UserActivity second,
                       ParseActivityRecord(kAnn, SealRecord(kAnn.value(), payload)));
  EXPECT_EQ(second, activity);
  payload.resize(payload.size() - 2);
  payload[0] = '\1';
  ASSERT_OK_AND_ASSIGN(const UserActivity first,
                       ParseActivityRecord(kAnn, SealRecord(kAnn.value(), payload)));
  EXPECT_EQ(first, activity);
}

TEST(UserRecordTest, AVerdictOutsideItsRangeIsDataLoss) {
  UserActivity activity;
  ApplyEvent(FeedbackStateEvent("ann", FeedbackVerdict::kAccept, "c", "", 0), activity);
  std::string payload(*OpenRecord(kAnn.value(), ActivityRecord(kAnn, activity)));
  const std::size_t verdict = payload.rfind("\1\1c");
  ASSERT_NE(verdict, std::string::npos);
  payload[verdict] = '\4';
  EXPECT_THAT(ParseActivityRecord(kAnn, SealRecord(kAnn.value(), payload)),
              FailsWith(ErrorCode::kDataLoss, "ann"));
}

TEST(UserRecordTest, CategoryThatRepeatsIsWrittenOnce) {
  UserActivity activity;
  ApplyEvent(ClickEvent("ann", "a", 1, "A level-1 category of a long name"), activity);
  const std::size_t one = ActivityRecord(kAnn, activity).size();
  ApplyEvent(ClickEvent("ann", "a", 2, "A level-1 category of a long name"), activity);
  EXPECT_LT(ActivityRecord(kAnn, activity).size(), one + 16);
}

TEST(UserRecordTest, InterestsComeBack) {
  const InterestSet interests = MakeInterests(8, 384, TestTime(1));
  ASSERT_OK_AND_ASSIGN(const InterestSet read,
                       ParseInterestRecord(kAnn, InterestRecord(kAnn, interests)));
  EXPECT_EQ(read, interests);
}

TEST(UserRecordTest, EveryFlippedByteIsDataLossAndNamesTheUser) {
  const std::string record = ActivityRecord(kAnn, SomeActivity());
  for (std::size_t i = 0; i < record.size(); i += 97) {
    std::string damaged = record;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    EXPECT_THAT(ParseActivityRecord(kAnn, damaged),
                FailsWith(ErrorCode::kDataLoss, "activity of user ann"));
  }
}

TEST(UserRecordTest, RecordOfAnotherUserIsDataLoss) {
  EXPECT_THAT(ParseProfileRecord(UserId("bob"), ProfileRecord({kAnn, "25-34", "female"})),
              FailsWith(ErrorCode::kDataLoss, "profile of user bob"));
}

// The checksum fits, as if a bug had written the record.
TEST(UserRecordTest, RecordOfTheWrongShapeIsDataLoss) {
  BinaryWriter out;
  out.Unsigned(1);
  out.Bytes("25-34");
  const std::string short_record = SealRecord(kAnn.value(), out.str());
  EXPECT_THAT(ParseProfileRecord(kAnn, short_record), FailsWith(ErrorCode::kDataLoss, "ann"));
  EXPECT_THAT(ParseActivityRecord(kAnn, short_record), FailsWith(ErrorCode::kDataLoss, "ann"));
  EXPECT_THAT(ParseInterestRecord(kAnn, short_record), FailsWith(ErrorCode::kDataLoss, "ann"));
}

TEST(UserRecordTest, ClickOfACategoryThatIsNotListedIsDataLoss) {
  BinaryWriter out;
  for (const std::uint64_t number : {1, 0, 0, 0, 0, 1}) out.Unsigned(number);
  out.Bytes("item");
  out.Unsigned(0);
  out.Signed(0);
  out.Unsigned(0);
  EXPECT_THAT(ParseActivityRecord(kAnn, SealRecord(kAnn.value(), out.str())),
              FailsWith(ErrorCode::kDataLoss, "ann"));
}

TEST(UserRecordTest, RecordOfANewerVersionIsUnimplementedAndNamesTheUser) {
  const std::string record = RecordOfANewerVersion();
  EXPECT_THAT(ParseProfileRecord(kAnn, record), FailsWith(ErrorCode::kUnimplemented, "ann"));
  EXPECT_THAT(ParseActivityRecord(kAnn, record), FailsWith(ErrorCode::kUnimplemented, "ann"));
  EXPECT_THAT(ParseInterestRecord(kAnn, record), FailsWith(ErrorCode::kUnimplemented, "ann"));
}

}  // namespace
}  // namespace twohop::userstate_internal
