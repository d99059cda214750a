// The answer to a pair check as JSON.

#pragma once

#include "twohop/base/json.h"
#include "twohop/domain/pair_relation.h"

namespace twohop {

// {"category", "label", "level1", "related", "reason", "message", "paths", "clicks", "nearest",
// "interest_count", "interests_created"}; "reason" is NoRelationName or null, "message"
// RelationInWords, "clicks" and "interests_created" may be null. docs/api.md has the fields.
Json PairRelationToJson(const PairRelation& relation);

}  // namespace twohop
