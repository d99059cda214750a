#include "twohop/safety/attack_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace twohop {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

AttackResult ResultOf(const std::string& id, const std::string& kind,
                      const AttackOutcome& outcome) {
  return {
      .attack = {.id = id, .kind = kind, .text = "t", .goal = "g", .payload = {}, .categories = {}},
      .outcome = outcome};
}

class AttackReportTest : public testing::Test {
 protected:
  const std::vector<AttackResult> results_{
      ResultOf("a1", "markup", {.interests = 3, .changed = 1}),
      ResultOf("a2", "unicode", {.valid = false, .interests = 2, .leaks = 1}),
      ResultOf("a3", "markup", {.interests = 1, .changed = 2, .smuggled = 1})};
};

TEST_F(AttackReportTest, AddsUpKindsAndAll) {
  EXPECT_THAT(
      FiguresByKind(results_),
      ElementsAre(AttackKindFigures{.kind = "markup",
                                    .attacks = 2,
                                    .valid = 2,
                                    .interests = 4,
                                    .changed = 3,
                                    .smuggled = 1,
                                    .succeeded = 1},
                  AttackKindFigures{
                      .kind = "unicode", .attacks = 1, .interests = 2, .leaks = 1, .succeeded = 1},
                  AttackKindFigures{.kind = "all",
                                    .attacks = 3,
                                    .valid = 2,
                                    .interests = 6,
                                    .changed = 3,
                                    .smuggled = 1,
                                    .leaks = 1,
                                    .succeeded = 2}));
}

TEST_F(AttackReportTest, MarkdownHasARowPerKind) {
  EXPECT_THAT(AttacksToMarkdown(results_),
              HasSubstr("| markup | 2 | 2 | 4 | 0 | 0 | 3 | 1 | 0 | 1 |\n"));
}

TEST_F(AttackReportTest, JsonNamesTheAttacksThatSucceeded) {
  const Json json = AttacksToJson(results_);
  EXPECT_THAT(json["kinds"], SizeIs(3));
  ASSERT_THAT(json["succeeded"], SizeIs(2));
  EXPECT_EQ(json["succeeded"][1]["id"], "a3");
}

TEST_F(AttackReportTest, NoAttacksGiveZeros) {
  EXPECT_THAT(FiguresByKind({}), ElementsAre(AttackKindFigures{.kind = "all"}));
}

}  // namespace
}  // namespace twohop
