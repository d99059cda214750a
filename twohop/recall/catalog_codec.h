// A catalogue with its taxonomy as bytes.

#pragma once

#include <string>
#include <string_view>

#include "twohop/base/result.h"
#include "twohop/domain/catalog.h"

namespace twohop::recall_internal {

// A record of BinaryWriter, version 1. Categories and items keep their order, so that indices mean
// the same after reading:
//
//   "twohop catalog", version
//   count, then per category: id, level1, level2, level3, alternative name, terms, tags, aliases
//   count, then per item: id, title, category's index, brand, tags, 1 if available else 0
//
// where terms, tags and aliases are each a count and that many strings.
std::string EncodeCatalog(const Catalog& catalog);

// Errors: kDataLoss if the bytes are damaged; kUnimplemented if a newer version wrote them.
Result<Catalog> DecodeCatalog(std::string_view bytes);

}  // namespace twohop::recall_internal
