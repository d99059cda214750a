// The rules for single values, the same for every kind of row.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "twohop/base/clock.h"
#include "twohop/ingest/raw_row.h"
#include "twohop/ingest/reject.h"

namespace twohop::ingest_internal {

inline constexpr std::size_t kMaxIdBytes = 256;

// Takes checked values out of a raw row. The first broken rule sticks, later reads give empty
// values: a row is read whole and checked once.
//
// Not thread-safe. The row must outlive the reader; its values are moved from.
class FieldReader {
 public:
  explicit FieldReader(RawRow& row) : row_(row) {}

  // A name that another system gave: a string or an integer, which counts as its digits; at most
  // kMaxIdBytes, without control characters. Empty if absent.
  std::string OptionalId(std::size_t field);
  std::string RequiredId(std::size_t field);

  // Text for people and models: every run of white space and control characters becomes one blank,
  // none at the ends. Empty if absent.
  std::string Text(std::size_t field, std::size_t max_bytes);
  // The same, where an integer counts as its digits.
  std::string TextOrInteger(std::size_t field, std::size_t max_bytes);

  // An array of such texts, or one text with "|" between them; empty ones are left out.
  std::vector<std::string> Texts(std::size_t field, std::size_t max_texts, std::size_t max_bytes);

  std::optional<std::int64_t> Integer(std::size_t field, std::int64_t min, std::int64_t max);

  // In a table also 1/0, yes/no, in any case of letters.
  bool Bool(std::size_t field, bool fallback);

  // What ParseTime reads, also as a number, also with a fraction of a second.
  TimePoint RequiredTime(std::size_t field);

  void Fail(RowFault reason, std::string message);
  bool failed() const { return reject_.has_value(); }
  // REQUIRES: failed().
  Reject TakeReject() { return *std::move(reject_); }

 private:
  // The value, or null if it is absent or a rule is broken already.
  RawValue* Find(std::size_t field);
  void FailMissing(std::size_t field);
  void FailType(std::size_t field, std::string_view wanted);
  std::string Checked(std::size_t field, std::string text, std::size_t max_bytes);

  RawRow& row_;
  std::optional<Reject> reject_;
};

// Every run of white space and control characters (C0, DEL, C1) as one blank, none at the ends.
std::string CleanText(std::string_view text);

}  // namespace twohop::ingest_internal
