#include "twohop/reasoning/edge_reading.h"

#include <algorithm>
#include <utility>

#include "twohop/base/text.h"

namespace twohop {
namespace {

// A name of a name of a name ...: as far as anybody renames in earnest.
constexpr std::size_t kMaxNames = 8;

bool Counts(const EdgeRecord& record, const EdgeKey* model_key) {
  if (record.key.source != EdgeSource::kModel) return true;
  if (model_key == nullptr) return !record.hidden;
  // A hidden record does not know its own text.
  return record.key.segment == model_key->segment && record.key.hint == model_key->hint &&
         record.key.prompt_version == model_key->prompt_version &&
         record.key.model == model_key->model;
}

Result<std::optional<EdgeRecord>> FindBest(const EdgeStore& store, std::string_view demand,
                                           const EdgeKey* model_key) {
  TWOHOP_ASSIGN_OR_RETURN(std::vector<EdgeRecord> all, store.FindAll(EdgeHop::kDemand, demand));
  const auto best = std::find_if(
      all.begin(), all.end(), [&](const EdgeRecord& record) { return Counts(record, model_key); });
  if (best == all.end()) return std::nullopt;
  return std::move(*best);
}

}  // namespace

Result<std::optional<DemandReading>> ReadDemand(const EdgeStore& store, std::string_view demand,
                                                const EdgeKey* model_key) {
  TWOHOP_ASSIGN_OR_RETURN(auto own, FindBest(store, NormalizeName(demand), model_key));
  if (!own.has_value()) return std::nullopt;
  DemandReading reading{.own = *own, .meant = *std::move(own)};
  for (std::size_t i = 0; !reading.meant.same_as.empty(); ++i) {
    TWOHOP_ASSIGN_OR_RETURN(auto next,
                            FindBest(store, NormalizeName(reading.meant.same_as), model_key));
    // Where the other demand is gone, what was copied from it still holds.
    if (!next.has_value()) break;
    if (i == kMaxNames) {
      reading.meant.targets.clear();
      break;
    }
    reading.meant = *std::move(next);
  }
  return reading;
}

std::vector<CategoryIndex> CategoriesOf(const std::vector<std::string>& ids,
                                        const Taxonomy& taxonomy) {
  std::vector<CategoryIndex> categories;
  for (const std::string& id : ids) {
    const auto category = taxonomy.FindById(id);
    if (!category) continue;
    // Two ids may have become one category.
    if (std::find(categories.begin(), categories.end(), *category) != categories.end()) continue;
    categories.push_back(*category);
  }
  return categories;
}

std::vector<std::string> IdsOf(const std::vector<CategoryIndex>& categories,
                               const Taxonomy& taxonomy) {
  std::vector<std::string> ids;
  for (const CategoryIndex category : categories) ids.push_back(taxonomy.at(category).id);
  return ids;
}

}  // namespace twohop
