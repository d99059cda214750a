// One user as JSON: the rules that files and the HTTP API share.

#pragma once

#include "twohop/base/json.h"
#include "twohop/base/result.h"
#include "twohop/domain/user.h"

namespace twohop {

// Reads {"id", "age_group", "gender"}; see docs/formats.md. Other fields are ignored.
//
// Errors: kInvalidArgument, naming the field, if a rule is broken.
Result<UserProfile> ParseUserJson(const Json& json);

}  // namespace twohop
