#include "twohop/reasoning/lookalikes.h"

#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/reasoning/blocklist.h"

namespace twohop {
namespace {

TEST(FoldLookalikesTest, PlainTextStaysAsItIs) {
  EXPECT_EQ(FoldLookalikes("27\" monitor 登山鞋 è"), "27\" monitor 登山鞋 è");
}

TEST(FoldLookalikesTest, CyrillicAndGreekLettersBecomeTheLatinOnesTheyLookLike) {
  EXPECT_EQ(FoldLookalikes("с\u0430nсеr \u03BFf"), "cancer of");
}

TEST(FoldLookalikesTest, FullWidthAndMathematicalLettersBecomeAscii) {
  EXPECT_EQ(FoldLookalikes("\uFF43ancer\uFF01"), "cancer!");
  EXPECT_EQ(FoldLookalikes("\U0001D41C\U0001D41Ancer"), "cancer");
}

TEST(FoldLookalikesTest, BytesThatAreNoCharacterAreNoTrouble) {
  EXPECT_EQ(FoldLookalikes("a\xFF"), "a\xFF");
  EXPECT_EQ(FoldLookalikes("\xE2\x80"), "\xE2\x80");
}

TEST(FoldLookalikesTest, TheBlocklistSeesThroughThem) {
  ASSERT_OK_AND_ASSIGN(const Blocklist blocklist, Blocklist::Parse("cancer"));
  EXPECT_TRUE(blocklist.Blocks("living with с\u0430ncer"));
  EXPECT_FALSE(blocklist.Blocks("домашний уют"));
}

}  // namespace
}  // namespace twohop
