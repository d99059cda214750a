#include "twohop/distill/labels.h"

#include <algorithm>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/reasoning/testing/small_shop.h"

namespace twohop {
namespace {

constexpr const char* kUser =
    R"({"user_id": "d1", "searches": [{"query": "tent"}], "clicked_level1": ["Outdoors"],
        "unseen": true, "demands": ["sleeping outdoors"],
        "score_2": ["Lanterns", "Mountain Trips"], "score_1": ["Coffee Grinders"]})";

std::string OnOneLine(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

TEST(LabelsTest, ScoresWhatIsInNeitherListWithZero) {
  ASSERT_OK_AND_ASSIGN(const LabelledUser labelled,
                       ParseLabelledUser(*ParseJson(kUser), *SmallShop()));
  EXPECT_TRUE(labelled.unseen);
  EXPECT_EQ(labelled.ScoreOf(InSmallShop("Mountain Trips")), Score::k2);
  EXPECT_EQ(labelled.ScoreOf(InSmallShop("Coffee Grinders")), Score::k1);
  EXPECT_EQ(labelled.ScoreOf(InSmallShop("Tents")), Score::k0);
}

TEST(LabelsTest, OneBadLineFailsAll) {
  const TempDir dir;
  Json bad = *ParseJson(kUser);
  bad["score_2"].push_back("Flying Carpets");
  const auto unknown = dir.Write("unknown.jsonl", OnOneLine(kUser) + "\n" + bad.dump() + "\n");
  EXPECT_THAT(ReadLabels(unknown, *SmallShop()),
              FailsWith(ErrorCode::kInvalidArgument,
                        "unknown.jsonl:2: \"score_2\": no category \"Flying Carpets\""));
  bad = *ParseJson(kUser);
  bad["score_1"].push_back("Lanterns");
  const auto both = dir.Write("both.jsonl", bad.dump());
  EXPECT_THAT(ReadLabels(both, *SmallShop()),
              FailsWith(ErrorCode::kInvalidArgument, "both.jsonl:1: \"Lanterns\" is in"));
}

}  // namespace
}  // namespace twohop
