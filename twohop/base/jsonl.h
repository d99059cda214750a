// JSON lines into values, each bad line named.

#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "twohop/base/json.h"
#include "twohop/base/result.h"

namespace twohop {

struct LineFault {
  std::uint64_t line = 0;  // From 1.
  std::string reason;

  friend bool operator==(const LineFault&, const LineFault&) = default;
};

template <typename T>
struct JsonlRows {
  std::vector<T> rows;  // In the order of the file.
  std::vector<LineFault> faults;
};

// Calls `take` with the object of every line of `path`, in order; empty lines do not count. Lines
// that are too long, not valid UTF-8 or not a JSON object, and those that `take` refuses, are
// returned.
//
// Errors: kNotFound if there is no such file; kInvalidArgument if it holds no line with anything on
// it or is not a regular file; kUnavailable if it cannot be read. The message names the file.
Result<std::vector<LineFault>> ForEachJsonLine(const std::filesystem::path& path,
                                               const std::function<Status(const Json&)>& take);

// Errors: those of ForEachJsonLine.
template <typename T>
Result<JsonlRows<T>> ReadJsonl(const std::filesystem::path& path,
                               const std::function<Result<T>(const Json&)>& parse) {
  JsonlRows<T> read;
  TWOHOP_ASSIGN_OR_RETURN(read.faults, ForEachJsonLine(path, [&](const Json& json) -> Status {
                            TWOHOP_ASSIGN_OR_RETURN(T row, parse(json));
                            read.rows.push_back(std::move(row));
                            return Ok();
                          }));
  return read;
}

// For files that must be right: the rows, or the first fault as kInvalidArgument, "file:line: why".
template <typename T>
Result<std::vector<T>> RequireAllRows(const std::filesystem::path& path, JsonlRows<T> read) {
  if (read.faults.empty()) return std::move(read.rows);
  const LineFault& first = read.faults.front();
  return InvalidArgument(path.string() + ":" + std::to_string(first.line) + ": " + first.reason);
}

}  // namespace twohop
