// The parameters of a request without a body.

#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

#include "twohop/base/result.h"

namespace twohop::serving_internal {

// By name, decoded: "%XX" is a byte and "+" a blank.
using QueryParams = std::map<std::string, std::string, std::less<>>;

// The part of `target` behind its '?': "user=u1&category=Desk+Lamps". Every parameter has a value,
// which may be empty.
//
// Errors: kInvalidArgument, naming the parameter, if it is none of `known`, occurs twice, has no
// '=', or does not decode to UTF-8.
Result<QueryParams> ParseQuery(std::string_view target,
                               std::initializer_list<std::string_view> known);

}  // namespace twohop::serving_internal
