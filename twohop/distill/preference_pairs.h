// Better and worse answers to one question, for preference optimisation.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/distill/labels.h"
#include "twohop/distill/trace.h"
#include "twohop/distill/training_rows.h"
#include "twohop/llm/chat_client.h"

namespace twohop {

enum class PairSource : std::uint8_t {
  kLabels,  // A judge scored what a model answered.
  kEdges,   // What a demand calls for against what is a stretch.
  kScores,  // PairAnswers: votes, feedback or any other score.
};
inline constexpr std::size_t kPairSourceCount = 3;

std::string_view PairSourceName(PairSource source);  // "labels"

struct PreferencePair {
  PairSource source = PairSource::kScores;
  std::vector<ChatMessage> prompt;  // As inference sends it; the last message is the user's.
  std::string chosen;               // The assistant's better reply ...
  std::string rejected;             // ... and the worse one; never equal.

  friend bool operator==(const PreferencePair&, const PreferencePair&) = default;
};

// One answer and what it earned: votes of the agents of a debate, clicks that its interests brought
// a user, likes minus dislikes.
struct ScoredAnswer {
  std::string text;
  double score = 0.0;  // Larger is better; finite. Only differences count.
};

struct PairOptions {
  // Two answers whose scores are less apart say nothing; in units of the score, above 0.
  double min_margin = 1.0;
  std::size_t max_pairs =
      4;  // Of one question, so that a question with many answers weighs no more.
};

// The pairs of different answers whose scores are at least the margin apart, widest first, ties in
// the order of the answers; at most max_pairs. This is the door for votes and for feedback of
// users: whoever records them brings the prompt and what each answer earned. Pure.
//
// REQUIRES: min_margin > 0; scores are finite.
std::vector<PreferencePair> PairAnswers(const std::vector<ChatMessage>& prompt,
                                        std::span<const ScoredAnswer> answers,
                                        const PairOptions& options = {});

// Hop 2 pairs, one for each demand with a stretch. Chosen: what it plainly calls for, in an order
// drawn by DrawOrder. Rejected: the same list in which stretches stand in the place of as many
// categories as there are, but of half of the list at most, so that the two differ in nothing else.
//
// REQUIRES: options.Validate() is OK.
std::vector<PreferencePair> PairsFromEdges(std::span<const DemandEdges> edges,
                                           const Taxonomy& taxonomy, const PromptSet& prompts,
                                           const RowOptions& options);

// Hop 2 pairs, at most one for each demand of an answer whose user is labelled. Chosen: those of
// its categories that score 2, and if it is the answer's only demand, all others of the user that
// score 2 after them. Rejected: those that score 1 or 0, best first. A demand that lacks one or the
// other gives none: labels belong to a user and do not say which demand a category serves.
//
// REQUIRES: options.Validate() is OK.
std::vector<PreferencePair> PairsFromLabels(std::span<const LabelledUser> labels,
                                            std::span<const Trace> answers,
                                            const Taxonomy& taxonomy, const PromptSet& prompts,
                                            const RowOptions& options);

}  // namespace twohop
