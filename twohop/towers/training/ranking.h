// Where held-out clicks rank among all items, and what that is worth.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "twohop/base/embeddings.h"
#include "twohop/base/result.h"
#include "twohop/domain/catalog.h"
#include "twohop/towers/training/training_data.h"
#include "twohop/towers/two_tower.h"

namespace twohop {

// What users are embedded under.
enum class UserView : std::uint8_t {
  kPlain,        // Nothing.
  kOwnCategory,  // The category of the row's own item.
};

// How many items come before `item` by their scores [N], those in `clicked` left out; ties by
// ascending index. 0 is first.
std::size_t RankAmongUnclicked(std::uint32_t item, std::span<const float> scores,
                               std::span<const ItemIndex> clicked);

// RankAmongUnclicked of each row's item for its user, by the row's history. Takes rows · items
// inner products on `threads` threads (0: one per core).
//
// Errors: kCancelled if a stop is requested; those of TwoTower::EmbedUser.
Result<std::vector<std::size_t>> RankRows(const TwoTower& tower, const Catalog& catalog,
                                          EmbeddingsView category_vectors, const TrainingData& data,
                                          std::span<const TrainingRow> rows, UserView view,
                                          std::size_t threads, const std::stop_token& stop);

// Share of ranks below `cutoff`; 0 for none. With one relevant item a row this is recall, too.
double HitRateAt(std::span<const std::size_t> ranks, std::size_t cutoff);

// Mean of 1 / log2(2 + rank) of the ranks below `cutoff`, which is NDCG with one relevant item.
double NdcgAt(std::span<const std::size_t> ranks, std::size_t cutoff);

}  // namespace twohop
