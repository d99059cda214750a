#include "twohop/ingest/json_row.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <string>

#include <fmt/format.h>

#include "twohop/base/text.h"

namespace twohop::ingest_internal {
namespace {

Reject NotAnObject(std::string_view found) {
  return {RowFault::kNotAnObject, fmt::format("a row must be a JSON object, is {}", found)};
}

// "syntax error while …" from the library's "[json…] parse error at line 1, column 5: syntax …".
Reject NotJson(std::string_view what, std::size_t position) {
  constexpr std::string_view kColumn = "column ";
  if (const std::size_t at = what.find(kColumn); at != std::string_view::npos) {
    const std::size_t colon = what.find(": ", at);
    if (colon != std::string_view::npos) what.remove_prefix(colon + 2);
  }
  return {RowFault::kBroken,
          fmt::format("not JSON at byte {}: {}", position, Ellipsize(what, 200))};
}

// Receives the values of one object as the library finds them.
class RowFiller {
 public:
  explicit RowFiller(RawRow& row) : row_(row) {}

  const std::optional<Reject>& reject() const { return reject_; }

  bool null() { return Scalar("null", RawKind::kAbsent, {}); }
  bool boolean(bool value) { return Scalar("a boolean", RawKind::kBool, value ? "true" : "false"); }
  bool number_integer(std::int64_t value) { return Integer(value); }
  bool number_unsigned(std::uint64_t value) { return Integer(value); }
  bool number_float(double, const std::string& text) {
    return Scalar("a number", RawKind::kReal, text);
  }
  bool string(const std::string& value) { return Scalar("a string", RawKind::kString, value); }
  bool binary(const Json::binary_t&) { return false; }  // JSON has none.

  bool start_object(std::size_t) {
    if (depth_ > 0) Nested("an object");
    ++depth_;
    return true;
  }
  bool end_object() { return Leave(); }
  bool start_array(std::size_t) {
    if (depth_ == 0) return Refuse(NotAnObject("an array"));
    if (depth_ == 1 && value_ != nullptr) {
      value_->Set(RawKind::kStrings, "an array");
      value_->strings.clear();
    } else {
      Nested("an array");
    }
    ++depth_;
    return true;
  }
  bool end_array() { return Leave(); }

  bool key(const std::string& name) {
    if (depth_ > 1) return true;
    const std::size_t field = row_.Find(name);
    value_ = field < row_.size() ? &row_.at(field) : nullptr;
    if (value_ == nullptr) row_.AddIgnored(name);
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const Json::exception& error) {
    return Refuse(NotJson(error.what(), position));
  }

 private:
  bool Refuse(Reject reject) {
    reject_ = std::move(reject);
    return false;
  }

  bool Leave() {
    --depth_;
    return true;
  }

  template <typename Number>
  bool Integer(Number value) {
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    return Scalar("a number", RawKind::kInteger,
                  {digits.data(), static_cast<std::size_t>(end - digits.data())});
  }

  bool Scalar(std::string_view type, RawKind kind, std::string_view text) {
    if (depth_ == 0) return Refuse(NotAnObject(type));
    if (value_ == nullptr) return true;
    if (depth_ == 1) {
      value_->Set(kind, text);
    } else if (value_->kind == RawKind::kStrings && kind == RawKind::kString) {
      value_->strings.emplace_back(text);
    } else {
      Nested({});
    }
    return true;
  }

  // A value that no field may have: an object, or an array that holds something but strings.
  void Nested(std::string_view type) {
    if (value_ == nullptr) return;
    if (depth_ == 1) value_->Set(RawKind::kOther, type);
    value_->kind = RawKind::kOther;
  }

  RawRow& row_;
  RawValue* value_ = nullptr;  // Of the field under way; null if no one wants it.
  int depth_ = 0;              // Brackets that are open.
  std::optional<Reject> reject_;
};

std::string_view TypeName(const Json& json) {
  if (json.is_null()) return "null";
  if (json.is_boolean()) return "a boolean";
  if (json.is_number()) return "a number";
  if (json.is_string()) return "a string";
  return json.is_array() ? "an array" : "an object";
}

void FillStrings(const Json& array, RawValue& value) {
  value.Set(RawKind::kStrings, "an array");
  value.strings.clear();
  for (const Json& element : array) {
    if (!element.is_string()) {
      value.kind = RawKind::kOther;
      return;
    }
    value.strings.push_back(element.get_ref<const std::string&>());
  }
}

void FillValue(const Json& json, RawValue& value) {
  if (json.is_null()) return value.Set(RawKind::kAbsent, {});
  if (json.is_string()) return value.Set(RawKind::kString, json.get_ref<const std::string&>());
  if (json.is_number_integer()) return value.Set(RawKind::kInteger, json.dump());
  if (json.is_number()) return value.Set(RawKind::kReal, json.dump());
  if (json.is_boolean()) return value.Set(RawKind::kBool, json.dump());
  if (json.is_array()) return FillStrings(json, value);
  value.Set(RawKind::kOther, "an object");
}

}  // namespace

std::optional<Reject> ParseJsonRow(std::string_view text, RawRow& row) {
  row.Clear();
  RowFiller filler(row);
  Json::sax_parse(text, &filler);
  return filler.reject();
}

std::optional<Reject> FillFromJson(const Json& json, RawRow& row) {
  row.Clear();
  if (!json.is_object()) return NotAnObject(TypeName(json));
  for (const auto& [name, element] : json.items()) {
    const std::size_t field = row.Find(name);
    if (field < row.size()) {
      FillValue(element, row.at(field));
    } else {
      row.AddIgnored(name);
    }
  }
  return std::nullopt;
}

}  // namespace twohop::ingest_internal
