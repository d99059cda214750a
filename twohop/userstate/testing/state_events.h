// Events for tests of user states, in few words.

#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "twohop/base/rng.h"
#include "twohop/domain/latent_interest.h"
#include "twohop/userstate/user_state_store.h"

namespace twohop {

// `minutes` after the start of all tests.
TimePoint TestTime(int minutes);

StateEvent ClickEvent(std::string_view user, std::string_view item, int minutes,
                      std::string_view level1 = "Kitchen");
StateEvent SearchStateEvent(std::string_view user, std::string_view query, int minutes);
StateEvent ExposureEvent(std::string_view user, std::string_view item, int minutes);
StateEvent FeedbackStateEvent(std::string_view user, FeedbackVerdict verdict,
                              std::string_view category_id, std::string_view demand, int minutes);
// An exposure or a click of an item of that category by the novelty channel.
StateEvent NoveltyEvent(EventType type, std::string_view user, std::string_view category_id,
                        int minutes);

// A mixture of searches, exposures, clicks and feedback for `users` users within some 40 days, many
// of them late or at equal times.
std::vector<StateEvent> RandomEvents(std::size_t count, std::size_t users, Rng& rng);

// `count` interests with embeddings of `dim` numbers and the graph that leads to them.
InterestSet MakeInterests(std::size_t count, std::size_t dim, TimePoint created);

}  // namespace twohop
