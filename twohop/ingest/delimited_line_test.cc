#include "twohop/ingest/delimited_line.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace twohop::ingest_internal {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> Cells(std::string_view line, char separator = ',') {
  DelimitedLine cells;
  const auto broken = cells.Parse(line, separator);
  EXPECT_FALSE(broken.has_value()) << broken->message;
  return {cells.cells().begin(), cells.cells().end()};
}

std::string Complaint(std::string_view line) {
  DelimitedLine cells;
  const auto broken = cells.Parse(line, ',');
  return broken.has_value() ? broken->message : "";
}

TEST(DelimitedLineTest, SplitsAtTheSeparator) {
  EXPECT_THAT(Cells("a,b,c"), ElementsAre("a", "b", "c"));
  EXPECT_THAT(Cells("a\tb,c", '\t'), ElementsAre("a", "b,c"));
}

TEST(DelimitedLineTest, AnEmptyLineIsOneEmptyCell) { EXPECT_THAT(Cells(""), ElementsAre("")); }

TEST(DelimitedLineTest, KeepsEmptyCells) {
  EXPECT_THAT(Cells(",a,,"), ElementsAre("", "a", "", ""));
  EXPECT_THAT(Cells(R"("",)"), ElementsAre("", ""));
}

TEST(DelimitedLineTest, ASeparatorInQuotesIsText) {
  EXPECT_THAT(Cells(R"("a,b",c)"), ElementsAre("a,b", "c"));
}

TEST(DelimitedLineTest, ADoubledQuoteIsOneQuote) {
  EXPECT_THAT(Cells(R"("a ""big"" tent","""")"), ElementsAre(R"(a "big" tent)", R"(")"));
}

TEST(DelimitedLineTest, ManyQuotedCellsKeepTheirText) {
  EXPECT_THAT(Cells(R"("a""","b""","c""")"), ElementsAre("a\"", "b\"", "c\""));
}

TEST(DelimitedLineTest, AQuoteInsideAPlainCellIsText) {
  EXPECT_THAT(Cells(R"(12" pan,b)"), ElementsAre(R"(12" pan)", "b"));
}

TEST(DelimitedLineTest, BlanksAreKept) { EXPECT_THAT(Cells(" a , b"), ElementsAre(" a ", " b")); }

TEST(DelimitedLineTest, AnOpenQuoteNamesItsColumn) {
  EXPECT_THAT(Complaint(R"(a,"b,c)"), HasSubstr("column 2: the quote is not closed"));
}

TEST(DelimitedLineTest, TextBehindAClosingQuoteIsRefused) {
  EXPECT_EQ(Complaint(R"("a"b,c)"), "column 1: text follows the closing quote");
}

}  // namespace
}  // namespace twohop::ingest_internal
