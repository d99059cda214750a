// Whatever a model answers, what is stored keeps the contract.

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/json.h"
#include "twohop/base/rng.h"
#include "twohop/base/testing/manual_clock.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/text.h"
#include "twohop/llm/testing/fake_chat_client.h"
#include "twohop/llm/testing/fake_embedding_client.h"
#include "twohop/reasoning/testing/small_shop.h"
#include "twohop/reasoning/two_hop_generator.h"

namespace twohop {
namespace {

using testing::AnyOf;
using testing::Contains;
using testing::Not;

// 10,000 in all.
constexpr std::size_t kTwoHopAnswers = 6000;
constexpr std::size_t kDemandAnswers = 1000;
constexpr std::size_t kListAnswers = 3000;
constexpr std::string_view kTwoHopAnswer =
    R"({"demands":[{"from":[1,2],"demand":"nights far from home","categories":[)"
    R"({"name":"Hiking Boots","relation":"hyponym"},{"name":"Lanterns","relation":"co_hyponym"},)"
    R"({"name":"Coffee Grinders","relation":"co_hyponym"},{"name":"Camp Stoves","relation":"hyponym"}]},)"
    R"({"from":[2],"demand":"praying in the mountains","categories":[)"
    R"({"name":"Prayer Retreats","relation":"hyponym"},{"name":"Mountain Trips","relation":"hyponym"}]}]})";
constexpr std::string_view kDemandAnswer = R"({"need":"nights far from home"})";
constexpr std::string_view kListAnswer = R"(["Hiking Boots","nights far from home","Lanterns"])";

// Good answers, spoilt in a way that depends on the seed alone.
class AnswerMutator {
 public:
  explicit AnswerMutator(Rng rng) : rng_(rng) {}

  std::string Mutate(std::string_view good) {
    auto json = ParseJson(good);
    for (std::uint64_t n = rng_.Below(3); n > 0; --n) MutateValue(*json);
    std::string text = DumpJson(*json);
    for (std::uint64_t n = rng_.Below(3); n > 0; --n) MutateText(text);
    return text;
  }

 private:
  static constexpr std::size_t kDeep = 600;

  // Somewhere inside `json`.
  Json& Pick(Json& json) {
    Json* at = &json;
    while (at->is_structured() && !at->empty() && !rng_.Chance(0.2)) {
      auto child = at->begin();
      std::advance(child, rng_.Below(at->size()));
      at = &*child;
    }
    return *at;
  }

  void MutateValue(Json& json) {
    Json& at = Pick(json);
    switch (rng_.Below(8)) {
      case 0:
        at = nullptr;
        break;
      case 1:
        at = 1e300;
        break;
      case 2:
        at = std::uint64_t{18'446'744'073'709'551'615U};
        break;
      case 3:
        at = std::string(rng_.Below(200), 'x');
        break;
      case 4:
        at = Json::array({at, at});
        break;
      case 5:
        at = Json::object({{"name", at}, {"demand", at}, {"relation", "hypernym"}});
        break;
      case 6:
        if (at.is_structured() && !at.empty()) at.erase(at.begin());
        break;
      default:
        if (at.is_string()) at = NearlyRight(at.get<std::string>());
    }
  }

  std::string NearlyRight(std::string name) {
    if (!name.empty()) name[rng_.Below(name.size())] = static_cast<char>('a' + rng_.Below(26));
    return rng_.Chance(0.5) ? name : name + " https://evil.example <b>";
  }

  void MutateText(std::string& text) {
    const std::size_t at = rng_.Below(text.size() + 1);
    switch (rng_.Below(7)) {
      case 0:
        if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << rng_.Below(8)));
        break;
      case 1:
        text.resize(at);
        break;
      case 2:
        text.insert(at, text.substr(rng_.Below(text.size() + 1), 40));
        break;
      case 3:
        text.erase(at, rng_.Below(20));
        break;
      case 4:
        text.insert(at, std::string(kDeep, rng_.Chance(0.5) ? '[' : '{'));
        break;
      case 5:
        text.insert(at, rng_.Chance(0.5) ? "\xC3\x28\xFF" : "99999999999999999999999");
        break;
      default:
        text = "```json\n" + text + "\n``` There it is.";
    }
  }

  Rng rng_;
};

class MutatedAnswersTest : public testing::Test {
 protected:
  // Asks for the user until so many answers were given, each of them another mutation of `good`.
  void Run(TwoHopStrategy strategy, std::string_view good, std::size_t wanted) {
    TwoHopOptions options{.strategy = strategy};
    options.edge_walk.cache_size = 0;
    options.demand_search.cache_size = 0;
    options.demand_search.min_demand_similarity = -2.0F;
    std::size_t answers = 0;
    chat_.AnswerWith([&](const ChatRequest&) -> Result<ChatReply> {
      AnswerMutator mutator(Rng(7).Fork("answer", answers++));
      return chat_.MakeReply(mutator.Mutate(good));
    });
    ASSERT_OK_AND_ASSIGN(
        const auto generator,
        MakeTwoHopGenerator(chat_, embedder_, {space_, prompts_, nullptr}, options, clock_));
    while (answers < wanted && !HasFailure()) {
      ASSERT_OK_AND_ASSIGN(const Generation generation, generator->Generate(user_, {}));
      ExpectContract(generation.interests);
      stored_ += generation.interests.interests.size();
    }
  }

  void ExpectContract(const InterestSet& set) {
    std::vector<std::string> seen;
    for (const LatentInterest& interest : set.interests) {
      EXPECT_TRUE(space_->taxonomy().FindById(interest.category_id).has_value());
      EXPECT_THAT(seen, Not(Contains(interest.category_id)));
      seen.push_back(interest.category_id);
      EXPECT_NE(interest.level1, "Outdoors");
      EXPECT_FALSE(prompts_->blocklist.Blocks(interest.category_label));
      EXPECT_FALSE(prompts_->blocklist.Blocks(interest.demand)) << interest.demand;
      EXPECT_FALSE(prompts_->screen.Refuses(interest.demand)) << interest.demand;
      EXPECT_TRUE(IsValidUtf8(interest.demand));
      EXPECT_TRUE(interest.confidence >= 0.0F && interest.confidence <= 1.0F);
      EXPECT_FALSE(interest.searches.empty());
      for (const std::string& search : interest.searches) {
        EXPECT_THAT(search, AnyOf("tent", "head torch"));
      }
      ExpectPath(interest, set.graph);
    }
    EXPECT_LE(set.interests.size(), FilterOptions().max_interests);
  }

  static void ExpectPath(const LatentInterest& interest, const InterestGraph& graph) {
    const auto demand = graph.FindNode(NodeKind::kDemand, interest.demand);
    const auto category = graph.FindNode(NodeKind::kCategory, interest.category_label);
    ASSERT_TRUE(demand && category);
    EXPECT_THAT(graph.edges(), Contains(GraphEdge{*demand, *category, interest.relation}));
  }

  FakeChatClient chat_;
  FakeEmbeddingClient embedder_;
  ManualClock clock_;
  std::shared_ptr<const CategorySpace> space_ = SmallShopSpace();
  std::shared_ptr<const PromptSet> prompts_ = std::make_shared<const PromptSet>(
      *LoadPromptSet(std::filesystem::path(TWOHOP_SOURCE_DIR) / "prompts"));
  UserContext user_{.profile = {},
                    .searches = {{.query = "tent"}, {.query = "head torch"}},
                    .clicked_level1 = {"Outdoors"}};
  std::size_t stored_ = 0;
};

TEST_F(MutatedAnswersTest, FullTwoHopStoresOnlyWhatKeepsTheContract) {
  Run(TwoHopStrategy::kFullTwoHop, kTwoHopAnswer, kTwoHopAnswers);
  EXPECT_GT(stored_, 1000U);  // The answers are not all nonsense.
}

TEST_F(MutatedAnswersTest, DemandSearchStoresOnlyWhatKeepsTheContract) {
  Run(TwoHopStrategy::kDemandSearch, kDemandAnswer, kDemandAnswers);
  EXPECT_GT(stored_, 200U);
}

TEST_F(MutatedAnswersTest, HopByHopStoresOnlyWhatKeepsTheContract) {
  Run(TwoHopStrategy::kHopByHop, kListAnswer, kListAnswers);
  EXPECT_GT(stored_, 200U);
}

}  // namespace
}  // namespace twohop
