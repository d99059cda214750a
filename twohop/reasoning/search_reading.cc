#include "twohop/reasoning/search_reading.h"

#include <cmath>
#include <optional>
#include <utility>

namespace twohop {
namespace {

constexpr std::size_t kNearest = 5;
// Of the softmax over cosines: a category that is 0.05 farther counts e times less.
constexpr float kTemperature = 0.05F;

}  // namespace

SearchReader::SearchReader(std::shared_ptr<const CategorySpace> space) : space_(std::move(space)) {}

SearchReading SearchReader::Read(std::string_view search, std::span<const float> vector) const {
  if (const std::optional<CategoryIndex> exact = space_->taxonomy().FindBySearch(search)) {
    const std::span<const float> row = space_->vector(*exact);
    return {.category = *exact, .is_exact = true, .vector = {row.begin(), row.end()}};
  }
  const std::vector<ScoredCategory> nearest = space_->NearestCategories(vector, kNearest);
  std::vector<float> blend(space_->dim());
  for (const ScoredCategory& one : nearest) {
    const float weight = std::exp((one.similarity - nearest.front().similarity) / kTemperature);
    const std::span<const float> row = space_->vector(one.category);
    for (std::size_t i = 0; i < blend.size(); ++i) blend[i] += weight * row[i];
  }
  NormalizeL2(blend);
  return {.category = nearest.front().category, .is_exact = false, .vector = std::move(blend)};
}

std::vector<float> Between(std::span<const float> a, std::span<const float> b) {
  std::vector<float> middle(a.begin(), a.end());
  for (std::size_t i = 0; i < middle.size(); ++i) middle[i] += b[i];
  NormalizeL2(middle);
  return middle;
}

}  // namespace twohop
