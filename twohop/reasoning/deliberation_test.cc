#include "twohop/reasoning/deliberation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"

namespace twohop {
namespace {

using testing::SizeIs;

TEST(DeliberationTest, ModesHaveNames) {
  EXPECT_EQ(FindDeliberationMode("single"), DeliberationMode::kSingle);
  EXPECT_EQ(FindDeliberationMode("self_consistency"), DeliberationMode::kSelfConsistency);
  EXPECT_EQ(FindDeliberationMode("debate"), DeliberationMode::kDebate);
  EXPECT_EQ(FindDeliberationMode("quarrel"), std::nullopt);
}

TEST(DeliberationTest, TheFirstSampleIsTheSingleAnswer) {
  const auto samples = ParticipantsOf({.mode = DeliberationMode::kSelfConsistency, .samples = 3},
                                      TwoHopStrategy::kHopByHop);
  ASSERT_THAT(samples, SizeIs(3));
  EXPECT_EQ(samples[0].temperature, 0.0F);
  EXPECT_EQ(samples[0].seed, 0U);
  EXPECT_EQ(samples[2].temperature, 0.7F);
  EXPECT_NE(samples[1].seed, samples[2].seed);
}

TEST(DeliberationTest, ADescriptionTellsApartWhatAnswersDifferently) {
  DeliberationOptions options;
  EXPECT_EQ(DescribeDeliberation(options, TwoHopStrategy::kSharedEdges), "shared_edges");
  options.mode = DeliberationMode::kSelfConsistency;
  EXPECT_EQ(DescribeDeliberation(options, TwoHopStrategy::kHopByHop),
            "self_consistency(hop_by_hop x 3 at 0.7)");
  options.mode = DeliberationMode::kDebate;
  options.agents = {{.name = "A", .strategy = TwoHopStrategy::kFullTwoHop, .persona = "thrifty"},
                    {.name = "B",
                     .strategy = TwoHopStrategy::kFullTwoHop,
                     .persona = {},
                     .temperature = 0.5F,
                     .seed = 2,
                     .weight = 0.5}};
  EXPECT_EQ(DescribeDeliberation(options, TwoHopStrategy::kSharedEdges),
            "debate(full_two_hop as \"thrifty\", full_two_hop at 0.5 seed +2 times 0.5; 2 rounds, "
            "trust 0.3, agreement 0.9)");
}

TEST(DeliberationTest, OptionsOutOfRangeAreRefusedByName) {
  const auto refused = [](const char* text) {
    return FailsWith(ErrorCode::kInvalidArgument, std::string(text));
  };
  DeliberationOptions options;
  EXPECT_THAT(options.Validate(), IsOk());
  options = {.samples = 0};
  EXPECT_THAT(options.Validate(), refused("samples"));
  options = {.agents = {}};
  EXPECT_THAT(options.Validate(), refused("agents"));
  options = {.agents = {{.name = "A"}, {.name = "A"}}};
  EXPECT_THAT(options.Validate(), refused("two agents have the name \"A\""));
  options = {.agents = {{.name = "A"}, {.name = "B", .weight = 0.0}}};
  EXPECT_THAT(options.Validate(), refused("agent 2: weight"));
  options = {.agents = {{.name = ""}}};
  EXPECT_THAT(options.Validate(), refused("agent 1: name"));
  options = {.rounds = 9};
  EXPECT_THAT(options.Validate(), refused("rounds"));
  options = {.trust = -0.5F};
  EXPECT_THAT(options.Validate(), refused("trust"));
}

}  // namespace
}  // namespace twohop
