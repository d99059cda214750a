#include "twohop/distill/two_hop_row.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/llm/testing/fake_chat_client.h"
#include "twohop/llm/testing/fake_embedding_client.h"
#include "twohop/reasoning/reply_parser.h"
#include "twohop/reasoning/strategy.h"
#include "twohop/reasoning/testing/small_shop.h"

namespace twohop {
namespace {

using testing::ElementsAre;

class TwoHopRowTest : public testing::Test {
 protected:
  TwoHopRowTest() {
    trace_.user.profile = {.id = UserId("u1"), .age_group = "45-54", .gender = "female"};
    trace_.user.searches = {{.query = "gas stove"}, {.query = "Gas  Stove"}, {.query = "tent"}};
    trace_.user.clicked_level1 = {"Home", "Kitchen"};
    trace_.demands = {{.text = "sleeping outdoors", .searches = {"tent", "gas stove"}}};
    AddInterest("Mountain Trips", EdgeRelation::kHyponym);
  }

  void AddInterest(const std::string& name, EdgeRelation relation) {
    trace_.interests.push_back({.category = InSmallShop(name), .demand = 0, .relation = relation});
  }

  std::optional<TrainingRow> Make() const {
    return MakeTwoHopRow(trace_, *SmallShop(), prompts_, RowOptions());
  }

  // The messages that the strategy of inference sends for the same user.
  std::vector<ChatMessage> AskedByInference() {
    FakeChatClient chat;
    FakeEmbeddingClient embedder;
    chat.Reply(R"({"demands": []})");
    const StrategyTools tools{chat, embedder, prompts_, SmallShopSpace()};
    const auto strategy = MakeFullTwoHop(tools, AskOptions(), GroundingOptions(), true);
    const SearchingUser user{.profile = trace_.user.profile,
                             .searches = {"gas stove", "tent"},
                             .shown_level1 = {false, true, false, true, false}};
    EXPECT_THAT(strategy->Propose(user, {}), IsOk());
    return chat.requests().front().messages;
  }

  PromptSet prompts_ = *LoadPromptSet(std::filesystem::path(TWOHOP_SOURCE_DIR) / "prompts");
  Trace trace_;
};

TEST_F(TwoHopRowTest, AsksWordForWordWhatInferenceAsks) {
  EXPECT_EQ(AskForBothHops(trace_.user, *SmallShop(), prompts_, RowOptions()), AskedByInference());
  trace_.user.profile.age_group.clear();
  trace_.user.profile.gender.clear();
  EXPECT_EQ(AskForBothHops(trace_.user, *SmallShop(), prompts_, RowOptions()), AskedByInference());
}

TEST_F(TwoHopRowTest, ReplyIsWhatTheParserReads) {
  AddInterest("Hiking Boots", EdgeRelation::kCoHyponym);
  const auto row = Make();
  ASSERT_TRUE(row.has_value());
  ASSERT_OK_AND_ASSIGN(const TwoHopReply reply, ParseTwoHopReply(row->reply(), 2));
  EXPECT_EQ(reply.rejected, 0U);
  EXPECT_THAT(reply.demands, ElementsAre(ProposedDemand{
                                 .searches = {0, 1},
                                 .text = "sleeping outdoors",
                                 .categories = {{"Mountain Trips", EdgeRelation::kHyponym},
                                                {"Hiking Boots", EdgeRelation::kCoHyponym}}}));
  EXPECT_THAT(row->categories,
              ElementsAre(InSmallShop("Mountain Trips"), InSmallShop("Hiking Boots")));
}

TEST_F(TwoHopRowTest, ReplyReasonsBeforeItNamesCategories) {
  EXPECT_EQ(Make()->reply(), R"({"demands":[{"from":[1,2],"demand":"sleeping outdoors",)"
                             R"("categories":[{"name":"Mountain Trips","relation":"hyponym"}]}]})");
}

TEST_F(TwoHopRowTest, CategoriesThatTheUserKnowsAreLeftOut) {
  AddInterest("Desk Lamps", EdgeRelation::kHyponym);
  EXPECT_THAT(Make()->categories, ElementsAre(InSmallShop("Mountain Trips")));
  trace_.user.clicked_level1.emplace_back("Travel");
  EXPECT_EQ(Make(), std::nullopt);
}

TEST_F(TwoHopRowTest, DemandOfSearchesThatInferenceWouldCutIsLeftOut) {
  trace_.demands[0].searches = {"tent"};
  RowOptions options;
  options.max_searches = 1;
  EXPECT_EQ(MakeTwoHopRow(trace_, *SmallShop(), prompts_, options), std::nullopt);
}

}  // namespace
}  // namespace twohop
