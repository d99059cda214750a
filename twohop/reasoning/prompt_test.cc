#include "twohop/reasoning/prompt.h"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"

namespace twohop {
namespace {

using testing::ElementsAre;

constexpr std::array<std::string_view, 2> kHoles{"search", "category"};

constexpr std::string_view kGood =
    "What this is for.\n"
    "=== system\n"
    "Be brief about {{category}}.\n"
    "=== user\n"
    "tent\n"
    "=== assistant\n"
    "{\"need\":\"sleep\"}\n"
    "=== user\n"
    "{{search}} in {{category}}\n";

Result<Prompt> Parse(std::string_view text) { return Prompt::Parse("test.v1", text, kHoles); }

auto Refused(std::string_view text) {
  return FailsWith(ErrorCode::kInvalidArgument, std::string(text));
}

TEST(PromptTest, RendersItsMessagesWithTheHolesFilled) {
  ASSERT_OK_AND_ASSIGN(const Prompt prompt, Parse(kGood));
  const std::array<PromptValue, 2> values{{{"search", "\"stove\""}, {"category", "Camping"}}};
  EXPECT_THAT(prompt.Render(values),
              ElementsAre(ChatMessage{ChatRole::kSystem, "Be brief about Camping."},
                          ChatMessage{ChatRole::kUser, "tent"},
                          ChatMessage{ChatRole::kAssistant, "{\"need\":\"sleep\"}"},
                          ChatMessage{ChatRole::kUser, "\"stove\" in Camping"}));
}

TEST(PromptTest, AHoleInsideAValueStaysText) {
  ASSERT_OK_AND_ASSIGN(const Prompt prompt, Parse(kGood));
  const std::array<PromptValue, 2> values{{{"search", "{{category}}"}, {"category", "Camping"}}};
  EXPECT_EQ(prompt.Render(values).back().content, "{{category}} in Camping");
}

TEST(PromptTest, KnowsItsVersion) { EXPECT_EQ(Parse(kGood)->version(), "test.v1"); }

TEST(PromptTest, AFileWithWindowsLineEndsIsTheSamePrompt) {
  std::string text(kGood);
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 2) {
    text.insert(at, "\r");
  }
  EXPECT_THAT(Parse(text), IsOk());
}

TEST(PromptTest, AnUnknownHoleIsRefusedWithItsMessagesLine) {
  EXPECT_THAT(Parse("=== system\na\n=== user\n{{search}}{{category}}{{name}}"),
              Refused("prompt test.v1, line 3: unknown hole \"name\""));
}

TEST(PromptTest, AMissingHoleIsRefused) {
  EXPECT_THAT(Parse("=== system\na\n=== user\n{{search}}"), Refused("\"category\" is missing"));
}

TEST(PromptTest, AHoleInAnExampleIsRefused) {
  EXPECT_THAT(
      Parse("=== system\n{{category}}\n=== user\n{{search}}\n=== assistant\nb\n=== user\nc"),
      Refused("line 3: hole \"search\" inside an example"));
}

TEST(PromptTest, AnUnclosedHoleIsRefused) {
  EXPECT_THAT(Parse("=== system\na\n=== user\n{{search"), Refused("line 3: \"{{\" without \"}}\""));
}

TEST(PromptTest, AnUnknownMarkerIsRefused) {
  EXPECT_THAT(Parse("=== system\na\n=== tool\nb"),
              Refused("line 3: no message is called \"tool\""));
}

TEST(PromptTest, AnEmptyMessageIsRefused) {
  EXPECT_THAT(Parse("=== system\n\n=== user\nb"), Refused("line 1: the message is empty"));
}

TEST(PromptTest, MessagesInAnotherOrderAreRefused) {
  EXPECT_THAT(Parse("=== user\nb\n=== system\na"), Refused("begins with"));
  EXPECT_THAT(Parse("=== system\na"), Refused("begins with"));
  EXPECT_THAT(Parse("no markers at all"), Refused("begins with"));
  EXPECT_THAT(Parse("=== system\na\n=== user\nb\n=== user\n{{search}}{{category}}"),
              Refused("line 5: user and assistant messages must take turns"));
}

TEST(PromptTest, LoadsTheFileOfItsVersion) {
  const TempDir folder;
  folder.Write("test.v1.txt", kGood);
  EXPECT_EQ(Prompt::Load(folder.path(), "test.v1", kHoles)->version(), "test.v1");
}

TEST(PromptTest, AMissingFileIsNotFound) {
  const TempDir folder;
  EXPECT_THAT(Prompt::Load(folder.path(), "test.v2", kHoles),
              FailsWith(ErrorCode::kNotFound, "test.v2.txt"));
}

TEST(PromptTest, AFolderInPlaceOfTheFileIsUnavailable) {
  const TempDir folder;
  std::filesystem::create_directory(folder.path() / "test.v1.txt");
  EXPECT_THAT(Prompt::Load(folder.path(), "test.v1", kHoles),
              FailsWith(ErrorCode::kUnavailable, "test.v1.txt"));
}

}  // namespace
}  // namespace twohop
