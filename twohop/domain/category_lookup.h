// The category that a person names.

#pragma once

#include <string_view>

#include "twohop/base/result.h"
#include "twohop/domain/taxonomy.h"

namespace twohop {

// By id, alias or any name of Taxonomy::FindByName.
//
// Errors: kInvalidArgument if no category has that name, or several have; the message offers labels
// of those that may be meant.
Result<CategoryIndex> LookUpCategory(std::string_view name, const Taxonomy& taxonomy);

}  // namespace twohop
