// Correcting shared edges by hand.

#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/base/result.h"
#include "twohop/domain/taxonomy.h"
#include "twohop/reasoning/edge_store.h"

namespace twohop {

// What becomes of a demand.
struct DemandEdit {
  std::vector<CategoryIndex> add;     // Behind those that it calls for; a stretch is moved there.
  std::vector<CategoryIndex> drop;    // Neither called for nor a stretch any more.
  std::optional<std::string> rename;  // Its new words.
  bool create = false;                // If there is no such demand, `add` makes it.
};

// Writes the edited demand as a record by hand, which goes before what teachers and models say, now
// and after they are imported or asked again. Returns the record.
//
// Errors: kNotFound if there is no such demand; kInvalidArgument if a category to drop is not
// there, none would be left, nothing would change or the new name belongs to another demand; those
// of EdgeStore.
Result<EdgeRecord> EditDemand(EdgeStore& store, const Taxonomy& taxonomy, const std::string& demand,
                              const DemandEdit& edit);

// Takes a demand or search away: removes the records of it by hand and of models, and where a
// teacher has one, writes by hand that it leads nowhere, so that an import does not bring it back.
// With `source`, removes the records of that source and does no more. Returns how many there were.
//
// Errors: kNotFound if there are none; those of EdgeStore.
Result<std::size_t> RemoveEdges(EdgeStore& store, EdgeHop hop, const std::string& text,
                                std::optional<EdgeSource> source);

// Removes the records of both hops for which `matches` holds, hidden ones too. Returns how many.
//
// Errors: those of EdgeStore.
Result<std::size_t> RemoveEdgesWhere(EdgeStore& store,
                                     const std::function<bool(const EdgeRecord&)>& matches);

}  // namespace twohop
