// Bodies of requests.

#pragma once

#include <initializer_list>
#include <string_view>

#include "twohop/base/json.h"
#include "twohop/base/result.h"

namespace twohop::serving_internal {

// The body as an object that has none but the `known` fields.
//
// Errors: kInvalidArgument, with the position if it is not JSON, or naming the unknown field.
Result<Json> ParseBody(std::string_view body, std::initializer_list<std::string_view> known);

}  // namespace twohop::serving_internal
