#include "twohop/llm/openai_reply.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"

namespace twohop::llm_internal {
namespace {

using testing::ElementsAre;

// What servers answer otherwise is tested with the clients.

TEST(PresentableTest, WordsOfUsersAreHiddenInAnyCase) {
  const std::vector<std::string> texts{"1. \"Crystal Merkwort lamp\""};
  EXPECT_EQ(Presentable("cannot tokenize 'crystal MERKWORT lamp' at 7", "", texts),
            "cannot tokenize '[text] [text] [text]' at 7");
}

TEST(PresentableTest, WordsOfOtherScriptsAreHiddenToo) {
  const std::vector<std::string> texts{"帐篷 tent"};
  EXPECT_EQ(Presentable("bad input: 帐篷", "", texts), "bad input: [text]");
}

TEST(PresentableTest, OtherWordsStay) {
  const std::vector<std::string> texts{"tent"};
  EXPECT_EQ(Presentable("context of 2048 tokens is too small", "", texts),
            "context of 2048 tokens is too small");
}

TEST(PresentableTest, TheKeyIsHiddenBeforeWordsAre) {
  const std::vector<std::string> texts{"tent"};
  EXPECT_EQ(Presentable("no sk-tent-1 here\n", "sk-tent-1", texts), "no [key] here");
}

TEST(PrivateTextsTest, AreTheLastMessageOfAChatAndTheInputOfAnEmbedding) {
  const Json chat{{"messages", {{{"content", "Be brief."}}, {{"content", "tent"}}}}};
  EXPECT_THAT(PrivateTexts(chat), ElementsAre("tent"));
  EXPECT_THAT(PrivateTexts({{"input", {"tent", "stove"}}}), ElementsAre("tent", "stove"));
}

TEST(ServerMessageTest, IsFoundWhereverServersPutIt) {
  EXPECT_EQ(ServerMessage(R"({"error":{"message":"a"}})"), "a");
  EXPECT_EQ(ServerMessage(R"({"error":"b"})"), "b");
  EXPECT_EQ(ServerMessage(R"({"message":"c"})"), "c");
  EXPECT_EQ(ServerMessage("d"), "d");
  EXPECT_EQ(ServerMessage(R"({"error":7})"), R"({"error":7})");
}

}  // namespace
}  // namespace twohop::llm_internal
