// From names to rows of an embedding table.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace twohop {

// The row that all unknown and absent values share, in every table.
inline constexpr std::uint32_t kUnknownRow = 0;

// The names of one feature, each with a row of its own, from 1 in the order given.
//
// Immutable. Thread-safe.
class Vocabulary {
 public:
  Vocabulary() = default;
  // Empty names and repeated ones are left out.
  explicit Vocabulary(std::vector<std::string> names);

  std::size_t rows() const { return names_.size() + 1; }  // With the unknown row.
  const std::vector<std::string>& names() const { return names_; }

  // kUnknownRow for a name that is not here.
  std::uint32_t Row(std::string_view name) const;

  friend bool operator==(const Vocabulary& a, const Vocabulary& b) { return a.names_ == b.names_; }

 private:
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::uint32_t> row_of_;
};

// The row of a name in a table of `buckets` rows behind the unknown row: names that differ in case,
// white space or punctuation share one, others now and then by chance. kUnknownRow for an empty
// name.
//
// REQUIRES: buckets > 0.
std::uint32_t HashedRow(std::string_view name, std::size_t buckets);

}  // namespace twohop
