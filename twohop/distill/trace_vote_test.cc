#include "twohop/distill/trace_vote.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace twohop {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

// One demand a trace, from one search, and what it calls for.
Trace Says(std::string demand, std::string search, const std::vector<std::uint32_t>& categories) {
  Trace trace{.user = {}, .reasoning = demand, .demands = {{demand, {search}}}, .interests = {}};
  for (const std::uint32_t category : categories) {
    trace.interests.push_back({.category = CategoryIndex(category), .demand = 0});
  }
  return trace;
}

std::vector<std::uint32_t> Categories(const Trace& trace) {
  std::vector<std::uint32_t> categories;
  for (const TraceInterest& one : trace.interests) categories.push_back(one.category.value());
  return categories;
}

TEST(TraceVoteTest, KeepsWhatMoreThanHalfNameMostVotesFirst) {
  const std::vector<Trace> traces{Says("a", "x", {1, 2, 3}), Says("b", "x", {3, 4, 2}),
                                  Says("c", "x", {3, 5})};
  EXPECT_THAT(Categories(VoteOnTraces(traces)), ElementsAre(3, 2));
}

TEST(TraceVoteTest, AnInterestHasTheDemandOfTheFirstWhoNamedIt) {
  const std::vector<Trace> traces{Says("a", "x", {1}), Says("b", "y", {2, 1}), Says("c", "z", {2})};
  const Trace trace = VoteOnTraces(traces);
  ASSERT_THAT(Categories(trace), ElementsAre(1, 2));
  EXPECT_EQ(trace.demands[trace.interests[0].demand].text, "a");
  EXPECT_EQ(trace.demands[trace.interests[1].demand].text, "b");
  EXPECT_THAT(trace.demands, SizeIs(2));  // What nobody's interest needs is left out.
}

TEST(TraceVoteTest, EqualDemandsAreOneFromTheSearchesOfBoth) {
  const std::vector<Trace> traces{Says("Sleeping out", "tent", {1}),
                                  Says("sleeping out!", "mat", {2, 1}),
                                  Says("sleeping  out", "tent", {2})};
  const Trace trace = VoteOnTraces(traces);
  ASSERT_THAT(trace.demands, SizeIs(1));
  EXPECT_EQ(trace.demands[0].text, "Sleeping out");
  EXPECT_THAT(trace.demands[0].searches, ElementsAre("tent", "mat"));
}

TEST(TraceVoteTest, TheReasoningIsThatOfTheTraceWithMostOfTheInterests) {
  const std::vector<Trace> traces{Says("a", "x", {1, 7}), Says("b", "x", {1, 2}),
                                  Says("c", "x", {2, 8})};
  EXPECT_EQ(VoteOnTraces(traces).reasoning, "b");
}

TEST(TraceVoteTest, OfOneTraceAllIsKept) {
  const std::vector<Trace> traces{Says("a", "x", {4, 2})};
  EXPECT_THAT(Categories(VoteOnTraces(traces)), ElementsAre(4, 2));
}

}  // namespace
}  // namespace twohop
