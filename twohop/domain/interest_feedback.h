// What a user thinks of latent interests, and how much each interest weighs for it.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/base/clock.h"
#include "twohop/domain/event.h"

namespace twohop {

// Event::channel of an item that a latent interest brought.
inline constexpr std::string_view kNoveltyChannel = "novelty";
// What is older counts no more: people change, and a category gets another chance.
inline constexpr std::chrono::days kFeedbackMemory{90};
// No interest gains more than this by feedback.
inline constexpr float kMaxFeedbackWeight = 1.5F;

// What the user said about one interest.
struct FeedbackRecord {
  FeedbackVerdict verdict = FeedbackVerdict::kAccept;
  std::string category_id;
  std::string demand;  // Empty if not known.
  TimePoint time;

  friend bool operator==(const FeedbackRecord&, const FeedbackRecord&) = default;
};

// What came of the items of one category that the novelty channel brought.
struct NoveltyOutcome {
  std::string category_id;  // Of the items.
  std::uint64_t exposures = 0;
  std::uint64_t clicks = 0;
  std::uint64_t unanswered = 0;  // Exposures since the last click, within kFeedbackMemory of each
                                 // other.
  TimePoint newest;              // Exposure or click.

  friend bool operator==(const NoveltyOutcome&, const NoveltyOutcome&) = default;
};

struct InterestFeedback {
  std::vector<FeedbackRecord> given;     // Newest first.
  std::vector<NoveltyOutcome> outcomes;  // Newest first; each category once.

  friend bool operator==(const InterestFeedback&, const InterestFeedback&) = default;
};

struct FeedbackPolicy {
  std::chrono::days memory = kFeedbackMemory;
  float accept = 1.25F;         // Factor of an accepted category, and of its demand for each one.
  float reject = 0.7F;          // Factor of a demand for each of its categories that was rejected.
  float click = 1.1F;           // Factor of a category whose items were clicked.
  std::uint64_t patience = 10;  // So many unanswered exposures halve a category's weight, and so
                                // many more halve it again; at least 1.
  float floor = 0.2F;           // A category that exposures bring below it is out. Rejected
                                // categories never bring a demand below it.
};

enum class FeedbackCause : std::uint8_t { kAccepted, kRejected, kClicked, kIgnored };

struct CategoryWeight {
  float weight = 1.0F;  // 0: out.
  FeedbackCause cause = FeedbackCause::kAccepted;
  TimePoint time;           // Of the feedback, or of the newest exposure or click.
  std::uint64_t count = 0;  // Clicks for kClicked, unanswered exposures for kIgnored.

  friend bool operator==(const CategoryWeight&, const CategoryWeight&) = default;
};

struct DemandWeight {
  float weight = 1.0F;         // 0: not this direction.
  std::uint32_t accepted = 0;  // Of its categories.
  std::uint32_t rejected = 0;  // Likewise.
  std::optional<TimePoint> dropped;

  friend bool operator==(const DemandWeight&, const DemandWeight&) = default;
};

// The factors by which feedback multiplies confidences. What is not in them has 1.
struct InterestWeights {
  std::map<std::string, CategoryWeight, std::less<>> categories;  // By Category::id.
  // By NormalizeName of the demand: another wording of the same need is another demand.
  std::map<std::string, DemandWeight, std::less<>> demands;

  bool empty() const { return categories.empty() && demands.empty(); }

  // Of a category that was reached through `demand`: in [0, kMaxFeedbackWeight]; 0 is never to be
  // shown.
  float Of(std::string_view demand, std::string_view category_id) const;

  // Why it is not 1, for a person: "shown 20 times without a click". Empty if nothing is known.
  std::string Reason(std::string_view demand, std::string_view category_id) const;

  friend bool operator==(const InterestWeights&, const InterestWeights&) = default;
};

// What feedback comes to at `now`. A pure function of its arguments.
//
//   - A rejected category is out, whatever the demand; an accepted one gains. The newest of both
//     counts, and either counts more than what was clicked or not.
//   - A demand that is not the user's direction is out, and with it what is reached through it
//     alone, until a category of it is accepted again. Otherwise it gains with each accepted
//     category and loses with each rejected one.
//   - "Not this direction" about an interest of unknown demand rejects the category.
//   - Items shown again and again without a click bring their category down, and then out.
InterestWeights WeighFeedback(const InterestFeedback& feedback, TimePoint now,
                              const FeedbackPolicy& policy = {});

}  // namespace twohop
