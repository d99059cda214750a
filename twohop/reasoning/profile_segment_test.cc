#include "twohop/reasoning/profile_segment.h"

#include <gtest/gtest.h>

namespace twohop {
namespace {

std::string Segment(std::string age_group, std::string gender) {
  return ProfileSegment({UserId("u1"), std::move(age_group), std::move(gender)});
}

TEST(ProfileSegmentTest, IsAgeBandAndGender) {
  EXPECT_EQ(Segment("25-34", "female"), "25-34|female");
  EXPECT_EQ(Segment("aged 17", "M"), "under 18|male");
  EXPECT_EQ(Segment("55+", "non-binary"), "55+|other");
  EXPECT_EQ(Segment("34", "Woman"), "25-34|female");
}

TEST(ProfileSegmentTest, WhatIsNotKnownIsAStar) {
  EXPECT_EQ(Segment("", "unknown"), kAnySegment);
  EXPECT_EQ(Segment("45-54", "prefers not to say"), "45-54|*");
  EXPECT_EQ(Segment("99999999999999", "male"), "*|male");
}

TEST(ProfileSegmentTest, TheUserPlaysNoPart) {
  EXPECT_EQ(ProfileSegment({UserId("a"), "25-34", "male"}),
            ProfileSegment({UserId("b"), "25-34", "male"}));
}

TEST(ProfileSegmentTest, AnAnswerHoldsForEverybodyUnlessThePromptSpeaksOfTheUser) {
  const UserProfile user{UserId("u1"), "25-34", "female"};
  const std::vector<std::string_view> holes{"profile"};
  EXPECT_EQ(SegmentOf(*Prompt::Parse("a.v1", "=== system\nA\n=== user\n{{profile}}", holes), user),
            "25-34|female");
  EXPECT_EQ(SegmentOf(*Prompt::Parse("b.v1", "=== system\nA\n=== user\nB", {}), user), "*");
}

}  // namespace
}  // namespace twohop
