#include "twohop/rocks/rocks_number.h"

#include <fmt/format.h>

#include "twohop/base/binary.h"
#include "twohop/rocks/rocks_status.h"

namespace twohop {
namespace {

constexpr std::string_view kFormatKey = "format";

}  // namespace

std::string NumberValue(std::uint64_t number) {
  BinaryWriter out;
  out.Unsigned(number);
  return std::move(out).str();
}

Result<std::uint64_t> ParseNumberValue(std::string_view value) {
  BinaryReader in(value);
  const std::uint64_t number = in.Unsigned();
  TWOHOP_RETURN_IF_ERROR(in.Finish());
  return number;
}

Result<std::optional<std::uint64_t>> GetNumber(const RocksDatabase& database, std::size_t family,
                                               std::string_view key) {
  TWOHOP_ASSIGN_OR_RETURN(const auto value, database.Get(family, key));
  if (!value.has_value()) return std::nullopt;
  const auto number = ParseNumberValue(ToView(*value));
  if (!number.has_value()) return Annotate(number, fmt::format("{}: {}", database.name(), key));
  return *number;
}

Status PutNumber(RocksDatabase& database, std::size_t family, std::string_view key,
                 std::uint64_t number) {
  rocksdb::WriteBatch batch;
  TWOHOP_RETURN_IF_ERROR(ToStatus(
      batch.Put(database.family(family), ToSlice(key), NumberValue(number)), database.name()));
  return database.Write(batch);
}

Status CheckFormat(RocksDatabase& database, std::size_t family, std::uint64_t format) {
  TWOHOP_ASSIGN_OR_RETURN(const auto stored, GetNumber(database, family, kFormatKey));
  if (stored.has_value() && *stored > format) {
    return Unimplemented(fmt::format("{} has layout {}; this version reads up to {}",
                                     database.name(), *stored, format));
  }
  if (stored.has_value() || !database.RequireWritable().has_value()) return Ok();
  return PutNumber(database, family, kFormatKey, format);
}

}  // namespace twohop
