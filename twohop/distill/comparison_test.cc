#include "twohop/distill/comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"

namespace twohop {
namespace {

using testing::HasSubstr;

JudgedAnswer Answer(std::vector<std::uint32_t> categories) {
  JudgedAnswer answer;
  for (const std::uint32_t category : categories) answer.categories.emplace_back(category);
  return answer;
}

// Categories 2 and 3 deserve 2, category 1 deserves 1.
LabelledUser User() {
  LabelledUser user;
  user.score_2 = {CategoryIndex(2), CategoryIndex(3)};
  user.score_1 = {CategoryIndex(1)};
  return user;
}

TEST(ComparisonTest, StabilityIsTheMeanJaccardIndex) {
  const std::vector<JudgedAnswer> a{Answer({1, 2}), Answer({}), Answer({1})};
  const std::vector<JudgedAnswer> b{Answer({2, 3}), Answer({}), Answer({})};
  EXPECT_DOUBLE_EQ(StabilityOf(a, b), (1.0 / 3 + 1 + 0) / 3);
}

TEST(ComparisonTest, ChangesAreCountedForBetterAndForWorse) {
  const std::vector<LabelledUser> users(4, User());
  const std::vector<JudgedAnswer> before{Answer({1, 2}), Answer({2, 3}), Answer({2, 3}),
                                         Answer({2})};
  const std::vector<JudgedAnswer> after{Answer({2, 3}), Answer({2, 0}), Answer({3, 2}),
                                        Answer({3})};
  const auto change = ChangeOf(users, before, after, 1);
  ASSERT_THAT(change, IsOk());
  EXPECT_DOUBLE_EQ(change->changed, 0.75);
  EXPECT_DOUBLE_EQ(change->better, 1.0 / 3);
  EXPECT_DOUBLE_EQ(change->worse, 1.0 / 3);
  EXPECT_DOUBLE_EQ(change->gain.estimate, (0.5 - 1.0) / 4);
}

TEST(ComparisonTest, NoUsersAreRefused) {
  EXPECT_THAT(ChangeOf({}, {}, {}, 1), FailsWith(ErrorCode::kInvalidArgument, ""));
}

TEST(ComparisonTest, ATableHasARowForEach) {
  ComparedDeliberation row;
  row.judgement.contestant = "debate";
  row.judgement.users = 2;
  row.judgement.interests = 6;
  row.stability = 0.5;
  row.change = {.changed = 0.5, .better = 1.0, .worse = 0.0, .gain = {0.25, 0.1, 0.4}};
  const std::string table = ComparisonToMarkdown({&row, 1});
  EXPECT_THAT(table, HasSubstr("| debate |"));
  EXPECT_THAT(table, HasSubstr("| 3.0 | 0.50 | 50 / 50 / 0 | +0.25 [+0.10, +0.40] |"));
  EXPECT_EQ(ComparisonToJson({&row, 1})[0]["changed_for_better"], 1.0);
}

}  // namespace
}  // namespace twohop
