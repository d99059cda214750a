#include "twohop/serving/internal/json_body.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "twohop/base/text.h"

namespace twohop::serving_internal {

Result<Json> ParseBody(std::string_view body, std::initializer_list<std::string_view> known) {
  TWOHOP_ASSIGN_OR_RETURN(Json json, ParseJson(body));
  if (!json.is_object()) {
    return InvalidArgument(fmt::format("body must be an object, is {}", json.type_name()));
  }
  for (const auto& [field, value] : json.items()) {
    if (std::find(known.begin(), known.end(), field) != known.end()) continue;
    return InvalidArgument(fmt::format("unknown field \"{}\"; known are {}", Ellipsize(field, 60),
                                       fmt::join(known, ", ")));
  }
  return json;
}

}  // namespace twohop::serving_internal
