#include "twohop/ingest/field_reader.h"

#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/text.h"
#include "twohop/base/time_format.h"

namespace twohop::ingest_internal {
namespace {

std::string_view TypeName(const RawValue& value) {
  switch (value.kind) {
    case RawKind::kAbsent:
      return "absent";
    case RawKind::kString:
    case RawKind::kCell:
      return "a string";
    case RawKind::kInteger:
    case RawKind::kReal:
      return "a number";
    case RawKind::kBool:
      return "a boolean";
    case RawKind::kStrings:
    case RawKind::kOther:
      return value.text;
  }
  return "unknown";
}

bool IsText(const RawValue& value) {
  return value.kind == RawKind::kString || value.kind == RawKind::kCell;
}

bool IsAsciiControl(char c) {
  const auto byte = static_cast<std::uint8_t>(c);
  return byte < 0x20U || byte == 0x7FU;
}

// The bytes of the control character or blank at the front; 0 if something else is there.
std::size_t BlankLength(std::string_view text) {
  if (text[0] == ' ' || IsAsciiControl(text[0])) return 1;
  const bool c1 = text.size() > 1 && text[0] == '\xC2' && static_cast<std::uint8_t>(text[1]) < 0xA0;
  return c1 ? 2 : 0;
}

bool HasControl(std::string_view text) {
  for (; !text.empty(); text.remove_prefix(1)) {
    if (text[0] != ' ' && BlankLength(text) > 0) return true;
  }
  return false;
}

template <typename Number>
std::optional<Number> ParseNumber(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// Seconds or milliseconds with a fraction, as many programs write the time; told apart as in
// ParseTime.
std::optional<TimePoint> ParseFractionalTime(std::string_view text) {
  if (text.find_first_of(".eE") == std::string_view::npos) return std::nullopt;
  const auto number = ParseNumber<double>(text);
  if (!number || !(*number >= 0) || *number >= 1e14) return std::nullopt;
  return TimePoint(Milliseconds(std::llround(*number < 1e11 ? *number * 1000 : *number)));
}

std::optional<bool> ParseBool(const RawValue& value) {
  if (value.kind == RawKind::kBool) return value.text == "true";
  if (value.kind != RawKind::kCell) return std::nullopt;
  const std::string word = ToLowerAscii(Trim(value.text));
  if (word == "true" || word == "1" || word == "yes") return true;
  if (word == "false" || word == "0" || word == "no") return false;
  return std::nullopt;
}

}  // namespace

std::string CleanText(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  bool blank = false;  // One is due before the next character.
  while (!text.empty()) {
    const std::size_t length = BlankLength(text);
    if (length == 0) {
      if (blank && !clean.empty()) clean.push_back(' ');
      clean.push_back(text[0]);
    }
    blank = length > 0;
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return clean;
}

void FieldReader::Fail(RowFault reason, std::string message) {
  if (!failed()) reject_ = Reject{reason, std::move(message)};
}

void FieldReader::FailMissing(std::size_t field) {
  Fail(RowFault::kMissingField, fmt::format("field \"{}\" is missing", row_.name(field)));
}

void FieldReader::FailType(std::size_t field, std::string_view wanted) {
  Fail(RowFault::kWrongType, fmt::format("field \"{}\" must be {}, is {}", row_.name(field), wanted,
                                         TypeName(row_.at(field))));
}

RawValue* FieldReader::Find(std::size_t field) {
  RawValue& value = row_.at(field);
  return failed() || value.kind == RawKind::kAbsent ? nullptr : &value;
}

std::string FieldReader::Checked(std::size_t field, std::string text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return text;
  Fail(RowFault::kBadValue, fmt::format("field \"{}\" has {} bytes, the limit is {}",
                                        row_.name(field), text.size(), max_bytes));
  return {};
}

std::string FieldReader::OptionalId(std::size_t field) {
  RawValue* value = Find(field);
  if (value == nullptr) return {};
  if (!IsText(*value) && value->kind != RawKind::kInteger) {
    FailType(field, "a string or an integer");
    return {};
  }
  if (HasControl(value->text)) {
    Fail(RowFault::kBadValue,
         fmt::format("field \"{}\" holds a control character", row_.name(field)));
    return {};
  }
  return Checked(field, std::move(value->text), kMaxIdBytes);
}

std::string FieldReader::RequiredId(std::size_t field) {
  std::string id = OptionalId(field);
  if (Trim(id).empty()) FailMissing(field);
  return id;
}

std::string FieldReader::Text(std::size_t field, std::size_t max_bytes) {
  RawValue* value = Find(field);
  if (value == nullptr) return {};
  if (!IsText(*value)) {
    FailType(field, "a string");
    return {};
  }
  return Checked(field, CleanText(value->text), max_bytes);
}

std::string FieldReader::TextOrInteger(std::size_t field, std::size_t max_bytes) {
  RawValue* value = Find(field);
  if (value != nullptr && value->kind == RawKind::kInteger) value->kind = RawKind::kString;
  return Text(field, max_bytes);
}

std::vector<std::string> FieldReader::Texts(std::size_t field, std::size_t max_texts,
                                            std::size_t max_bytes) {
  RawValue* value = Find(field);
  if (value == nullptr) return {};
  std::vector<std::string> texts;
  if (value->kind == RawKind::kCell) {
    for (const std::string_view piece : Split(value->text, '|')) texts.push_back(CleanText(piece));
  } else if (value->kind == RawKind::kStrings) {
    for (const std::string& text : value->strings) texts.push_back(CleanText(text));
  } else {
    FailType(field, "an array of strings");
  }
  std::erase(texts, std::string());
  for (std::string& text : texts) text = Checked(field, std::move(text), max_bytes);
  if (texts.size() > max_texts) {
    Fail(RowFault::kBadValue, fmt::format("field \"{}\" has {} values, the limit is {}",
                                          row_.name(field), texts.size(), max_texts));
  }
  return texts;
}

std::optional<std::int64_t> FieldReader::Integer(std::size_t field, std::int64_t min,
                                                 std::int64_t max) {
  const RawValue* value = Find(field);
  if (value == nullptr) return std::nullopt;
  if (value->kind != RawKind::kInteger && value->kind != RawKind::kCell) {
    FailType(field, "an integer");
    return std::nullopt;
  }
  const auto number = ParseNumber<std::int64_t>(Trim(value->text));
  if (number && *number >= min && *number <= max) return number;
  Fail(RowFault::kBadValue, fmt::format("field \"{}\" must be an integer in [{}, {}], is {}",
                                        row_.name(field), min, max, Ellipsize(value->text, 40)));
  return std::nullopt;
}

bool FieldReader::Bool(std::size_t field, bool fallback) {
  const RawValue* value = Find(field);
  if (value == nullptr) return fallback;
  if (const auto parsed = ParseBool(*value)) return *parsed;
  if (value->kind == RawKind::kCell) {
    Fail(RowFault::kBadValue, fmt::format("field \"{}\" must be true or false, is \"{}\"",
                                          row_.name(field), Ellipsize(value->text, 40)));
  } else {
    FailType(field, "true or false");
  }
  return fallback;
}

TimePoint FieldReader::RequiredTime(std::size_t field) {
  const RawValue* value = Find(field);
  if (value == nullptr) {
    FailMissing(field);
    return {};
  }
  if (!IsText(*value) && value->kind != RawKind::kInteger && value->kind != RawKind::kReal) {
    FailType(field, "a time");
    return {};
  }
  if (const auto time = ParseFractionalTime(value->text)) return *time;
  const auto time = ParseTime(value->text);
  if (time.has_value()) return *time;
  Fail(RowFault::kBadValue,
       fmt::format("field \"{}\": {}", row_.name(field), time.error().message()));
  return {};
}

}  // namespace twohop::ingest_internal
