#include "twohop/distill/near_duplicates.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

#include "twohop/base/rng.h"
#include "twohop/base/text.h"

namespace twohop {
namespace {

// `count` words, of which the one at `changed` is another.
std::string Words(int count, int changed = -1) {
  std::string text;
  for (int i = 0; i < count; ++i) text += (i == changed ? "other" : "w") + std::to_string(i) + " ";
  return text;
}

TEST(NearDuplicatesTest, FindsTextsFromTheThresholdOn) {
  // A word changed at the end of 21 costs one of 19 grams: 18 shared of 20.
  NearDuplicates at_090(0.90);
  EXPECT_TRUE(at_090.AddUnlessNear(Words(21), 1));
  EXPECT_FALSE(at_090.AddUnlessNear(Words(21, 20), 2));
  NearDuplicates at_091(0.91);
  EXPECT_TRUE(at_091.AddUnlessNear(Words(21), 1));
  EXPECT_TRUE(at_091.AddUnlessNear(Words(21, 20), 2));
}

TEST(NearDuplicatesTest, CaseAndPunctuationDoNotCount) {
  NearDuplicates seen(1.0);
  EXPECT_TRUE(seen.AddUnlessNear("A tent, for two people", 1));
  EXPECT_FALSE(seen.AddUnlessNear("a TENT for two people!", 2));
}

TEST(NearDuplicatesTest, TextsOfOneGroupMustBeEqual) {
  NearDuplicates seen(0.5);
  EXPECT_TRUE(seen.AddUnlessNear(Words(21), 1));
  EXPECT_TRUE(seen.AddUnlessNear(Words(21, 20), 1));
  EXPECT_FALSE(seen.AddUnlessNear(Words(21), 1));
}

TEST(NearDuplicatesTest, ShortTextsAreCompared) {
  NearDuplicates seen(0.9);
  EXPECT_TRUE(seen.AddUnlessNear("tent", 1));
  EXPECT_FALSE(seen.AddUnlessNear("Tent", 2));
  EXPECT_TRUE(seen.AddUnlessNear("tents", 3));
  EXPECT_TRUE(seen.AddUnlessNear("", 4));
  EXPECT_FALSE(seen.AddUnlessNear("", 5));
}

// The same by comparing everything with everything.
std::vector<bool> AddedByBruteForce(const std::vector<std::string>& texts, double threshold) {
  std::vector<std::set<std::string>> kept;
  std::vector<bool> added;
  for (const std::string& text : texts) {
    const std::string normal = NormalizeName(text);
    const auto words = Split(normal, ' ');
    std::set<std::string> grams;
    for (std::size_t i = 0; i + 3 <= words.size(); ++i) {
      grams.insert(std::string(words[i]) + " " + std::string(words[i + 1]) + " " +
                   std::string(words[i + 2]));
    }
    bool is_near = false;
    for (const auto& other : kept) {
      double shared = 0;
      for (const auto& gram : grams) shared += other.contains(gram) ? 1 : 0;
      const double all = static_cast<double>(grams.size() + other.size()) - shared;
      is_near = is_near || shared / all >= threshold;
    }
    added.push_back(!is_near);
    if (!is_near) kept.push_back(std::move(grams));
  }
  return added;
}

TEST(NearDuplicatesTest, MissesNothingThatComparingAllPairsFinds) {
  Rng rng(3);
  std::vector<std::string> texts;
  for (int i = 0; i < 400; ++i) {
    std::string text = i % 2 == 1 ? texts.back() : Words(static_cast<int>(5 + rng.Below(30)));
    if (i % 2 == 1) text.insert(text.rfind(' ', text.size() - 2) + 1, "more ");
    texts.push_back(text);
  }
  const std::vector<bool> expected = AddedByBruteForce(texts, 0.8);
  NearDuplicates seen(0.8);
  std::vector<bool> added;
  for (std::size_t i = 0; i < texts.size(); ++i) added.push_back(seen.AddUnlessNear(texts[i], i));
  EXPECT_EQ(added, expected);
}

}  // namespace
}  // namespace twohop
