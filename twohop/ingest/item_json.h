// One item as JSON: the rules of the item files.

#pragma once

#include "twohop/base/json.h"
#include "twohop/base/result.h"
#include "twohop/domain/catalog.h"
#include "twohop/domain/taxonomy.h"

namespace twohop {

// Reads {"id", "title", "category", "brand", "tags", "available"}; see docs/formats.md. Other
// fields are ignored.
//
// Errors: kInvalidArgument, naming the field, if a rule is broken.
Result<Item> ParseItemJson(const Json& json, const Taxonomy& taxonomy);

}  // namespace twohop
