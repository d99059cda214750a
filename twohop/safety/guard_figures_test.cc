#include "twohop/safety/guard_figures.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/llm/testing/fake_embedding_client.h"

namespace twohop {
namespace {

using testing::ElementsAre;
using testing::Ge;
using testing::HasSubstr;
using testing::SizeIs;

class GuardFiguresTest : public testing::Test {
 protected:
  std::vector<GuardRow> Measure(const std::vector<GuardedTexts>& groups) {
    const auto guard = SensitiveDemands::Build(
        {{.name = "illness", .harmless = false, .descriptions = {"living with a flu"}},
         {.name = "care", .harmless = true, .descriptions = {"living with a blanket"}}},
        embedder_, {}, {});
    EXPECT_THAT(guard, IsOk());
    const auto blocklist = Blocklist::Parse("cancer");
    const auto rows = MeasureGuards(groups, *blocklist, *guard, embedder_, {});
    EXPECT_THAT(rows, IsOk());
    return rows.value_or(std::vector<GuardRow>{});
  }

  FakeEmbeddingClient embedder_;
};

TEST_F(GuardFiguresTest, CountsWhatEachGuardBlocksAndWhatIsWrong) {
  const GuardRow harmless{.name = "demands",
                          .sensitive = false,
                          .texts = 2,
                          .by_words = 0,
                          .by_similarity = 1,
                          .by_either = 1,
                          .wrong = {"a flu"}};
  const GuardRow sensitive{.name = "test: health",
                           .sensitive = true,
                           .texts = 2,
                           .by_words = 1,
                           .by_similarity = 0,
                           .by_either = 1,
                           .wrong = {"camping tents"}};
  EXPECT_THAT(
      Measure({{.name = "demands", .sensitive = false, .texts = {"a flu", "hiking"}},
               {.name = "test: health", .sensitive = true, .texts = {"cancer", "camping tents"}}}),
      ElementsAre(harmless, sensitive));
}

TEST_F(GuardFiguresTest, MarkdownHasTheSums) {
  const std::string table =
      GuardsToMarkdown(Measure({{.name = "demands", .sensitive = false, .texts = {"hiking"}},
                                {.name = "test: health", .sensitive = true, .texts = {"cancer"}}}));
  EXPECT_THAT(table,
              HasSubstr("| all harmless (false positives) | 1 | 0.00 % | 0.00 % | 0.00 % |"));
  EXPECT_THAT(table, HasSubstr("| all held out (recall) | 1 | 100.00 % | 0.00 % | 100.00 % |"));
}

TEST(ParseSensitivePhraseTest, ASplitIsCalibrationOrTest) {
  const auto parse = [](const char* split) {
    return ParseSensitivePhrase({{"theme", "health"}, {"split", split}, {"text", "flu"}});
  };
  ASSERT_OK_AND_ASSIGN(const SensitivePhrase phrase, parse("test"));
  EXPECT_TRUE(phrase.held_out);
  EXPECT_THAT(parse("train"), FailsWith(ErrorCode::kInvalidArgument, "\"train\", must be"));
}

TEST(ReadSensitivePhrasesTest, TheProjectsOwnPhrasesAreHalfHeldOut) {
  ASSERT_OK_AND_ASSIGN(const auto phrases,
                       ReadSensitivePhrases(std::filesystem::path(TWOHOP_SOURCE_DIR) /
                                            "data/safety/sensitive_phrases.jsonl"));
  EXPECT_THAT(phrases, SizeIs(Ge(150U)));
  std::size_t held_out = 0;
  for (const SensitivePhrase& phrase : phrases) held_out += phrase.held_out ? 1U : 0U;
  EXPECT_EQ(held_out, phrases.size() / 2);
}

TEST(GroupPhrasesTest, CalibrationComesFirst) {
  const std::vector<SensitivePhrase> phrases{{.theme = "a", .held_out = true, .text = "x"},
                                             {.theme = "a", .held_out = false, .text = "y"},
                                             {.theme = "a", .held_out = true, .text = "z"}};
  const auto groups = GroupPhrases(phrases);
  ASSERT_THAT(groups, SizeIs(2));
  EXPECT_EQ(groups[0].name, "calibration: a");
  EXPECT_THAT(groups[1].texts, ElementsAre("x", "z"));
}

}  // namespace
}  // namespace twohop
