// Shared edges for people to read.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "twohop/base/json.h"
#include "twohop/base/result.h"
#include "twohop/domain/taxonomy.h"
#include "twohop/reasoning/edge_store.h"
#include "twohop/reasoning/merge_measure.h"

namespace twohop::app {

struct EdgeFilter {
  EdgeHop hop = EdgeHop::kDemand;
  std::optional<EdgeSource> source;
  std::string like;         // In the text, or in a target, compared as NormalizeName has them.
  std::size_t limit = 100;  // 0: all.
};

struct EdgeListing {
  std::vector<EdgeRecord> records;   // At most `limit`, ordered by NormalizeName of the text.
  std::size_t matching = 0;          // All that the filter lets through.
  std::size_t hidden = 0;            // Of its hop and source; never listed.
  std::vector<std::string> damaged;  // What cannot be read.
};

// Targets of demands are labels of categories here; those that the taxonomy does not have keep
// their id.
//
// Errors: those of EdgeStore::ForEach.
Result<EdgeListing> ListEdges(const EdgeStore& store, const Taxonomy& taxonomy,
                              const EdgeFilter& filter);
std::string DescribeListing(const EdgeListing& listing, TimePoint now);
Json ListingToJson(const EdgeListing& listing);

struct SimilarDemand {
  std::string demand;
  float cosine = 0.0F;
  std::size_t shared = 0;  // Categories that both call for.
};

// All about one text, as a demand and as a search. Targets as in EdgeListing.
struct EdgeDetails {
  std::vector<EdgeRecord> as_demand;   // As EdgeStore::FindAll orders them: the first one counts.
  std::optional<EdgeRecord> meant;     // If the demand is another name.
  std::vector<std::string> searches;   // That lead to the demand.
  std::vector<SimilarDemand> similar;  // Nearest first; those of models only if they are listed.
  std::vector<EdgeRecord> as_search;
};

// `encoder` made the vectors that demands are compared by. The text was given, so its hidden
// records are shown too.
//
// Errors: kNotFound if there is nothing under this text; those of EdgeStore.
Result<EdgeDetails> FindEdgeDetails(const EdgeStore& store, const Taxonomy& taxonomy,
                                    const std::string& encoder, const std::string& text);
std::string DescribeDetails(const EdgeDetails& details);
Json DetailsToJson(const EdgeDetails& details);

std::string DescribeMerges(const std::vector<MergeRow>& rows);

}  // namespace twohop::app
