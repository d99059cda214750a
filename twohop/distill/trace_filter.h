// Between what a teacher answered and what is kept of it.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "twohop/base/json.h"
#include "twohop/distill/trace.h"
#include "twohop/domain/taxonomy.h"
#include "twohop/reasoning/blocklist.h"
#include "twohop/reasoning/interest_generator.h"

namespace twohop {

// Why a part of an answer was left out.
enum class TraceFault : std::uint8_t {
  kDemandForm,        // A demand without text or an id of its own, or too long.
  kDemandUngrounded,  // From nothing that the user searched for.
  kDemandRepeats,     // Says no more than a search that it is from.
  kDemandBlocked,     // A sensitive inference: medical, religion, politics, sexuality.
  kInterestForm,      // An interest without category or demand.
  kUnknownCategory,   // A name that the taxonomy does not have; nothing is guessed.
  kNoDemand,          // From a demand that is not there or was left out.
  kRelation,          // An edge that IsLegalEdge refuses.
  kInterestBlocked,   // As kDemandBlocked, by the category's names.
  kNotNovel,          // Its level-1 category is among the user's clicks.
  kDuplicate,         // The same category stands further up.
  kReasoningBlocked,  // The reasoning holds a sensitive word, if only in a quoted rule.
};
inline constexpr std::size_t kTraceFaultCount = 12;

std::string_view TraceFaultName(TraceFault fault);  // "unknown_category"

using TraceFaultCounts = std::array<std::uint64_t, kTraceFaultCount>;  // Indexed by TraceFault.

// Why a user got no trace.
enum class TraceReject : std::uint8_t {
  kNoSearch,         // No search that may be shown to a model; nobody was asked.
  kNothingNew,       // The user knows all parts of the shop; nobody was asked.
  kTruncated,        // The reply was cut, with the larger limit too.
  kNoAnswer,         // The reply holds no JSON object with demands and interests: prose, mostly.
  kTooFewDemands,    // Less than kMinTraceDemands stood.
  kTooFewInterests,  // Less than kMinTraceInterests stood.
};
inline constexpr std::size_t kTraceRejectCount = 6;

std::string_view TraceRejectName(TraceReject reject);  // "too_few_interests"

inline constexpr std::size_t kMinTraceDemands = 1;
inline constexpr std::size_t kMinTraceInterests = 2;

struct TraceReview {
  Trace trace;  // What stands; all that ParseTrace demands, whatever `reject` says.
  TraceFaultCounts faults{};
  std::optional<TraceReject> reject;  // kTooFewDemands or kTooFewInterests.
};

// What stands of `answer`, in its order:
//   - demands that name a search of `user` (compared in the form of NormalizeName, kept as the user
//     typed it), say more than it, and are not sensitive;
//   - interests in a category of the taxonomy (FindByName) under none of user.clicked_level1, each
//     category once, from a demand that stands.
// A part that does not is left out and counted under the first fault that applies. The reasoning is
// the answer's, or `thought` if it has none; a very long one is cut.
//
// A pure function. `answer` is untrusted; REQUIRES: it is an object.
TraceReview ReviewTeacherAnswer(const Json& answer, std::string_view thought,
                                const UserContext& user, const Taxonomy& taxonomy,
                                const Blocklist& blocklist);

// The last JSON object in `reply` with the lists "demands" and "interests": a model that corrects
// itself does so further down. Prose and code fences around it do not matter. Nothing if there is
// none, it is not whole, or the reply is longer than 64 KiB.
std::optional<Json> FindTeacherAnswer(std::string_view reply);

}  // namespace twohop
