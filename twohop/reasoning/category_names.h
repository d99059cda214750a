// Categories as files name them.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "twohop/base/json.h"
#include "twohop/base/result.h"
#include "twohop/domain/taxonomy.h"

namespace twohop {

// The category with this name.
//
// Errors: kInvalidArgument, naming `field`, if the taxonomy has no such category.
Result<CategoryIndex> FindCategory(const std::string& name, std::string_view field,
                                   const Taxonomy& taxonomy);

// The categories that the list in `field` names.
//
// Errors: as FindCategory; kInvalidArgument if the field is not a list of texts or one occurs
// twice.
Result<std::vector<CategoryIndex>> ParseCategories(const Json& json, std::string_view field,
                                                   const Taxonomy& taxonomy);

}  // namespace twohop
