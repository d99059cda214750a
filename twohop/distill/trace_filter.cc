#include "twohop/distill/trace_filter.h"

#include <algorithm>
#include <unordered_map>
#include <utility>
#include <vector>

#include "twohop/base/text.h"
#include "twohop/reasoning/category_space.h"
#include "twohop/reasoning/demand_writer.h"
#include "twohop/reasoning/reply_parser.h"
#include "twohop/reasoning/search_text.h"

namespace twohop {
namespace {

constexpr std::size_t kMaxReplyBytes = std::size_t{64} << 10U;
constexpr std::size_t kMaxReasoningBytes = std::size_t{32} << 10U;
constexpr std::size_t kMaxDemandBytes = 96;
// Each costs a scan of the rest of the reply; a good one has some 20 brackets.
constexpr std::size_t kMaxObjectsTried = 256;

constexpr std::array<std::string_view, kTraceFaultCount> kFaultNames{
    "demand_form",      "demand_ungrounded", "demand_repeats",     "demand_blocked",
    "interest_form",    "unknown_category",  "no_demand",          "relation",
    "interest_blocked", "not_novel",         "duplicate_category", "reasoning_blocked"};
constexpr std::array<std::string_view, kTraceRejectCount> kRejectNames{
    "no_search", "nothing_new", "truncated", "no_answer", "too_few_demands", "too_few_interests"};

bool IsBlockedCategory(const Category& category, const Blocklist& blocklist) {
  return blocklist.Blocks(category.level1) || blocklist.Blocks(category.level2) ||
         blocklist.Blocks(category.level3);
}

// Looks at the parts of one answer in their order and keeps those that stand.
class Reviewer {
 public:
  Reviewer(const UserContext& user, const Taxonomy& taxonomy, const Blocklist& blocklist)
      : taxonomy_(taxonomy),
        blocklist_(blocklist),
        known_level1_(MarkLevel1(taxonomy, user.clicked_level1)) {
    review_.trace.user = user;
    for (const RecentSearch& search : user.searches) {
      searches_.emplace(NormalizeName(search.query), search.query);
    }
  }

  void TakeReasoning(std::string_view reasoning) {
    reasoning = Trim(reasoning);
    if (blocklist_.Blocks(reasoning)) return Count(TraceFault::kReasoningBlocked);
    review_.trace.reasoning = Ellipsize(reasoning, kMaxReasoningBytes);
  }

  void TakeDemand(const Json& json) {
    if (const auto fault = AddDemand(json)) Count(*fault);
  }

  void TakeInterest(const Json& json) {
    if (const auto fault = AddInterest(json)) Count(*fault);
  }

  TraceReview Finish() && {
    if (review_.trace.demands.size() < kMinTraceDemands) {
      review_.reject = TraceReject::kTooFewDemands;
    } else if (review_.trace.interests.size() < kMinTraceInterests) {
      review_.reject = TraceReject::kTooFewInterests;
    }
    return std::move(review_);
  }

 private:
  void Count(TraceFault fault) { ++review_.faults[static_cast<std::size_t>(fault)]; }

  std::optional<TraceFault> AddDemand(const Json& json) {
    if (!json.is_object()) return TraceFault::kDemandForm;
    const auto id = RequireString(json, "id");
    const auto text = RequireString(json, "text");
    const auto from = OptionalStrings(json, "from");
    if (!id || !text || !from || text->size() > kMaxDemandBytes || demands_.contains(*id)) {
      return TraceFault::kDemandForm;
    }
    TraceDemand demand{.text = CleanSearch(*text, kMaxDemandBytes), .searches = OwnSearches(*from)};
    if (NormalizeName(demand.text).empty()) return TraceFault::kDemandForm;
    if (demand.searches.empty()) return TraceFault::kDemandUngrounded;
    if (Repeats(demand)) return TraceFault::kDemandRepeats;
    if (blocklist_.Blocks(demand.text)) return TraceFault::kDemandBlocked;
    demands_.emplace(*id, review_.trace.demands.size());
    review_.trace.demands.push_back(std::move(demand));
    return std::nullopt;
  }

  // Those of `from` that the user made, as the user typed them, each once.
  std::vector<std::string> OwnSearches(const std::vector<std::string>& from) const {
    std::vector<std::string> own;
    for (const std::string& search : from) {
      const auto found = searches_.find(NormalizeName(search));
      if (found == searches_.end()) continue;
      if (std::find(own.begin(), own.end(), found->second) == own.end()) {
        own.push_back(found->second);
      }
    }
    return own;
  }

  static bool Repeats(const TraceDemand& demand) {
    return std::any_of(
        demand.searches.begin(), demand.searches.end(),
        [&](const std::string& search) { return RepeatsSearch(demand.text, search); });
  }

  std::optional<TraceFault> AddInterest(const Json& json) {
    if (!json.is_object()) return TraceFault::kInterestForm;
    const auto name = RequireString(json, "category");
    const auto from = RequireString(json, "from");
    const auto relation = OptionalString(json, "relation", "co_hyponym");
    if (!name || !from) return TraceFault::kInterestForm;
    const auto category = taxonomy_.FindByName(*name);
    if (!category) return TraceFault::kUnknownCategory;
    const auto demand = demands_.find(*from);
    if (demand == demands_.end()) return TraceFault::kNoDemand;
    const auto edge = relation ? FindEdgeRelation(*relation) : std::nullopt;
    if (!edge || !IsLegalEdge(NodeKind::kDemand, *edge, NodeKind::kCategory)) {
      return TraceFault::kRelation;
    }
    if (const auto fault = JudgeCategory(*category)) return fault;
    review_.trace.interests.push_back(
        {.category = *category, .demand = demand->second, .relation = *edge});
    return std::nullopt;
  }

  std::optional<TraceFault> JudgeCategory(CategoryIndex category) const {
    if (IsBlockedCategory(taxonomy_.at(category), blocklist_)) return TraceFault::kInterestBlocked;
    if (known_level1_[taxonomy_.level1_of(category).value()]) return TraceFault::kNotNovel;
    const auto& kept = review_.trace.interests;
    const bool twice = std::any_of(kept.begin(), kept.end(), [&](const TraceInterest& other) {
      return other.category == category;
    });
    return twice ? std::optional(TraceFault::kDuplicate) : std::nullopt;
  }

  const Taxonomy& taxonomy_;
  const Blocklist& blocklist_;
  const std::vector<bool> known_level1_;
  std::unordered_map<std::string, std::string> searches_;  // By NormalizeName.
  std::unordered_map<std::string, std::size_t>
      demands_;  // Position of a demand, by the answer's id.
  TraceReview review_;
};

bool IsAnswer(const Json& json) {
  if (!json.is_object()) return false;
  const auto demands = json.find("demands");
  const auto interests = json.find("interests");
  return demands != json.end() && demands->is_array() && interests != json.end() &&
         interests->is_array();
}

}  // namespace

std::string_view TraceFaultName(TraceFault fault) {
  return kFaultNames[static_cast<std::size_t>(fault)];
}

std::string_view TraceRejectName(TraceReject reject) {
  return kRejectNames[static_cast<std::size_t>(reject)];
}

TraceReview ReviewTeacherAnswer(const Json& answer, std::string_view thought,
                                const UserContext& user, const Taxonomy& taxonomy,
                                const Blocklist& blocklist) {
  Reviewer reviewer(user, taxonomy, blocklist);
  const std::string reasoning = RequireString(answer, "reasoning").value_or("");
  reviewer.TakeReasoning(Trim(reasoning).empty() ? thought : std::string_view(reasoning));
  if (!IsAnswer(answer)) return std::move(reviewer).Finish();
  for (const Json& demand : answer["demands"]) reviewer.TakeDemand(demand);
  for (const Json& interest : answer["interests"]) reviewer.TakeInterest(interest);
  return std::move(reviewer).Finish();
}

std::optional<Json> FindTeacherAnswer(std::string_view reply) {
  if (reply.size() > kMaxReplyBytes) return std::nullopt;
  std::optional<Json> last;
  std::size_t at = reply.find('{');
  for (std::size_t tried = 0; at != std::string_view::npos && tried < kMaxObjectsTried; ++tried) {
    const std::string_view object = LeadingJsonValue(reply.substr(at));
    auto json = ParseJson(object);
    const bool found = json.has_value() && IsAnswer(*json);
    if (found) last = *std::move(json);
    at = reply.find('{', at + (found ? object.size() : 1));
  }
  return last;
}

}  // namespace twohop
