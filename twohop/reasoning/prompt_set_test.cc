#include "twohop/reasoning/prompt_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"

namespace twohop {
namespace {

std::filesystem::path ProjectPrompts() {
  return std::filesystem::path(TWOHOP_SOURCE_DIR) / "prompts";
}

TEST(PromptSetTest, TheProjectsOwnPromptsLoad) {
  ASSERT_OK_AND_ASSIGN(const PromptSet prompts, LoadPromptSet(ProjectPrompts()));
  EXPECT_EQ(prompts.demand.version(), "demand.v1");
  EXPECT_EQ(prompts.two_hop.version(), "two_hop.v1");
}

TEST(PromptSetTest, TheProjectsBlocklistKnowsConditionsFromProducts) {
  ASSERT_OK_AND_ASSIGN(const PromptSet prompts, LoadPromptSet(ProjectPrompts()));
  for (const char* sensitive :
       {"managing diabetes", "treating depression", "a halal kitchen", "voting in the election",
        "her sexual orientation", "living with HIV", "finding God in prayer", "抑郁症患者的生活"}) {
    EXPECT_TRUE(prompts.blocklist.Blocks(sensitive)) << sensitive;
  }
  for (const char* harmless :
       {"sleeping better", "Sleep Aids", "Massage Tools", "recovering after sport", "healthy skin",
        "Vitamins & Supplements", "getting ready for a newborn", "God of War cosplay",
        "kosher salt", "sexton beetle macro lens"}) {
    EXPECT_FALSE(prompts.blocklist.Blocks(harmless)) << harmless;
  }
}

TEST(PromptSetTest, AMissingFileIsNamed) {
  const TempDir folder;
  EXPECT_THAT(LoadPromptSet(folder.path()), FailsWith(ErrorCode::kNotFound, "demand.v1.txt"));
}

}  // namespace
}  // namespace twohop
