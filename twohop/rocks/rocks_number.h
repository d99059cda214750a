// Numbers that stores keep about themselves: offsets, versions.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "twohop/base/result.h"
#include "twohop/rocks/rocks_database.h"

namespace twohop {

// A number as a value: a varint.
std::string NumberValue(std::uint64_t number);

// Errors: kDataLoss if it is not such a value.
Result<std::uint64_t> ParseNumberValue(std::string_view value);

// The number stored under `key`, or nothing.
//
// Errors: kDataLoss if what is stored is no number, naming folder and key; those of
// RocksDatabase::Get.
Result<std::optional<std::uint64_t>> GetNumber(const RocksDatabase& database, std::size_t family,
                                               std::string_view key);

// Errors: those of RocksDatabase::Write.
Status PutNumber(RocksDatabase& database, std::size_t family, std::string_view key,
                 std::uint64_t number);

// Makes sure that this version can read what the folder holds. The version of the layout stands in
// `family` under "format"; a new store gets it written.
//
// Errors: kUnimplemented if the stored version is above `format`; those of the functions above.
Status CheckFormat(RocksDatabase& database, std::size_t family, std::uint64_t format);

}  // namespace twohop
