// JSON at the edges: parsing without exceptions, and fields that name themselves when wrong.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "twohop/base/result.h"

namespace twohop {

using Json = nlohmann::json;

// Errors: kInvalidArgument if `text` is not one JSON value in UTF-8, at most 256 levels deep.
Result<Json> ParseJson(std::string_view text);

// Compact; invalid UTF-8 in strings is replaced by U+FFFD.
std::string DumpJson(const Json& json);

// Fields of an object. Each names the field in its error. `Require…` fails if the field is absent
// or null; `Optional…` returns `fallback` then. Both fail with kInvalidArgument on another type.
Result<std::string> RequireString(const Json& object, std::string_view field);
Result<std::string> OptionalString(const Json& object, std::string_view field,
                                   std::string fallback = {});
Result<std::int64_t> OptionalInteger(const Json& object, std::string_view field,
                                     std::int64_t fallback);
Result<double> OptionalNumber(const Json& object, std::string_view field, double fallback);
Result<bool> OptionalBool(const Json& object, std::string_view field, bool fallback);
Result<std::vector<std::string>> OptionalStrings(const Json& object, std::string_view field);

}  // namespace twohop
