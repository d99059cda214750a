#include "twohop/base/text.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace twohop {
namespace {

using testing::ElementsAre;

class Utf8Test : public testing::TestWithParam<std::string_view> {};
class ValidUtf8Test : public Utf8Test {};
class InvalidUtf8Test : public Utf8Test {};

TEST_P(ValidUtf8Test, IsAccepted) {
  EXPECT_TRUE(IsValidUtf8(GetParam()));
  EXPECT_TRUE(IsValidUtf8("a" + std::string(GetParam()) + "z"));
}

INSTANTIATE_TEST_SUITE_P(Texts, ValidUtf8Test,
                         testing::Values("", "tent", "\x7F",
                                         "\xC2\x80",          // U+0080
                                         "\xDF\xBF",          // U+07FF
                                         "\xE0\xA0\x80",      // U+0800
                                         "\xED\x9F\xBF",      // U+D7FF, before the surrogates
                                         "\xEE\x80\x80",      // U+E000, after them
                                         "\xEF\xBF\xBF",      // U+FFFF
                                         "\xF0\x90\x80\x80",  // U+10000
                                         "\xF4\x8F\xBF\xBF",  // U+10FFFF
                                         "帐篷 ⛺"));

TEST_P(InvalidUtf8Test, IsRejected) {
  EXPECT_FALSE(IsValidUtf8(GetParam()));
  EXPECT_FALSE(IsValidUtf8("a" + std::string(GetParam()) + "z"));
}

INSTANTIATE_TEST_SUITE_P(Texts, InvalidUtf8Test,
                         testing::Values("\x80", "\xBF",      // Continuation without a lead.
                                         "\xC3", "\xE2\x82",  // Cut.
                                         "\xF0\x9F\x98", "\xC3\x28", "\xE2\x28\xA1",
                                         "\xF0\x28\x8C\xBC", "\xC0\xAF",
                                         "\xC1\xBF",  // Overlong "/".
                                         "\xE0\x80\xAF", "\xE0\x9F\xBF", "\xF0\x80\x80\xAF",
                                         "\xF0\x8F\xBF\xBF", "\xED\xA0\x80",
                                         "\xED\xBF\xBF",                          // Surrogates.
                                         "\xF4\x90\x80\x80", "\xF5\x80\x80\x80",  // Too large.
                                         "\xF8\x88\x80\x80\x80", "\xFE", "\xFF"));

TEST(Utf8Test, AZeroByteIsACharacter) { EXPECT_TRUE(IsValidUtf8(std::string_view("a\0b", 3))); }

TEST(EllipsizeTest, ShortTextStaysAsItIs) {
  EXPECT_EQ(Ellipsize("tent", 4), "tent");
  EXPECT_EQ(Ellipsize("", 3), "");
}

TEST(EllipsizeTest, TheMarkCountsTowardsTheLimit) {
  EXPECT_EQ(Ellipsize("tents", 4), "t…");
  EXPECT_EQ(Ellipsize("tents", 3), "…");
}

TEST(EllipsizeTest, CutsBetweenCharacters) {
  EXPECT_EQ(Ellipsize("ééééé", 6), "é…");
  EXPECT_EQ(Ellipsize("帐篷帐篷", 8), "帐…");
  EXPECT_EQ(Ellipsize("⛺⛺", 5), "…");
}

TEST(TrimTest, RemovesAsciiWhiteSpaceAtBothEnds) {
  EXPECT_EQ(Trim(" \t\r\n\v\f a b \n"), "a b");
  EXPECT_EQ(Trim(" \n"), "");
  EXPECT_EQ(Trim(""), "");
}

TEST(SplitTest, GivesThePiecesBetweenSeparators) {
  EXPECT_THAT(Split("a,b,,c", ','), ElementsAre("a", "b", "", "c"));
  EXPECT_THAT(Split(",", ','), ElementsAre("", ""));
  EXPECT_THAT(Split("", ','), ElementsAre(""));
}

TEST(SplitTest, SeparatorsMayBeLong) {
  EXPECT_THAT(Split("a > b > c", " > "), ElementsAre("a", "b", "c"));
  EXPECT_THAT(Split("a>b", " > "), ElementsAre("a>b"));
}

TEST(SplitDeathTest, AnEmptySeparatorIsABug) {
  EXPECT_DEATH(
      {
        if (Split("a", "").empty()) return;
      },
      "check failed");
}

TEST(ToLowerAsciiTest, LeavesOtherBytesAlone) { EXPECT_EQ(ToLowerAscii("TeNT É9"), "tent É9"); }

TEST(NormalizeNameTest, MakesTypedNamesComparable) {
  EXPECT_EQ(NormalizeName("  Women's  Fashion "), "women s fashion");
  EXPECT_EQ(NormalizeName("Headlamps & Flashlights"), "headlamps and flashlights");
  EXPECT_EQ(NormalizeName("headlamps AND flashlights"), "headlamps and flashlights");
  EXPECT_EQ(NormalizeName("Q&A"), "q and a");
  EXPECT_EQ(NormalizeName("a-b_c\x01\x7F"
                          "d"),
            "a b c d");
}

TEST(NormalizeNameTest, NothingIsLeftOfPunctuation) {
  EXPECT_EQ(NormalizeName(""), "");
  EXPECT_EQ(NormalizeName(" -- !? "), "");
  EXPECT_EQ(NormalizeName("&"), "and");
}

TEST(NormalizeNameTest, KeepsBytesOutsideAscii) { EXPECT_EQ(NormalizeName("É 帐篷!"), "É 帐篷"); }

TEST(NormalizeNameTest, IsIdempotent) {
  const std::string once = NormalizeName("  Tents & (Tarps) -- 帐篷 ");
  EXPECT_EQ(NormalizeName(once), once);
}

}  // namespace
}  // namespace twohop
