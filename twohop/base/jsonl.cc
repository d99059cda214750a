#include "twohop/base/jsonl.h"

#include <fmt/format.h>

#include "twohop/base/line_reader.h"
#include "twohop/base/text.h"

namespace twohop {
namespace {

Status TakeLine(const Line& line, const std::function<Status(const Json&)>& take) {
  if (line.too_long) return InvalidArgument("the line is too long");
  TWOHOP_ASSIGN_OR_RETURN(const Json json, ParseJson(line.text));
  if (!json.is_object()) return InvalidArgument("the line is not a JSON object");
  return take(json);
}

}  // namespace

Result<std::vector<LineFault>> ForEachJsonLine(const std::filesystem::path& path,
                                               const std::function<Status(const Json&)>& take) {
  TWOHOP_ASSIGN_OR_RETURN(LineReader lines, LineReader::Open(path));
  std::vector<LineFault> faults;
  bool any = false;
  while (const auto line = lines.Next()) {
    if (Trim(line->text).empty()) continue;
    any = true;
    const Status taken = TakeLine(*line, take);
    if (!taken.has_value()) faults.push_back({line->number, taken.error().message()});
  }
  TWOHOP_RETURN_IF_ERROR(lines.status());
  if (!any) return InvalidArgument(fmt::format("{}: the file is empty", path.string()));
  return faults;
}

}  // namespace twohop
