#include "twohop/ingest/field_reader.h"

#include <string>

#include <gtest/gtest.h>

namespace twohop::ingest_internal {
namespace {

TEST(CleanTextTest, LeavesCleanTextAlone) {
  EXPECT_EQ(CleanText("tent for two"), "tent for two");
  EXPECT_EQ(CleanText("露营 帐篷"), "露营 帐篷");
  EXPECT_EQ(CleanText("café £5"), "café £5");
}

TEST(CleanTextTest, ARunOfBlanksAndControlCharactersIsOneBlank) {
  EXPECT_EQ(CleanText("tent\n\r\n \tfor two"), "tent for two");
  EXPECT_EQ(CleanText(std::string("te\0nt\x7f", 6)), "te nt");
  EXPECT_EQ(CleanText("a\xC2\x85z"), "a z");
}

TEST(CleanTextTest, NothingIsLeftAtTheEnds) {
  EXPECT_EQ(CleanText(" \x01 tent \x02 "), "tent");
  EXPECT_EQ(CleanText(" \t"), "");
  EXPECT_EQ(CleanText(""), "");
}

}  // namespace
}  // namespace twohop::ingest_internal
