#include "twohop/simulate/title.h"

#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "twohop/base/text.h"

namespace twohop::simulate_internal {
namespace {

const std::string& Pick(const std::vector<std::string>& values, Rng& rng) {
  return values[rng.Below(values.size())];
}

// "Waterproof Shell Jacket, waterproof" says it twice.
bool SaysAlready(std::string_view text, std::string_view tag) {
  return NormalizeName(text).find(NormalizeName(tag)) != std::string::npos;
}

// "light roast, medium roast" contradicts itself.
bool EndAlike(std::string_view a, std::string_view b) {
  return Split(a, ' ').back() == Split(b, ' ').back();
}

std::string DrawTitle(const Item& item, const ProductRange& range, Rng& rng) {
  const std::string& product = Pick(range.products, rng);
  const std::string& variant = Pick(range.variants, rng);
  std::string title = fmt::format("{} {}", item.brand, product);
  if (!item.tags.empty()) {
    const std::string& tag = Pick(item.tags, rng);
    const bool repeats = SaysAlready(title, tag) || SaysAlready(variant, tag);
    if (!repeats && !EndAlike(variant, tag)) title += ", " + tag;
  }
  return title + ", " + variant;
}

}  // namespace

std::string DrawUniqueTitle(const Item& item, const ProductRange& range,
                            std::set<std::string>& taken, Rng& rng) {
  constexpr int kAttempts = 8;
  std::string title;
  for (int i = 0; i < kAttempts; ++i) {
    title = DrawTitle(item, range, rng);
    if (taken.insert(title).second) return title;
  }
  for (int edition = 2;; ++edition) {
    std::string numbered = fmt::format("{}, edition {}", title, edition);
    if (taken.insert(numbered).second) return numbered;
  }
}

}  // namespace twohop::simulate_internal
