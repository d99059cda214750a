// The text of a taxonomy file, and what both kinds of taxonomy share.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "twohop/base/result.h"
#include "twohop/domain/taxonomy.h"

namespace twohop::ingest_internal {

inline constexpr std::size_t kMaxCategoryNameBytes = 256;

struct TextLine {
  std::uint64_t number = 0;  // From 1.
  std::string text;
};

// The lines of a file that are not blank, checked to be UTF-8 without NUL bytes.
struct TaxonomyText {
  std::string file;  // For messages.
  std::vector<TextLine> lines;

  // kInvalidArgument "<file>:<line>: <message>".
  tl::unexpected<Error> Fail(const TextLine& line, std::string_view message) const;
};

// What LoadTaxonomy does once the file is read.
Result<Taxonomy> ParseTaxonomy(const TaxonomyText& text);

// On which line each name stands.
class LineIndex {
 public:
  // Notes the name, or gives the line on which it stands already.
  std::optional<std::uint64_t> Add(const std::string& name, std::uint64_t line);

 private:
  std::unordered_map<std::string, std::uint64_t> lines_;
};

// "a > b > c".
std::string JoinLevels(const std::vector<std::string>& levels);

}  // namespace twohop::ingest_internal
