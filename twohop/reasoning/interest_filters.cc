#include "twohop/reasoning/interest_filters.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace twohop {
namespace {

bool ComesFirst(const Proposal& a, const Proposal& b) {
  if (a.confidence != b.confidence) return a.confidence > b.confidence;
  if (!a.category || !b.category) return a.category.has_value() && !b.category.has_value();
  return a.category->category < b.category->category;
}

// May go above 1, so that order is kept among those that gain; Keep() cuts it.
void Weigh(std::vector<Proposal>& proposals, const FilterContext& context) {
  if (context.feedback == nullptr || context.feedback->empty()) return;
  for (Proposal& proposal : proposals) {
    if (!proposal.category) continue;
    const Category& category = context.space.taxonomy().at(proposal.category->category);
    proposal.confidence *= context.feedback->Of(proposal.demand, category.id);
  }
}

// Judges proposals in order of confidence against those that it has kept.
class Filter {
 public:
  Filter(const FilterContext& context, const FilterOptions& options)
      : context_(context), options_(options), per_level1_(context.shown_level1.size()) {}

  std::optional<RejectReason> Judge(const Proposal& proposal) const {
    if (context_.screen != nullptr && context_.screen->Refuses(proposal.demand)) {
      return RejectReason::kSchema;
    }
    if (!IsLegalEdge(NodeKind::kDemand, proposal.relation, NodeKind::kCategory)) {
      return RejectReason::kRelation;
    }
    if (!proposal.category) return RejectReason::kUnknownCategory;
    if (IsBlocked(proposal)) return RejectReason::kBlocked;
    const std::size_t level1 = Level1Of(proposal);
    if (context_.shown_level1[level1]) return RejectReason::kNotNovel;
    if (IsUnwanted(proposal)) return RejectReason::kFeedback;
    if (IsDuplicate(proposal.category->category)) return RejectReason::kDuplicate;
    if (kept_.size() >= options_.max_interests || per_level1_[level1] >= options_.max_per_level1) {
      return RejectReason::kOverCap;
    }
    return std::nullopt;
  }

  void Keep(Proposal proposal) {
    ++per_level1_[Level1Of(proposal)];
    proposal.confidence = std::min(proposal.confidence, 1.0F);
    kept_.push_back(std::move(proposal));
  }

  // Leaves one where a single level-1 carries the whole set; returns how many were dropped.
  std::size_t DropMonoculture() {
    if (kept_.size() < 2 || per_level1_[Level1Of(kept_.front())] < kept_.size()) return 0;
    const std::size_t dropped = kept_.size() - 1;
    kept_.resize(1);
    return dropped;
  }

  std::vector<Proposal> Take() && { return std::move(kept_); }

 private:
  std::size_t Level1Of(const Proposal& proposal) const {
    return context_.space.taxonomy().level1_of(proposal.category->category).value();
  }

  bool IsBlocked(const Proposal& proposal) const {
    const Category& category = context_.space.taxonomy().at(proposal.category->category);
    return (context_.sensitive != nullptr && context_.sensitive->contains(proposal.demand)) ||
           context_.blocklist.Blocks(proposal.demand) ||
           context_.blocklist.Blocks(category.level1) ||
           context_.blocklist.Blocks(category.level2) || context_.blocklist.Blocks(category.level3);
  }

  bool IsUnwanted(const Proposal& proposal) const {
    const Category& category = context_.space.taxonomy().at(proposal.category->category);
    return context_.feedback != nullptr &&
           context_.feedback->Of(proposal.demand, category.id) == 0.0F;
  }

  bool IsDuplicate(CategoryIndex category) const {
    return std::any_of(kept_.begin(), kept_.end(), [&](const Proposal& other) {
      const CategoryIndex known = other.category->category;
      return known == category ||
             Dot(context_.space.vector(known), context_.space.vector(category)) >=
                 options_.duplicate_similarity;
    });
  }

  const FilterContext& context_;
  const FilterOptions& options_;
  std::vector<Proposal> kept_;
  std::vector<std::size_t> per_level1_;
};

}  // namespace

std::vector<Proposal> FilterProposals(std::vector<Proposal> proposals, const FilterContext& context,
                                      const FilterOptions& options, RejectCounts& rejected) {
  Weigh(proposals, context);
  std::stable_sort(proposals.begin(), proposals.end(), ComesFirst);
  Filter filter(context, options);
  for (Proposal& proposal : proposals) {
    if (const auto reason = filter.Judge(proposal)) {
      Count(*reason, rejected);
    } else {
      filter.Keep(std::move(proposal));
    }
  }
  Count(RejectReason::kOverCap, rejected, filter.DropMonoculture());
  return std::move(filter).Take();
}

void Count(RejectReason reason, RejectCounts& rejected, std::uint64_t times) {
  rejected[static_cast<std::size_t>(reason)] += times;
}

void CountAll(const RejectCounts& more, RejectCounts& rejected) {
  for (std::size_t i = 0; i < kRejectReasonCount; ++i) rejected[i] += more[i];
}

}  // namespace twohop
