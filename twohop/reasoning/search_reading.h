// Reading a search as the category that it belongs to.

#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "twohop/reasoning/category_space.h"

namespace twohop {

struct SearchReading {
  CategoryIndex category;     // Where the search is best at home.
  bool is_exact = false;      // The search is a name or a term of that category.
  std::vector<float> vector;  // [T], L2 norm 1: that category's, or a blend of the nearest ones'.
};

// A search is a few words that say too little for a search among texts; the categories it belongs
// to say what it is about. Names and terms (Category::terms) are looked up; any other search is
// read as its five nearest categories, weighted by nearness.
//
// Immutable. Thread-safe.
class SearchReader {
 public:
  explicit SearchReader(std::shared_ptr<const CategorySpace> space);

  // `vector` is the search's own: [T], L2 norm 1. Takes C * T multiplications unless exact.
  SearchReading Read(std::string_view search, std::span<const float> vector) const;

 private:
  std::shared_ptr<const CategorySpace> space_;
};

// The text vector in the middle of two: [T], L2 norm 1. REQUIRES: equal sizes.
std::vector<float> Between(std::span<const float> a, std::span<const float> b);

}  // namespace twohop
