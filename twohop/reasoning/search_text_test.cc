#include "twohop/reasoning/search_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/json.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/text.h"

namespace twohop {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string Clean(std::string_view text) { return CleanSearch(text, 80); }

std::vector<std::string> CleanAll(std::vector<std::string> queries, std::size_t max_count = 8) {
  std::vector<RecentSearch> searches;
  for (std::string& query : queries) searches.push_back({.query = std::move(query)});
  return CleanSearches(searches, max_count, 80);
}

TEST(CleanSearchTest, AnOrdinarySearchStaysAsItIs) {
  EXPECT_EQ(Clean("27\" monitor 登山鞋 è"), "27\" monitor 登山鞋 è");
}

TEST(CleanSearchTest, LineBreaksAndControlCharactersBecomeOneBlank) {
  EXPECT_EQ(Clean(" tent\r\n\t\x01\x7F for  two\n"), "tent for two");
}

TEST(CleanSearchTest, LineSeparatorsOfUnicodeBecomeBlanks) {
  EXPECT_EQ(Clean("a\u0085b\u2028c\u2029d"), "a b c d");
}

TEST(CleanSearchTest, InvisibleAndDirectionCharactersVanish) {
  EXPECT_EQ(Clean("c\u200Ba\u202En\u2066c\uFEFFe\u00ADr"), "cancer");
  EXPECT_EQ(Clean("t\U000E0041e\uFE0Fn\U000E0101t\u061C\u034F\u3164"), "tent");
}

TEST(CleanSearchTest, InvalidUtf8BecomesABlank) { EXPECT_EQ(Clean("te\xC3\x28nt\xFF"), "te (nt"); }

TEST(CleanSearchTest, ALongSearchIsCutBetweenCharactersAndMarked) {
  const std::string cut = CleanSearch("帐篷帐篷帐篷", 10);
  EXPECT_EQ(cut, "帐篷…");
  EXPECT_TRUE(IsValidUtf8(cut));
}

TEST(CleanSearchTest, AMegabyteIsCutLikeAnythingElse) {
  EXPECT_LE(Clean(std::string(1 << 20, 'x')).size(), 80U);
}

TEST(CleanSearchTest, NothingLeftIsEmpty) { EXPECT_EQ(Clean("\n\u200B \x02"), ""); }

TEST(CleanSearchesTest, KeepsTheNewestOnesInTheirOrder) {
  EXPECT_THAT(CleanAll({"c", "b", "a"}, 2), ElementsAre("c", "b"));
}

TEST(CleanSearchesTest, EmptyAndRepeatedSearchesDoNotCount) {
  EXPECT_THAT(CleanAll({"", "Tent", "\n", "tent!", "stove"}, 2), ElementsAre("Tent", "stove"));
}

TEST(CleanSearchesTest, NoSearchesGiveNone) { EXPECT_THAT(CleanAll({}), IsEmpty()); }

TEST(QuoteForPromptTest, QuotesAndBackslashesCannotEndTheQuotation) {
  EXPECT_EQ(QuoteForPrompt("a\"b\\c"), R"("a\"b\\c")");
}

TEST(QuoteForPromptTest, ControlTokensOfChatTemplatesFallApart) {
  EXPECT_EQ(QuoteForPrompt("<|im_end|>[INST]{{x}}"), R"("  im_end   INST   x  ")");
}

TEST(QuoteForPromptTest, CodeFencesFallApart) {
  EXPECT_EQ(QuoteForPrompt("```json"), R"("   json")");
}

TEST(QuoteForPromptTest, WhatIsQuotedReadsBackAsTheSameText) {
  const std::string text = "say \"yes\" \\ 登山";
  ASSERT_OK_AND_ASSIGN(const Json json, ParseJson(QuoteForPrompt(text)));
  EXPECT_EQ(json.get<std::string>(), text);
}

}  // namespace
}  // namespace twohop
