// The second guard, with what it need not be asked again.

#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <unordered_set>

#include "twohop/base/result.h"
#include "twohop/llm/embedding_client.h"
#include "twohop/reasoning/category_space.h"
#include "twohop/reasoning/demand_graph.h"
#include "twohop/reasoning/sensitive_demands.h"

namespace twohop {

// Which texts the second guard calls sensitive. Without one: none, at no cost.
//
// Thread-safe. `embedder` and `space` must outlive it.
class SensitiveTexts {
 public:
  // Judges the demands of `edges` once for all; null: there are none.
  SensitiveTexts(std::shared_ptr<const SensitiveDemands> guard, const DemandGraph* edges,
                 EmbeddingClient& embedder, const CategorySpace& space);

  // Those of `texts` that are sensitive. Embeds the ones that are not of the edges in one call.
  //
  // Errors: those of EmbedForSpace.
  Result<std::unordered_set<std::string>> FindIn(const std::unordered_set<std::string>& texts,
                                                 std::stop_token stop) const;

 private:
  const std::shared_ptr<const SensitiveDemands> guard_;
  EmbeddingClient& embedder_;
  const CategorySpace& space_;
  std::unordered_set<std::string> judged_;
  std::unordered_set<std::string> sensitive_;  // Of judged_.
};

}  // namespace twohop
