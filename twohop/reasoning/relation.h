// How a category stands to a demand, judged by their words.

#pragma once

#include <string_view>

#include "twohop/domain/interest_graph.h"

namespace twohop {

// A demand that names a category's own words is a wider word for it; anything else is a neighbour.
EdgeRelation RelationOf(std::string_view demand, std::string_view category_label);

}  // namespace twohop
