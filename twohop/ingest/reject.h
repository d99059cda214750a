// Why a row of a user's file was not taken.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace twohop {

// Kinds of rejects, for counting.
enum class RowFault : std::uint8_t {
  kTooLong,          // The line is longer than LineReader::kDefaultMaxLineBytes.
  kNotText,          // The line is not UTF-8 or holds a NUL byte.
  kBroken,           // The line is not JSON, or its quotes or columns do not fit.
  kNotAnObject,      // JSON, but not an object.
  kMissingField,     // A required field is absent, null or empty.
  kWrongType,        // A field has another type than documented.
  kBadValue,         // A field's value is outside what is documented.
  kUnknownCategory,  // The category of an item or a feedback is not in the taxonomy.
  kUnknownItem,      // An event's item is not in the catalogue.
  kFutureTime,       // An event's time has not come yet.
  kDuplicateId,      // An earlier row of the same file has this id.
};

inline constexpr std::size_t kRowFaultCount = static_cast<std::size_t>(RowFault::kDuplicateId) + 1;

// "too_long", "not_text", …
std::string_view RowFaultName(RowFault reason);

// One reject: its kind, and a sentence for a person that names the field and the value.
struct Reject {
  RowFault reason = RowFault::kBroken;
  std::string message;

  friend bool operator==(const Reject&, const Reject&) = default;
};

// What a rule about one row gives.
template <typename T>
using RowResult = tl::expected<T, Reject>;

}  // namespace twohop
