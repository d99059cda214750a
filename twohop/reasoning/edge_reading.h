// What the records of a store say about a demand, once they are put together.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/base/result.h"
#include "twohop/domain/taxonomy.h"
#include "twohop/reasoning/edge_store.h"

namespace twohop {

// The record that counts for a demand, and the one whose categories hold for it: the same one
// unless it is another name (EdgeRecord::same_as).
struct DemandReading {
  EdgeRecord own;
  EdgeRecord meant;
};

// Among the records of several sources the one that counts is by hand, else a teacher's, else that
// of a model. `model_key` says of which model; without it, the newest of any that is not hidden.
// Nothing if there is no such record. A name that leads in a circle is read as removed.
//
// Errors: those of EdgeStore::FindAll.
Result<std::optional<DemandReading>> ReadDemand(const EdgeStore& store, std::string_view demand,
                                                const EdgeKey* model_key = nullptr);

// Categories by id; those that the taxonomy does not have are left out.
std::vector<CategoryIndex> CategoriesOf(const std::vector<std::string>& ids,
                                        const Taxonomy& taxonomy);
std::vector<std::string> IdsOf(const std::vector<CategoryIndex>& categories,
                               const Taxonomy& taxonomy);

}  // namespace twohop
