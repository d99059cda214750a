#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "twohop/recall/channel.h"
#include "twohop/recall/newest_clicked.h"
#include "twohop/recall/take_turns.h"

namespace twohop {
namespace {

// Searched on top of what turns need if nobody clicked or excluded anything near.
constexpr std::size_t kSlack = 32;

// The `pool` nearest items to each query in the whole index, less what is left out. `seeds` names
// the item behind each query, or is empty.
Result<std::vector<std::vector<Candidate>>> SearchAll(const ChannelInput& input,
                                                      EmbeddingsView queries,
                                                      std::span<const ItemIndex> seeds,
                                                      std::size_t pool) {
  static constexpr std::array kExcluded = {kUnavailablePartition};
  TWOHOP_ASSIGN_OR_RETURN(const auto found,
                          input.bundle.index().Search(queries, {.k = pool, .excluded = kExcluded}));
  std::vector<std::vector<Candidate>> lists(found.size());
  for (std::size_t query = 0; query < found.size(); ++query) {
    const auto seed = seeds.empty() ? std::nullopt : std::optional(seeds[query]);
    for (const Neighbor& neighbor : found[query]) {
      if (input.left_out.contains(neighbor.item)) continue;
      lists[query].push_back({neighbor.item, neighbor.score, std::nullopt, seed});
    }
  }
  return lists;
}

// Takes turns between the queries. A small pool is enough for all but the user whose nearest items
// are clicked already; for that one the search is done again, with a pool that is enough for sure.
Result<std::vector<Candidate>> FindByTurns(const ChannelInput& input, EmbeddingsView queries,
                                           std::span<const ItemIndex> seeds, std::size_t limit,
                                           const TimeBudget& time) {
  TWOHOP_RETURN_IF_ERROR(time.Check());
  if (queries.rows() == 0) return std::vector<Candidate>();
  const std::size_t sure = limit + input.left_out.size();
  const std::size_t usual = std::min(sure, 2 * limit / queries.rows() + kSlack);
  TWOHOP_ASSIGN_OR_RETURN(auto lists, SearchAll(input, queries, seeds, usual));
  std::vector<Candidate> taken = recall_internal::TakeTurns(lists, limit);
  if (taken.size() == limit || usual == sure) return taken;
  TWOHOP_RETURN_IF_ERROR(time.Check());
  TWOHOP_ASSIGN_OR_RETURN(lists, SearchAll(input, queries, seeds, sure));
  return recall_internal::TakeTurns(lists, limit);
}

class U2iChannel final : public Channel {
 public:
  ChannelKind kind() const override { return ChannelKind::kU2i; }

  Result<std::vector<Candidate>> Find(const ChannelInput& input, std::size_t limit,
                                      const TimeBudget& time) const override {
    TWOHOP_ASSIGN_OR_RETURN(const Embeddings query,
                            input.bundle.user_encoder().EmbedUserPlain(input.user));
    return FindByTurns(input, query, {}, limit, time);
  }

  std::string Reason(const ChannelInput& input, const Candidate&) const override {
    return input.user.history.empty() ? "fits your profile" : "fits what you clicked lately";
  }
};

class SimilarChannel final : public Channel {
 public:
  explicit SimilarChannel(std::size_t seeds) : seeds_(seeds) {}

  ChannelKind kind() const override { return ChannelKind::kSimilar; }

  Result<std::vector<Candidate>> Find(const ChannelInput& input, std::size_t limit,
                                      const TimeBudget& time) const override {
    const auto seeds = recall_internal::NewestClicked(input.user.history, seeds_);
    Embeddings queries(input.bundle.item_vectors().dim());
    for (const ItemIndex seed : seeds) {
      queries.Append(input.bundle.item_vectors().row(seed.value()));
    }
    return FindByTurns(input, queries, seeds, limit, time);
  }

  std::string Reason(const ChannelInput& input, const Candidate& candidate) const override {
    return fmt::format("similar to \"{}\", which you clicked",
                       input.bundle.catalog().at(*candidate.seed).title);
  }

 private:
  std::size_t seeds_;
};

}  // namespace

std::unique_ptr<const Channel> MakeU2iChannel() { return std::make_unique<const U2iChannel>(); }

std::unique_ptr<const Channel> MakeSimilarChannel(std::size_t seeds) {
  return std::make_unique<const SimilarChannel>(seeds);
}

}  // namespace twohop
