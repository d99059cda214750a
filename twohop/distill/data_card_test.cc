#include "twohop/distill/data_card.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/reasoning/testing/small_shop.h"

namespace twohop {
namespace {

using testing::HasSubstr;

TrainingRow Row(TrainingTask task, RowSource source, const std::string& category) {
  return {.task = task,
          .source = source,
          .messages = {{ChatRole::kSystem, "12345678"},
                       {ChatRole::kUser, "one two"},
                       {ChatRole::kAssistant, "three"}},
          .categories = {InSmallShop(category)}};
}

class DataCardTest : public testing::Test {
 protected:
  std::string Page() const { return DescribeDataCard(card_, *SmallShop()); }

  DataCard card_{.command_line = "twohop distill export --seed 7", .seed = 7};
};

TEST_F(DataCardTest, TellsWhereTheDataCameFrom) {
  card_.source_notes = {"Apache-2.0, written for the project"};
  card_.inputs = {{.role = "traces", .path = "a|b.jsonl", .hash = 255, .rows = 3, .bad_lines = 2}};
  EXPECT_THAT(Page(), HasSubstr("```sh\ntwohop distill export --seed 7\n```\n\nSeed: 7.\n"));
  EXPECT_THAT(Page(), HasSubstr("- Apache-2.0, written for the project\n"));
  EXPECT_THAT(Page(), HasSubstr("| traces | `a\\|b.jsonl` | `00000000000000ff` | 3 | 2 |"));
}

TEST_F(DataCardTest, SaysSoIfNobodyStatedALicence) {
  EXPECT_THAT(Page(), HasSubstr("Not stated."));
}

TEST_F(DataCardTest, CountsRowsByTaskSourceAndSide) {
  card_.rows[0] = {Row(TrainingTask::kHop1, RowSource::kBoth, "Tents"),
                   Row(TrainingTask::kHop2, RowSource::kEdges, "Tents"),
                   Row(TrainingTask::kHop2, RowSource::kEdges, "Lanterns")};
  card_.rows[1] = {Row(TrainingTask::kHop2, RowSource::kEdges, "Lanterns")};
  EXPECT_THAT(Page(), HasSubstr("| hop1 | both | 1 | 0 |\n| hop2 | edges | 2 | 1 |\n"
                                "| all | | 3 | 1 |\n"));
  EXPECT_THAT(Page(), HasSubstr("2 of 5 level-1 categories occur."));
  EXPECT_THAT(Page(), HasSubstr("| Outdoors | 2 |"));
  EXPECT_THAT(Page(), HasSubstr("| Travel | 0 |"));
}

TEST_F(DataCardTest, CountsWhatWasLeftOut) {
  card_.rejected = {1, 2, 3, 4};
  card_.skipped = {.searches_without_category = 5};
  EXPECT_THAT(Page(), HasSubstr("| personal_data | 1 |\n| blocked | 2 |\n| near_duplicate | 3 |\n"
                                "| shared_question | 4 |\n"));
  EXPECT_THAT(Page(), HasSubstr("| search of no category | 5 |"));
}

TEST_F(DataCardTest, TellsLengthsAndThatTokensAreAnEstimate) {
  card_.rows[0] = {Row(TrainingTask::kHop1, RowSource::kEdges, "Tents")};
  // 8 + 7 + 5 bytes.
  EXPECT_THAT(Page(), HasSubstr("| hop1 | 3 / 3 / 3 | 5 / 5 / 5 |"));
  EXPECT_THAT(Page(), HasSubstr("bytes / 4; no tokenizer was asked"));
}

TEST_F(DataCardTest, CountsPairsBySource) {
  card_.pairs = {{.source = PairSource::kEdges}, {.source = PairSource::kEdges}};
  card_.unfit_pairs = 1;
  EXPECT_THAT(Page(), HasSubstr("| edges | 2 |\n"));
  EXPECT_THAT(Page(), HasSubstr("is there: 1.\n"));
}

}  // namespace
}  // namespace twohop
