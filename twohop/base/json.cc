#include "twohop/base/json.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "twohop/base/text.h"

namespace twohop {
namespace {

// The field, or null if it is absent or null itself.
const Json* Find(const Json& object, std::string_view field) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(field);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

// What copies, compares or prints a value of the library does so by recursion: a text of brackets
// would end the process. No format of ours nests as deep.
constexpr std::size_t kMaxDepth = 256;

// The deepest nesting of brackets outside strings; right for JSON, some number for other text.
std::size_t DepthOf(std::string_view text) {
  std::size_t depth = 0;
  std::size_t deepest = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      deepest = std::max(deepest, ++depth);
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return deepest;
}

tl::unexpected<Error> WrongType(std::string_view field, std::string_view wanted,
                                const Json& value) {
  return InvalidArgument(
      fmt::format("field \"{}\" must be {}, is {}", field, wanted, value.type_name()));
}

}  // namespace

Result<Json> ParseJson(std::string_view text) {
  // The library takes a NUL byte for the end of the text and would not look at what follows.
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    return InvalidArgument(fmt::format("not JSON: NUL byte at byte {}", nul + 1));
  }
  if (DepthOf(text) > kMaxDepth) {
    return InvalidArgument(
        fmt::format("not JSON that is read here: nested deeper than {} levels", kMaxDepth));
  }
  try {
    return Json::parse(text);
  } catch (const Json::exception& e) {
    // The library's message repeats the input; cut it, for it lands in logs.
    return InvalidArgument(fmt::format("not JSON: {}", Ellipsize(e.what(), 200)));
  }
}

std::string DumpJson(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<std::string> RequireString(const Json& object, std::string_view field) {
  const Json* value = Find(object, field);
  if (value == nullptr) return InvalidArgument(fmt::format("field \"{}\" is missing", field));
  if (!value->is_string()) return WrongType(field, "a string", *value);
  return value->get<std::string>();
}

Result<std::string> OptionalString(const Json& object, std::string_view field,
                                   std::string fallback) {
  const Json* value = Find(object, field);
  if (value == nullptr) return fallback;
  if (!value->is_string()) return WrongType(field, "a string", *value);
  return value->get<std::string>();
}

Result<std::int64_t> OptionalInteger(const Json& object, std::string_view field,
                                     std::int64_t fallback) {
  const Json* value = Find(object, field);
  if (value == nullptr) return fallback;
  if (!value->is_number_integer()) return WrongType(field, "an integer", *value);
  if (value->is_number_unsigned() &&
      value->get<std::uint64_t>() > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) {
    return InvalidArgument(fmt::format("field \"{}\" is out of range", field));
  }
  return value->get<std::int64_t>();
}

Result<double> OptionalNumber(const Json& object, std::string_view field, double fallback) {
  const Json* value = Find(object, field);
  if (value == nullptr) return fallback;
  if (!value->is_number()) return WrongType(field, "a number", *value);
  return value->get<double>();
}

Result<bool> OptionalBool(const Json& object, std::string_view field, bool fallback) {
  const Json* value = Find(object, field);
  if (value == nullptr) return fallback;
  if (!value->is_boolean()) return WrongType(field, "true or false", *value);
  return value->get<bool>();
}

Result<std::vector<std::string>> OptionalStrings(const Json& object, std::string_view field) {
  const Json* value = Find(object, field);
  std::vector<std::string> strings;
  if (value == nullptr) return strings;
  if (!value->is_array()) return WrongType(field, "an array of strings", *value);
  for (const Json& element : *value) {
    if (!element.is_string()) return WrongType(field, "an array of strings", *value);
    strings.push_back(element.get<std::string>());
  }
  return strings;
}

}  // namespace twohop
