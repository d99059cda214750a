#include "twohop/reasoning/sensitive_demands.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/llm/testing/fake_embedding_client.h"

namespace twohop {
namespace {

using testing::ElementsAre;
using testing::Gt;
using testing::SizeIs;

constexpr std::string_view kThemes = R"(# What is never inferred.
=== sensitive: illness
living with a heavy flu

=== harmless: wellness
living with a warm blanket
)";

// In the space of FakeEmbeddingClient texts are near that share words.
class SensitiveDemandsTest : public testing::Test {
 protected:
  bool IsSensitive(const std::string& text, const SensitiveOptions& options = {}) {
    const auto themes = ParseSensitiveThemes(kThemes);
    EXPECT_THAT(themes, IsOk());
    const auto guard = SensitiveDemands::Build(*themes, embedder_, options, {});
    EXPECT_THAT(guard, IsOk());
    return guard->IsSensitive(embedder_.Embed(std::vector<std::string>{text}, {})->row(0));
  }

  FakeEmbeddingClient embedder_;
};

TEST(ParseSensitiveThemesTest, ReadsThemesOfBothKinds) {
  const SensitiveTheme illness{
      .name = "illness", .harmless = false, .descriptions = {"living with a heavy flu"}};
  const SensitiveTheme wellness{
      .name = "wellness", .harmless = true, .descriptions = {"living with a warm blanket"}};
  ASSERT_OK_AND_ASSIGN(const auto themes, ParseSensitiveThemes(kThemes));
  EXPECT_THAT(themes, ElementsAre(illness, wellness));
}

TEST(ParseSensitiveThemesTest, WhatIsWrongIsNamedWithItsLine) {
  EXPECT_THAT(ParseSensitiveThemes("a flu"),
              FailsWith(ErrorCode::kInvalidArgument, "line 1: a description stands before"));
  EXPECT_THAT(ParseSensitiveThemes("\n=== illness\na"),
              FailsWith(ErrorCode::kInvalidArgument, "line 2: \"illness\" is neither"));
  EXPECT_THAT(ParseSensitiveThemes("=== sensitive: a\n=== harmless: b\nc"),
              FailsWith(ErrorCode::kInvalidArgument, "line 2: theme \"a\" is empty"));
  EXPECT_THAT(ParseSensitiveThemes("=== sensitive: a\nb\n"),
              FailsWith(ErrorCode::kInvalidArgument, "need sensitive and harmless"));
  EXPECT_THAT(ParseSensitiveThemes("\xFF"), FailsWith(ErrorCode::kInvalidArgument, "UTF-8"));
}

TEST(LoadSensitiveThemesTest, TheProjectsOwnThemesLoad) {
  ASSERT_OK_AND_ASSIGN(const auto themes,
                       LoadSensitiveThemes(std::filesystem::path(TWOHOP_SOURCE_DIR) / "prompts"));
  EXPECT_THAT(themes, SizeIs(Gt(10U)));
}

TEST(LoadSensitiveThemesTest, AMissingFileIsNamed) {
  const TempDir folder;
  EXPECT_THAT(LoadSensitiveThemes(folder.path()),
              FailsWith(ErrorCode::kNotFound, "sensitive.v1.txt"));
}

TEST_F(SensitiveDemandsTest, WhatIsNearASensitiveDescriptionIsSensitive) {
  EXPECT_TRUE(IsSensitive("a heavy flu"));
}

TEST_F(SensitiveDemandsTest, WhatIsFarFromAllIsNot) { EXPECT_FALSE(IsSensitive("camping tents")); }

TEST_F(SensitiveDemandsTest, WhatIsNearerToAHarmlessDescriptionIsNot) {
  EXPECT_FALSE(IsSensitive("living with warm blanket"));
}

TEST_F(SensitiveDemandsTest, TheMarginDecidesBetweenTheTwo) {
  EXPECT_FALSE(IsSensitive("living with a flu", {.min_similarity = 0.4F, .margin = 0.9F}));
  EXPECT_TRUE(IsSensitive("living with a flu", {.min_similarity = 0.4F, .margin = 0.0F}));
}

TEST_F(SensitiveDemandsTest, AllDescriptionsAreEmbeddedInOneCall) {
  ASSERT_OK_AND_ASSIGN(const auto themes, ParseSensitiveThemes(kThemes));
  ASSERT_OK_AND_ASSIGN(const SensitiveDemands guard,
                       SensitiveDemands::Build(themes, embedder_, {}, {}));
  EXPECT_EQ(embedder_.calls(), 1U);
  EXPECT_EQ(guard.dim(), 64U);
}

TEST_F(SensitiveDemandsTest, AFailedEmbeddingIsPassedOn) {
  embedder_.Fail({ErrorCode::kUnavailable, "down"});
  EXPECT_THAT(SensitiveDemands::Build(*ParseSensitiveThemes(kThemes), embedder_, {}, {}),
              FailsWith(ErrorCode::kUnavailable, "down"));
}

}  // namespace
}  // namespace twohop
