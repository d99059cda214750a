#include "twohop/base/near_names.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "twohop/base/text.h"

namespace twohop {
namespace {

constexpr std::size_t kComparedBytes = 64;
constexpr std::size_t kShownBytes = 100;
// Shorter pieces are part of too many names.
constexpr std::size_t kMinContainedBytes = 3;

std::string Comparable(std::string_view text) {
  std::string normal = NormalizeName(text.substr(0, 4 * kComparedBytes));
  normal.resize(std::min(normal.size(), kComparedBytes));
  return normal;
}

// Levenshtein's.
std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

bool Contains(std::string_view whole, std::string_view part) {
  return part.size() >= kMinContainedBytes && whole.find(part) != std::string_view::npos;
}

std::optional<std::size_t> Distance(std::string_view typed, std::string_view name) {
  const std::size_t distance = EditDistance(typed, name);
  const std::size_t limit = std::max<std::size_t>(1, typed.size() / 3);
  if (distance <= limit) return distance;
  if (Contains(name, typed) || Contains(typed, name)) return limit;
  return std::nullopt;
}

}  // namespace

NearNames::NearNames(std::string_view typed, std::size_t max_count)
    : typed_(Comparable(typed)), max_count_(max_count) {}

void NearNames::Offer(std::string_view name) {
  const std::optional<std::size_t> distance = Distance(typed_, Comparable(name));
  if (!distance) return;
  const auto is_known = [&](const Near& near) { return near.name == name; };
  if (std::any_of(best_.begin(), best_.end(), is_known)) return;
  const auto place = std::find_if(best_.begin(), best_.end(),
                                  [&](const Near& near) { return near.distance > *distance; });
  best_.insert(place, {.name = std::string(name), .distance = *distance});
  if (best_.size() > max_count_) best_.pop_back();
}

std::vector<std::string> NearNames::Best() const {
  std::vector<std::string> names;
  for (const Near& near : best_) names.push_back(near.name);
  return names;
}

std::string NearNamesInWords(const std::vector<std::string>& names) {
  if (names.empty()) return {};
  std::vector<std::string> quoted;
  for (const std::string& name : names) {
    quoted.push_back(fmt::format("\"{}\"", Ellipsize(name, kShownBytes)));
  }
  return fmt::format("; near it: {}", fmt::join(quoted, ", "));
}

}  // namespace twohop
