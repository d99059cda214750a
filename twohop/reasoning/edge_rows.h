// Between the records of a store and the rows of files and graphs.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "twohop/base/clock.h"
#include "twohop/base/result.h"
#include "twohop/domain/taxonomy.h"
#include "twohop/reasoning/demand_edges.h"
#include "twohop/reasoning/edge_store.h"

namespace twohop {

// A teacher's rows as records of both hops for kAnySegment. Rows with the same demand become one:
// its categories are the first ones of all rows, then the second ones, and so on; what one row
// calls for and another calls a stretch is called for. `model` is who taught; may be empty.
std::vector<EdgeRecord> TeacherRecords(std::span<const DemandEdges> rows, const Taxonomy& taxonomy,
                                       const std::string& model, TimePoint now);

// What a store comes to.
struct EdgeRows {
  // One for each demand that leads somewhere, ordered by NormalizeName of the demand; searches are
  // ordered likewise.
  std::vector<DemandEdges> rows;
  std::vector<EdgeSource> sources;  // Of the categories of each row.
  std::vector<std::string> ids;     // EdgeRecord::id of each row.
  std::uint64_t hidden = 0;         // Records that are left out because too few users came to them.
  std::uint64_t damaged = 0;        // ... because they cannot be read.

  // Of what teachers and people wrote. What models add on the way is left out, so that every
  // answer does not make the interests of all users outdated.
  std::uint64_t fingerprint = 0;
};

// The edges as they hold: by hand before teachers before models, names followed to what they mean,
// removed, expired and hidden ones left out. `only` keeps the rows of one source.
//
// Errors: those of EdgeStore::ForEach.
Result<EdgeRows> ReadEdgeRows(const EdgeStore& store, const Taxonomy& taxonomy,
                              std::optional<EdgeSource> only = std::nullopt);

}  // namespace twohop
