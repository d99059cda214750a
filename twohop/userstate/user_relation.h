// The pair check over what is stored of a user.

#pragma once

#include "twohop/base/json.h"
#include "twohop/domain/pair_relation.h"
#include "twohop/userstate/user_state.h"

namespace twohop {

// Whether this user's searches lead to the category; see RelatePair.
//
// REQUIRES: the category is of the taxonomy.
PairRelation RelateUser(const UserState& user, const Taxonomy& taxonomy, CategoryIndex category);

// {"user", ...}: PairRelationToJson of RelateUser.
Json UserRelationToJson(const UserState& user, const Taxonomy& taxonomy, CategoryIndex category);

// {"user", "interests_created", "relations"}, the latter as RelateAllInterests; null and [] until
// reasoning succeeded once.
Json UserRelationsToJson(const UserState& user, const Taxonomy& taxonomy);

}  // namespace twohop
