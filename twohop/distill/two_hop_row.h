// The training row of both hops in one answer.

#pragma once

#include <optional>
#include <vector>

#include "twohop/distill/training_rows.h"

namespace twohop {

// The messages that inference sends for this user, word for word; a test holds the two together.
// Searches that nothing is left of after cleaning, repeated ones and those beyond the limit do not
// occur.
std::vector<ChatMessage> AskForBothHops(const UserContext& user, const Taxonomy& taxonomy,
                                        const PromptSet& prompts, const RowOptions& options);

// The question with the trace's demands and interests as the reply; nothing if no demand has a
// category that is new to the user.
std::optional<TrainingRow> MakeTwoHopRow(const Trace& trace, const Taxonomy& taxonomy,
                                         const PromptSet& prompts, const RowOptions& options);

}  // namespace twohop
