// From a user to latent interests.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/base/clock.h"
#include "twohop/base/result.h"
#include "twohop/domain/debate_record.h"
#include "twohop/domain/interest_feedback.h"
#include "twohop/domain/latent_interest.h"
#include "twohop/domain/user.h"
#include "twohop/llm/chat_client.h"
#include "twohop/reasoning/proposal_explanation.h"

namespace twohop {

struct RecentSearch {
  std::string query;  // Untrusted text.
  std::chrono::days age{0};
};

// All that reasoning may look at.
struct UserContext {
  UserProfile profile;
  std::vector<RecentSearch> searches;       // Newest first.
  // Labels of categories that the user looks at much, most first; v1 beside the searches. Empty
  // unless the caller wants them to count.
  std::vector<std::string> browsed = {};
  std::vector<std::string> clicked_level1;  // Names; a category under one of them is not novel.
  InterestWeights feedback;                 // What the user thought of earlier interests.
};

// Why a proposal did not become an interest, in the order in which the filters run.
enum class RejectReason : std::uint8_t {
  kSchema,           // The reply or this entry is not what the prompt asks for.
  kRelation,         // An edge that IsLegalEdge refuses.
  kUnknownCategory,  // Not in the taxonomy, nor near enough to anything in it.
  kBlocked,          // A sensitive inference: medical, religion, politics, sexuality.
  kNotNovel,         // Its level-1 category is among the user's clicks.
  kFeedback,         // The user does not want it: the category, or the demand behind it.
  kDuplicate,        // The same category, or nearly the same vector, stands further up.
  kOverCap,          // Beyond the limit per user or per level-1 category.
};
inline constexpr std::size_t kRejectReasonCount = 8;

std::string_view RejectReasonName(RejectReason reason);  // "unknown_category"

using RejectCounts = std::array<std::uint64_t, kRejectReasonCount>;  // Indexed by RejectReason.

struct Generation {
  InterestSet interests;  // May be empty: what the model proposed did not stand.
  RejectCounts rejected{};
  TokenUsage usage;
  std::optional<DebateRecord> debate;  // If several agents were asked.
  // What became of EdgeWalkOptions::asked; nothing if no category was asked about.
  std::optional<ProposalExplanation> explanation;
};

// Near-line only: one call takes seconds and costs tokens. The online path reads stored results.
//
// Implementations are thread-safe.
class InterestGenerator {
 public:
  virtual ~InterestGenerator() = default;

  // For every interest returned: its category is in the taxonomy and occurs once, its level-1 is
  // not among clicked_level1, its weight in `feedback` is above 0, its demand leads back to at
  // least one of the searches or categories browsed, and its path is in the graph. A user without
  // either gets an empty result without a call.
  //
  // Errors: those of ChatClient::Complete and EmbeddingClient::Embed. A reply that does not parse
  // is asked for again a limited number of times and then counts as empty (kSchema); never an
  // error.
  virtual Result<Generation> Generate(const UserContext& user, std::stop_token stop) = 0;
};

}  // namespace twohop
