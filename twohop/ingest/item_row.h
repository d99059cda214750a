// The rules for an item, whatever it was read from.

#pragma once

#include <optional>
#include <string_view>

#include "twohop/domain/catalog.h"
#include "twohop/domain/taxonomy.h"
#include "twohop/ingest/raw_row.h"
#include "twohop/ingest/reject.h"

namespace twohop::ingest_internal {

const RowSchema& ItemSchema();

// Moves the values out of `row`, a row of ItemSchema.
RowResult<Item> MakeItem(RawRow& row, const Taxonomy& taxonomy);

// A category by id, alias, label, unique level-3 name, alternative name, or full path. Of a path of
// more than three levels the first three count; a path of one or two levels finds the category
// whose missing levels repeat its last name.
std::optional<CategoryIndex> FindCategory(const Taxonomy& taxonomy, std::string_view name);

}  // namespace twohop::ingest_internal
