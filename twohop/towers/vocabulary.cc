#include "twohop/towers/vocabulary.h"

#include <utility>

#include "twohop/base/check.h"
#include "twohop/base/hash.h"
#include "twohop/base/text.h"

namespace twohop {

Vocabulary::Vocabulary(std::vector<std::string> names) {
  for (std::string& name : names) {
    if (name.empty()) continue;
    const auto row = static_cast<std::uint32_t>(names_.size() + 1);
    if (row_of_.emplace(name, row).second) names_.push_back(std::move(name));
  }
}

std::uint32_t Vocabulary::Row(std::string_view name) const {
  const auto found = row_of_.find(std::string(name));
  return found == row_of_.end() ? kUnknownRow : found->second;
}

std::uint32_t HashedRow(std::string_view name, std::size_t buckets) {
  TWOHOP_DCHECK(buckets > 0);
  const std::string normalized = NormalizeName(name);
  if (normalized.empty()) return kUnknownRow;
  return static_cast<std::uint32_t>(1 + Hash64(normalized) % buckets);
}

}  // namespace twohop
