#include "twohop/serving/internal/query_params.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "twohop/base/text.h"
#include "twohop/serving/http_request.h"

namespace twohop::serving_internal {
namespace {

constexpr std::size_t kShownBytes = 100;

std::optional<std::string> DecodeField(std::string_view text) {
  std::string blanks(text);
  std::replace(blanks.begin(), blanks.end(), '+', ' ');
  return DecodePercent(blanks);
}

Status AddParam(std::string_view field, std::initializer_list<std::string_view> known,
                QueryParams& params) {
  const std::size_t equals = field.find('=');
  const auto name = DecodeField(field.substr(0, equals));
  if (!name || std::find(known.begin(), known.end(), *name) == known.end()) {
    return InvalidArgument(fmt::format("unknown parameter \"{}\"; known are {}",
                                       Ellipsize(name.value_or("?"), kShownBytes),
                                       fmt::join(known, ", ")));
  }
  if (equals == std::string_view::npos) {
    return InvalidArgument(fmt::format("parameter \"{}\" has no value", *name));
  }
  auto value = DecodeField(field.substr(equals + 1));
  if (!value) {
    return InvalidArgument(fmt::format("parameter \"{}\" is not percent-encoded UTF-8", *name));
  }
  if (!params.emplace(*name, *std::move(value)).second) {
    return InvalidArgument(fmt::format("parameter \"{}\" occurs twice", *name));
  }
  return Ok();
}

}  // namespace

Result<QueryParams> ParseQuery(std::string_view target,
                               std::initializer_list<std::string_view> known) {
  QueryParams params;
  const std::size_t mark = target.find('?');
  if (mark == std::string_view::npos) return params;
  for (const std::string_view field : Split(target.substr(mark + 1), '&')) {
    if (field.empty()) continue;
    TWOHOP_RETURN_IF_ERROR(AddParam(field, known, params));
  }
  return params;
}

}  // namespace twohop::serving_internal
