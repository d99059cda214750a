// A row before its values are checked, the same for JSON and for tables.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace twohop::ingest_internal {

enum class RawKind : std::uint8_t {
  kAbsent,  // Not in the row, null, or an empty cell.
  kString,
  kInteger,
  kReal,  // Any other number.
  kBool,
  kStrings,  // An array of nothing but strings.
  kOther,    // Any other array, or an object.
  kCell,     // Of a table: text, whatever it means.
};

struct RawValue {
  RawKind kind = RawKind::kAbsent;
  std::string text;                  // As written: "-5", "true"; the name of the type for kOther.
  std::vector<std::string> strings;  // Of kStrings.

  void Set(RawKind new_kind, std::string_view new_text) {
    kind = new_kind;
    text = new_text;
  }
};

// The fields that one kind of row has. The views must live as long as the program.
struct RowSchema {
  std::span<const std::string_view> fields;
  std::size_t required_columns = 0;  // The first so many fields; a table must have them.
};

// The values of one row, in the order of the schema's fields, and the names of the fields that the
// schema does not know. Made once and filled again for every row, to keep its memory.
//
// Not thread-safe. The schema must outlive the row.
class RawRow {
 public:
  explicit RawRow(const RowSchema& schema) : schema_(&schema), values_(schema.fields.size()) {}

  // Every value becomes absent.
  void Clear();

  // The position of a field, or the number of fields if the schema does not know it.
  std::size_t Find(std::string_view name) const;

  std::size_t size() const { return values_.size(); }
  std::string_view name(std::size_t field) const { return schema_->fields[field]; }
  RawValue& at(std::size_t field) { return values_[field]; }

  void AddIgnored(std::string_view name) { ignored_.emplace_back(name); }
  const std::vector<std::string>& ignored() const { return ignored_; }

 private:
  const RowSchema* schema_;
  std::vector<RawValue> values_;
  std::vector<std::string> ignored_;
};

}  // namespace twohop::ingest_internal
