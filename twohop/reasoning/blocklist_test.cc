#include "twohop/reasoning/blocklist.h"

#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"

namespace twohop {
namespace {

bool IsBlocked(std::string_view entries, std::string_view text) {
  auto blocklist = Blocklist::Parse(entries);
  EXPECT_THAT(blocklist, IsOk());
  return blocklist->Blocks(text);
}

auto Refused(std::string_view text) {
  return FailsWith(ErrorCode::kInvalidArgument, std::string(text));
}

TEST(BlocklistTest, MatchesWholeWordsInAnyForm) {
  EXPECT_TRUE(IsBlocked("cancer", "living with Cancer, day by day"));
  EXPECT_FALSE(IsBlocked("cancer", "cancerous"));
  EXPECT_FALSE(IsBlocked("aid", "sleep aids"));
}

TEST(BlocklistTest, MatchesPhrasesWordByWord) {
  EXPECT_TRUE(IsBlocked("mental health", "better mental-health now"));
  EXPECT_FALSE(IsBlocked("mental health", "mental math and health food"));
}

TEST(BlocklistTest, AStarMatchesEveryWordThatBeginsSo) {
  EXPECT_TRUE(IsBlocked("diabet*", "diabetic snacks"));
  EXPECT_TRUE(IsBlocked("kosher meal*", "kosher meals"));
  EXPECT_FALSE(IsBlocked("diabet*", "prediabetic"));
}

TEST(BlocklistTest, OtherScriptsMatchAnywhere) {
  EXPECT_TRUE(IsBlocked("糖尿病", "适合糖尿病人的零食"));
}

TEST(BlocklistTest, CommentsAndEmptyLinesAreNoEntries) {
  EXPECT_EQ(Blocklist::Parse("# words\n\n  vote \r\n")->size(), 1U);
}

TEST(BlocklistTest, AnEmptyOneBlocksNothing) { EXPECT_FALSE(Blocklist().Blocks("cancer")); }

TEST(BlocklistTest, AnEntryThatMatchesNothingOrEverythingIsRefusedWithItsLine) {
  EXPECT_THAT(Blocklist::Parse("vote\n!!"), Refused("line 2"));
  EXPECT_THAT(Blocklist::Parse("*"), Refused("line 1"));
  EXPECT_THAT(Blocklist::Parse("di*bet"), Refused("\"di*bet\" cannot be matched"));
}

TEST(BlocklistTest, InvalidUtf8IsRefused) {
  EXPECT_THAT(Blocklist::Parse("\xFF"), Refused("UTF-8"));
}

TEST(BlocklistTest, AFileThatCannotBeUsedIsNamed) {
  const TempDir folder;
  EXPECT_THAT(Blocklist::Load(folder.path() / "none.txt"),
              FailsWith(ErrorCode::kNotFound, "none.txt"));
  EXPECT_THAT(Blocklist::Load(folder.path()), FailsWith(ErrorCode::kUnavailable, ""));
  EXPECT_THAT(Blocklist::Load(folder.Write("words.txt", "!")), Refused("words.txt: line 1"));
}

}  // namespace
}  // namespace twohop
