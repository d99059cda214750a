// A recall as a person reads it.

#pragma once

#include <string>

#include "twohop/domain/catalog.h"
#include "twohop/recall/recaller.h"
#include "twohop/userstate/user_state.h"

namespace twohop::app {

// Who the user is and what they did lately, a few lines.
std::string DescribeUser(const UserState& user);

// Their latent interests with path, grounding and confidence; a line if there are none.
std::string DescribeInterests(const UserState& user);

// The items as a table, each with its channel and reason, and what was missing, if anything was.
std::string DescribeRecall(const RecallResponse& response, const Catalog& catalog);

}  // namespace twohop::app
