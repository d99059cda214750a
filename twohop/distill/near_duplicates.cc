#include "twohop/distill/near_duplicates.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "twohop/base/hash.h"
#include "twohop/base/text.h"

namespace twohop {
namespace {

constexpr std::size_t kGramWords = 3;
constexpr double kRounding = 1e-9;  // 0.9 * 10 must not come out above 9.

std::vector<std::uint64_t> GramsOf(const std::string& normal) {
  const std::vector<std::string_view> words = Split(normal, ' ');
  std::vector<std::uint64_t> grams;
  if (words.size() < kGramWords) grams.push_back(Hash64(normal));
  for (std::size_t i = 0; i + kGramWords <= words.size(); ++i) {
    const char* const begin = words[i].data();
    const std::string_view last = words[i + kGramWords - 1];
    grams.push_back(Hash64({begin, static_cast<std::size_t>(last.data() + last.size() - begin)}));
  }
  std::sort(grams.begin(), grams.end());
  grams.erase(std::unique(grams.begin(), grams.end()), grams.end());
  return grams;
}

std::size_t CountShared(const std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b) {
  std::size_t shared = 0;
  for (auto i = a.begin(), j = b.begin(); i != a.end() && j != b.end();) {
    if (*i == *j) ++shared;
    const bool advance_a = *i <= *j;
    const bool advance_b = *j <= *i;
    if (advance_a) ++i;
    if (advance_b) ++j;
  }
  return shared;
}

}  // namespace

bool NearDuplicates::AddUnlessNear(std::string_view text, std::uint64_t group) {
  const std::string normal = NormalizeName(text);
  Entry entry{.grams = GramsOf(normal), .text = Hash64(normal), .group = group};
  const std::size_t prefix = PrefixLength(entry);
  for (std::size_t i = 0; i < prefix; ++i) {
    const auto found = by_gram_.find(entry.grams[i]);
    if (found == by_gram_.end()) continue;
    for (const std::size_t other : found->second) {
      if (IsNear(entry, entries_[other])) return false;
    }
  }
  for (std::size_t i = 0; i < prefix; ++i) by_gram_[entry.grams[i]].push_back(entries_.size());
  entries_.push_back(std::move(entry));
  return true;
}

bool NearDuplicates::IsNear(const Entry& a, const Entry& b) const {
  if (a.group == b.group) return a.text == b.text;
  const std::size_t shared = CountShared(a.grams, b.grams);
  const std::size_t all = a.grams.size() + b.grams.size() - shared;
  return static_cast<double>(shared) + kRounding >= threshold_ * static_cast<double>(all);
}

// Sets of similarity t share at least t * n grams of the larger one's n, so of any n - ceil(t * n)
// + 1 grams of a set at least one is shared.
std::size_t NearDuplicates::PrefixLength(const Entry& entry) const {
  const auto size = static_cast<double>(entry.grams.size());
  const auto needed = static_cast<std::size_t>(std::ceil(threshold_ * size - kRounding));
  return entry.grams.size() - std::max<std::size_t>(needed, 1) + 1;
}

}  // namespace twohop
