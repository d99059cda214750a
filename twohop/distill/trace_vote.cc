#include "twohop/distill/trace_vote.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "twohop/base/check.h"
#include "twohop/base/text.h"

namespace twohop {
namespace {

struct Candidate {
  const Trace* trace = nullptr;  // The first that names the category.
  const TraceInterest* interest = nullptr;
  std::size_t votes = 0;
};

// In the order in which they come up.
std::vector<Candidate> CountVotes(std::span<const Trace> traces) {
  std::vector<Candidate> candidates;
  std::map<std::uint32_t, std::size_t> place;
  for (const Trace& trace : traces) {
    for (const TraceInterest& interest : trace.interests) {
      const auto [at, is_new] = place.emplace(interest.category.value(), candidates.size());
      if (is_new) candidates.push_back({.trace = &trace, .interest = &interest});
      ++candidates[at->second].votes;
    }
  }
  return candidates;
}

// Adds the demand, or its searches to an equal one; returns its position.
std::size_t AddDemand(const TraceDemand& demand, std::vector<TraceDemand>& demands) {
  const std::string name = NormalizeName(demand.text);
  const auto same = std::ranges::find_if(
      demands, [&](const TraceDemand& one) { return NormalizeName(one.text) == name; });
  const auto position = static_cast<std::size_t>(same - demands.begin());
  if (same == demands.end()) {
    demands.push_back(demand);
    return position;
  }
  for (const std::string& search : demand.searches) {
    if (std::ranges::find(same->searches, search) == same->searches.end()) {
      same->searches.push_back(search);
    }
  }
  return position;
}

std::size_t CountKept(const Trace& trace, std::span<const Candidate> elected) {
  return static_cast<std::size_t>(std::ranges::count_if(elected, [&](const Candidate& one) {
    return std::ranges::any_of(trace.interests, [&](const TraceInterest& interest) {
      return interest.category == one.interest->category;
    });
  }));
}

}  // namespace

Trace VoteOnTraces(std::span<const Trace> traces) {
  TWOHOP_CHECK(!traces.empty());
  std::vector<Candidate> elected = CountVotes(traces);
  std::erase_if(elected, [&](const Candidate& one) { return 2 * one.votes <= traces.size(); });
  std::ranges::stable_sort(elected, std::greater<>(), &Candidate::votes);
  Trace result{.user = traces.front().user, .reasoning = {}, .demands = {}, .interests = {}};
  for (const Candidate& one : elected) {
    const TraceDemand& demand = one.trace->demands[one.interest->demand];
    result.interests.push_back({.category = one.interest->category,
                                .demand = AddDemand(demand, result.demands),
                                .relation = one.interest->relation});
  }
  result.reasoning = std::ranges::max_element(traces, std::less<>(), [&](const Trace& trace) {
                       return CountKept(trace, elected);
                     })->reasoning;
  return result;
}

}  // namespace twohop
