// What shops of the simulated community sell: brands, products and their variants.

#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "twohop/base/result.h"
#include "twohop/domain/taxonomy.h"

namespace twohop {

struct ProductRange {
  std::vector<std::string> products;  // "Two-Person Dome Tent"; at least one.
  std::vector<std::string> variants;  // "green", "3-season"; at least one.
};

struct Assortment {
  std::vector<ProductRange> ranges;              // By CategoryIndex; every category has one.
  std::vector<std::vector<std::string>> brands;  // By Level1Index; none is empty.
};

// Reads two tables with a header line, columns separated by tabs, values within a column by "|":
// `products_file` (id, level3, products, variants; level3 is for the human reader) and
// `brands_file` (level1, brands).
//
// Errors: kInvalidArgument, naming file and line, if a row has too few columns or an empty list, or
// names a category that is unknown or had a row before; kInvalidArgument, naming file and category,
// if one has no row; kNotFound if a file is missing; kUnavailable if it cannot be read.
Result<Assortment> LoadAssortment(const std::filesystem::path& products_file,
                                  const std::filesystem::path& brands_file,
                                  const Taxonomy& taxonomy);

}  // namespace twohop
