#include "workload.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace twohop::index_benchmark {
namespace {

// target += scale * direction.
void Mix(std::span<float> target, double scale, std::span<const float> direction) {
  for (std::size_t i = 0; i < target.size(); ++i) {
    target[i] += static_cast<float>(scale) * direction[i];
  }
}

// Directions of learned spaces differ in variance, in no order.
std::vector<float> Axes(std::size_t dim, Rng& rng) {
  std::vector<float> axes;
  for (std::size_t i = 0; i < dim; ++i) {
    axes.push_back(static_cast<float>(std::pow(1.0 + static_cast<double>(i), -0.35)));
  }
  rng.Shuffle(std::span(axes));
  NormalizeL2(axes);
  return axes;
}

bool Contains(const std::vector<Level1Index>& list, Level1Index level1) {
  return std::find(list.begin(), list.end(), level1) != list.end();
}

}  // namespace

Workload::Workload(const WorkloadOptions& options) : items_(options.items, options.dim) {
  Rng rng = Rng(options.seed).Fork("catalogue");
  axes_ = Axes(options.dim, rng);
  std::vector<std::vector<float>> roots;
  for (std::size_t i = 0; i < kLevel1Count; ++i) roots.push_back(Noise(rng));
  double total = 0.0;
  for (std::size_t i = 0; i < options.categories; ++i) {
    Category category;
    category.level1 = Level1Index(static_cast<std::uint32_t>(i % kLevel1Count));
    category.center = Noise(rng);
    Mix(category.center, 0.8, roots[i % kLevel1Count]);
    NormalizeL2(category.center);
    category.spread = 0.5 + 0.4 * rng.Uniform();
    categories_.push_back(std::move(category));
    total += std::pow(1.0 + static_cast<double>(i), -0.5);
    popularity_.push_back(total);
  }
  for (std::size_t row = 0; row < options.items; ++row) {
    const Category& category = Draw(rng);
    const std::vector<float> vector = Near(category, rng);
    std::copy(vector.begin(), vector.end(), items_.mutable_row(row).begin());
    level1_.push_back(category.level1);
  }
}

std::vector<float> Workload::Noise(Rng& rng) const {
  std::vector<float> vector;
  for (const float axis : axes_) vector.push_back(axis * static_cast<float>(rng.Normal()));
  return vector;
}

std::vector<float> Workload::Near(const Category& category, Rng& rng) const {
  std::vector<float> vector = category.center;
  Mix(vector, category.spread, Noise(rng));
  NormalizeL2(vector);
  return vector;
}

const Workload::Category& Workload::Draw(Rng& rng) const {
  const double at = rng.Uniform() * popularity_.back();
  const auto found = std::upper_bound(popularity_.begin(), popularity_.end(), at);
  return categories_[static_cast<std::size_t>(found - popularity_.begin())];
}

const Workload::Category& Workload::DrawOutside(const std::vector<Level1Index>& excluded,
                                                Rng& rng) const {
  while (true) {
    const Category& category = categories_[rng.Below(categories_.size())];
    if (!Contains(excluded, category.level1)) return category;
  }
}

std::vector<float> Workload::UserDirection(Rng& rng) const {
  std::vector<float> direction(items_.dim());
  for (int i = 0; i < 20; ++i) Mix(direction, 1.0, items_.row(rng.Below(items_.rows())));
  NormalizeL2(direction);
  return direction;
}

std::vector<Request> Workload::Requests(std::size_t count, std::size_t excluded, Rng& rng) const {
  std::vector<Request> requests(count);
  for (Request& request : requests) {
    std::vector<Level1Index> level1;
    for (std::uint32_t i = 0; i < kLevel1Count; ++i) level1.emplace_back(i);
    rng.Shuffle(std::span(level1));
    request.excluded.assign(level1.begin(), level1.begin() + static_cast<std::ptrdiff_t>(excluded));
    const std::vector<float> user = UserDirection(rng);
    for (std::size_t i = 0; i < kInterests; ++i) {
      std::vector<float> query = DrawOutside(request.excluded, rng).center;
      Mix(query, 0.6, user);
      Mix(query, 0.2, Noise(rng));
      NormalizeL2(query);
      request.queries.Append(query);
    }
  }
  return requests;
}

std::vector<Change> Workload::Changes(std::size_t count, std::size_t first_new, Rng& rng) const {
  std::vector<Change> changes;
  std::size_t next = items_.rows() + first_new;
  for (std::size_t i = 0; i < count; ++i) {
    const Category& category = Draw(rng);
    Change change{.item = {}, .level1 = category.level1, .vector = Near(category, rng)};
    if (i % 5 == 4) {
      change.item = ItemIndex(static_cast<std::uint32_t>(next++));
    } else {
      change.item = ItemIndex(static_cast<std::uint32_t>(rng.Below(items_.rows())));
      if (!rng.Chance(0.1)) {
        const auto row = items_.row(change.item.value());
        change.level1 = level1_[change.item.value()];
        change.vector.assign(row.begin(), row.end());
        Mix(change.vector, 0.1, Noise(rng));
        NormalizeL2(change.vector);
      }
    }
    changes.push_back(std::move(change));
  }
  return changes;
}

}  // namespace twohop::index_benchmark
