// Why a category is among a user's interests or not, as far as shared edges decide it.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/domain/ids.h"
#include "twohop/domain/interest_graph.h"

namespace twohop {

// How far the category came; the first of these that holds.
enum class ProposalVerdict : std::uint8_t {
  kNoSearches,   // The user has none that reasoning may look at.
  kNotReached,   // No demand behind the searches calls for it.
  kRejected,     // By a filter.
  kSearchedFor,  // A search means this very category: nothing latent.
  kStands,       // It is among the interests that the edges give now.
  kLevel1Full,   // Surer categories have the places of its level-1 category.
  kBelowBest,    // Surer categories have all places.
};

std::string_view ProposalVerdictName(ProposalVerdict verdict);  // "below_best"

struct ProposalExplanation {
  ProposalVerdict verdict = ProposalVerdict::kNoSearches;
  std::string rejected;  // RejectReasonName, if the verdict is kRejected.

  // The path that contributes most. Empty where nothing leads there, and where the path is a
  // sensitive inference, which is not told.
  std::vector<std::string> searches;
  std::string demand;
  EdgeRelation relation = EdgeRelation::kCoHyponym;
  float confidence = 0.0F;   // In [0, 1], of all paths together.
  std::size_t rank = 0;      // From 1, among all categories that are reached, surest first; known
                             // ones too. 0: not reached.
  std::size_t reached = 0;   // How many are; 0 if this one is not.
  std::size_t proposed = 0;  // How many of them were proposed.

  // What has its place: of kLevel1Full, kBelowBest and the filters "duplicate" and "over_cap".
  // Surest first.
  std::vector<CategoryIndex> ahead;

  friend bool operator==(const ProposalExplanation&, const ProposalExplanation&) = default;
};

}  // namespace twohop
