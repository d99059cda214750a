// A taxonomy as paths: a node of the tree a line, as Shopify and Google publish theirs.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "twohop/ingest/reject.h"
#include "twohop/ingest/taxonomy_text.h"

namespace twohop::ingest_internal {

struct TaxonomyPath {
  std::string id;                   // Empty if the line has none.
  std::vector<std::string> levels;  // At least one, none of them empty.

  friend bool operator==(const TaxonomyPath&, const TaxonomyPath&) = default;
};

// Reads `a > b > c`, with `id : ` (an id without blanks) or `number - ` in front or not.
RowResult<TaxonomyPath> ParseTaxonomyPath(std::string_view line);

// Errors: kInvalidArgument, naming file and line.
Result<std::vector<Category>> ParseTaxonomyPaths(const TaxonomyText& text);

}  // namespace twohop::ingest_internal
