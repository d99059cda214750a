#include "twohop/distill/forget_user.h"

#include <string>

#include <fmt/format.h>

#include "twohop/base/file.h"
#include "twohop/base/json.h"
#include "twohop/base/line_reader.h"
#include "twohop/base/text.h"

namespace twohop {
namespace {

constexpr std::size_t kMaxLineBytes = std::size_t{16} << 20U;

// An id is a text or a whole number, as everywhere (docs/formats.md).
Result<std::string> UserOf(std::string_view line) {
  TWOHOP_ASSIGN_OR_RETURN(const Json row, ParseJson(line));
  const auto id = row.is_object() ? row.find("user_id") : row.end();
  if (id == row.end()) return InvalidArgument("field \"user_id\" is missing");
  if (id->is_number_integer()) return id->dump();
  if (!id->is_string()) return InvalidArgument("field \"user_id\" must be a text");
  return id->get<std::string>();
}

}  // namespace

Result<std::uint64_t> ForgetUserRows(const std::filesystem::path& file, const UserId& user) {
  TWOHOP_ASSIGN_OR_RETURN(LineReader reader, LineReader::Open(file, kMaxLineBytes));
  std::string kept;
  std::uint64_t forgotten = 0;
  while (const auto line = reader.Next()) {
    const auto fail = [&](std::string_view why) {
      return InvalidArgument(fmt::format("{}:{}: {}", file.string(), line->number, why));
    };
    if (line->too_long) return fail("the line is too long");
    if (!Trim(line->text).empty()) {
      const Result<std::string> owner = UserOf(line->text);
      if (!owner) return fail(owner.error().message());
      if (*owner == user.value()) {
        ++forgotten;
        continue;
      }
    }
    kept.append(line->text);
    kept += '\n';
  }
  TWOHOP_RETURN_IF_ERROR(reader.status());
  if (forgotten > 0) TWOHOP_RETURN_IF_ERROR(WriteFileAtomically(file, kept));
  return forgotten;
}

}  // namespace twohop
