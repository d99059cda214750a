// A taxonomy as a table: a category a row.

#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "twohop/ingest/taxonomy_text.h"

namespace twohop::ingest_internal {

// The separator if `first_line` looks like the header of a table, be it a broken one.
std::optional<char> FindTableSeparator(std::string_view first_line);

// Errors: kInvalidArgument, naming file and line.
Result<std::vector<Category>> ParseTaxonomyTable(const TaxonomyText& text, char separator);

}  // namespace twohop::ingest_internal
