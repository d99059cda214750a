#include "twohop/reasoning/category_space.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/check.h"

namespace twohop {
namespace {

CategoryIndex IndexAt(std::size_t position) {
  return CategoryIndex(static_cast<std::uint32_t>(position));
}

bool IsNearer(const ScoredCategory& a, const ScoredCategory& b) {
  return a.similarity != b.similarity ? a.similarity > b.similarity : a.category < b.category;
}

}  // namespace

Result<CategorySpace> CategorySpace::Build(std::shared_ptr<const Taxonomy> taxonomy,
                                           Embeddings vectors) {
  if (vectors.rows() != taxonomy->size()) {
    return InvalidArgument(
        fmt::format("{} category vectors for {} categories", vectors.rows(), taxonomy->size()));
  }
  for (std::size_t i = 0; i < vectors.rows(); ++i) {
    const std::span<float> row = vectors.mutable_row(i);
    NormalizeL2(row);
    if (!AllFinite(row) || Dot(row, row) < 0.5F) {
      return InvalidArgument(fmt::format("the vector of category \"{}\" is zero or not finite",
                                         taxonomy->label(IndexAt(i))));
    }
  }
  return CategorySpace(std::move(taxonomy), std::move(vectors));
}

std::vector<float> CategorySpace::Similarities(std::span<const float> query) const {
  std::vector<float> similarities(vectors_.rows());
  for (std::size_t i = 0; i < similarities.size(); ++i) {
    similarities[i] = Dot(vectors_.row(i), query);
  }
  return similarities;
}

std::vector<ScoredCategory> CategorySpace::NearestCategories(
    std::span<const float> query, std::size_t k, const std::vector<bool>& excluded) const {
  TWOHOP_DCHECK(excluded.empty() || excluded.size() == taxonomy_->level1_count());
  const std::vector<float> similarities = Similarities(query);
  std::vector<ScoredCategory> candidates;
  for (std::size_t i = 0; i < similarities.size(); ++i) {
    const CategoryIndex category = IndexAt(i);
    if (!excluded.empty() && excluded[taxonomy_->level1_of(category).value()]) continue;
    candidates.push_back({.category = category, .similarity = similarities[i]});
  }
  const auto end = candidates.begin() + static_cast<std::ptrdiff_t>(std::min(k, candidates.size()));
  std::partial_sort(candidates.begin(), end, candidates.end(), IsNearer);
  candidates.erase(end, candidates.end());
  return candidates;
}

std::vector<bool> MarkLevel1(const Taxonomy& taxonomy, std::span<const std::string> names) {
  std::vector<bool> marked(taxonomy.level1_count());
  for (const std::string& name : names) {
    if (const auto level1 = taxonomy.FindLevel1(name)) marked[level1->value()] = true;
  }
  return marked;
}

}  // namespace twohop
