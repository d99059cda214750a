// What demands call for, shared by all users: both hops without a language model.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "twohop/base/embeddings.h"
#include "twohop/base/result.h"
#include "twohop/reasoning/category_space.h"
#include "twohop/reasoning/demand_edges.h"
#include "twohop/reasoning/search_reading.h"

namespace twohop {

// How much each kind of evidence says that a demand stands behind a search. Chosen on 300 users of
// data/community/teacher.jsonl, each left out in turn (once with all rows from the user's search
// categories left out too), by how many of the teacher's own interests were found;
// docs/benchmarks.md has the figures. near_written is the better of two that were tried.
struct DemandGraphOptions {
  float same_search = 4.0F;   // Somebody with this demand made this very search.
  float near_source = 1.0F;   // Searches of a category like this one's come from it; for each.
  float near_called = 0.1F;   // It calls for a category like this search's; for each.
  float near_text = 6.0F;     // Its words are like the search's.
  float near_written = 2.0F;  // Its words are like a demand that a model wrote for this search.
  float category_temperature = 0.06F;  // A cosine lower by this counts e times less.
  float text_temperature = 0.12F;
  std::size_t max_demands = 40;  // Followed from one search: the best ones. At least 1.
  // A category whose searches a demand is behind is under that demand too, but it is not known how
  // plainly. 0: never reached.
  float source_weight = 0.6F;
  // A category that a demand calls for counts this much less than the one before it in the list.
  float rank_decay = 0.93F;
};

// A category under a demand.
struct CalledCategory {
  CategoryIndex category;
  float weight = 0.0F;  // In (0, 1]: how plainly the demand calls for it.

  friend bool operator==(const CalledCategory&, const CalledCategory&) = default;
};

// A demand that was reached from a search.
struct FollowedDemand {
  std::uint32_t demand = 0;  // Position in the graph.
  float weight = 0.0F;       // In (0, 1]; those of one search sum to 1.

  friend bool operator==(const FollowedDemand&, const FollowedDemand&) = default;
};

// A bipartite graph of demands and categories. A search enters it at its category, its words and
// its own text, and goes up to demands; from a demand it goes down to the categories that the
// demand calls for. Where searches of a category never led to a demand, the demands that call for
// that category are the way up: two categories under one demand are co-hyponyms, in either
// direction.
//
// D is the number of demands, C that of categories, T the dimension of the text vectors.
//
// Immutable. Thread-safe.
class DemandGraph {
 public:
  // `vectors` is float32 [D, T]: row i is the vector of the text edges[i].demand; rows are scaled
  // to L2 norm 1. Several rows may have the same demand.
  //
  // Errors: kInvalidArgument if there is no demand, the shape is another one or a row is zero or
  // not finite.
  static Result<DemandGraph> Build(std::vector<DemandEdges> edges, Embeddings vectors,
                                   std::shared_ptr<const CategorySpace> space,
                                   const DemandGraphOptions& options = {});

  std::size_t size() const { return demands_.size(); }  // D
  const std::string& text(std::uint32_t demand) const { return demands_[demand].text; }

  // [T], L2 norm 1.
  std::span<const float> vector(std::uint32_t demand) const { return vectors_.row(demand); }

  // True if a demand is behind this search, or behind another one of the category that it means.
  bool Knows(std::string_view search) const;

  // Hop 1: the demands behind `search`, best first. `vector` is the search's own text vector [T],
  // of L2 norm 1. `written` is [W, T], the text vectors of demands that a model wrote for the
  // search, of norm 1 too; it may have no rows. Takes (C + D * (1 + W)) * T multiplications.
  std::vector<FollowedDemand> DemandsBehind(std::string_view search, std::span<const float> vector,
                                            const SearchReading& reading,
                                            const Embeddings& written = {}) const;

  // Hop 2; each category once.
  std::span<const CalledCategory> CategoriesUnder(std::uint32_t demand) const {
    return demands_[demand].categories;
  }

 private:
  struct Demand {
    std::string text;
    std::vector<CategoryIndex> sources;  // Of its searches; each once.
    std::vector<CalledCategory> called;
    std::vector<CalledCategory> categories;  // What is called and the sources.
  };

  DemandGraph(std::shared_ptr<const CategorySpace> space, Embeddings vectors,
              const DemandGraphOptions& options)
      : space_(std::move(space)), vectors_(std::move(vectors)), options_(options) {}

  void Add(const DemandEdges& edges);
  float Evidence(std::uint32_t demand, std::span<const float> vector,
                 std::span<const float> nearness, const Embeddings& written) const;

  std::shared_ptr<const CategorySpace> space_;
  Embeddings vectors_;
  DemandGraphOptions options_;
  std::vector<Demand> demands_;
  // By NormalizeName of a search.
  std::unordered_map<std::string, std::vector<std::uint32_t>> by_search_;
  std::vector<bool> is_source_;  // By CategoryIndex: a demand is behind a search of it.
};

}  // namespace twohop
