// What the channels get to see of a user.

#pragma once

#include <optional>
#include <span>

#include "twohop/base/clock.h"
#include "twohop/base/embeddings.h"
#include "twohop/base/result.h"
#include "twohop/recall/channel.h"
#include "twohop/recall/recaller.h"
#include "twohop/userstate/user_state.h"

namespace twohop::recall_internal {

// True if nothing but the id is there to go by.
bool IsUnknown(const UserState& user);

struct UserInput {
  ChannelInput channels;
  // Why channels.interests is empty, if it is.
  std::optional<Degradation> missing_interests;
};

// Borrows from `bundle` and `user`.
UserInput MakeUserInput(const Bundle& bundle, const UserState& user,
                        std::span<const ItemId> exclude, const RecallerOptions& options,
                        TimePoint now);

// True if the item's level-1 category is not among the user's last clicks.
bool IsNovel(const ChannelInput& input, ItemIndex item);

// float32 [input.interests.size(), D]: the user under each interest.
//
// Errors: those of the model.
Result<Embeddings> EmbedInterests(const ChannelInput& input);

}  // namespace twohop::recall_internal
