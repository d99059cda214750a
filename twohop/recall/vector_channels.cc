#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "twohop/recall/channel.h"
#include "twohop/recall/take_turns.h"

namespace twohop {
namespace {

// One list per query, from the whole index.
Result<std::vector<std::vector<Candidate>>> SearchAll(const ChannelInput& input,
                                                      EmbeddingsView queries, std::size_t limit) {
  static constexpr std::array kExcluded = {kUnavailablePartition};
  // Enough to have `limit` left, whatever is left out.
  const SearchOptions options{.k = limit + input.left_out.size(), .excluded = kExcluded};
  TWOHOP_ASSIGN_OR_RETURN(const auto found, input.bundle.index().Search(queries, options));
  std::vector<std::vector<Candidate>> lists(found.size());
  for (std::size_t query = 0; query < found.size(); ++query) {
    for (const Neighbor& neighbor : found[query]) {
      if (lists[query].size() == limit) break;
      if (input.left_out.contains(neighbor.item)) continue;
      lists[query].push_back({neighbor.item, neighbor.score, std::nullopt, std::nullopt});
    }
  }
  return lists;
}

class U2iChannel final : public Channel {
 public:
  ChannelKind kind() const override { return ChannelKind::kU2i; }

  Result<std::vector<Candidate>> Find(const ChannelInput& input, std::size_t limit) const override {
    TWOHOP_ASSIGN_OR_RETURN(const Embeddings query,
                            input.bundle.user_encoder().EmbedUserPlain(input.user));
    TWOHOP_ASSIGN_OR_RETURN(auto lists, SearchAll(input, query, limit));
    return std::move(lists.front());
  }

  std::string Reason(const ChannelInput& input, const Candidate&) const override {
    return input.user.history.empty() ? "fits your profile" : "fits what you clicked lately";
  }
};

class SimilarChannel final : public Channel {
 public:
  explicit SimilarChannel(std::size_t seeds) : seeds_(seeds) {}

  ChannelKind kind() const override { return ChannelKind::kSimilar; }

  Result<std::vector<Candidate>> Find(const ChannelInput& input, std::size_t limit) const override {
    const std::vector<ItemIndex> seeds = NewestClicked(input.user.history);
    if (seeds.empty()) return std::vector<Candidate>();
    Embeddings queries(input.bundle.item_vectors().dim());
    for (const ItemIndex seed : seeds) {
      queries.Append(input.bundle.item_vectors().row(seed.value()));
    }
    TWOHOP_ASSIGN_OR_RETURN(auto lists, SearchAll(input, queries, limit));
    for (std::size_t i = 0; i < seeds.size(); ++i) {
      for (Candidate& candidate : lists[i]) candidate.seed = seeds[i];
    }
    return recall_internal::TakeTurns(lists, limit);
  }

  std::string Reason(const ChannelInput& input, const Candidate& candidate) const override {
    return fmt::format("similar to \"{}\", which you clicked",
                       input.bundle.catalog().at(*candidate.seed).title);
  }

 private:
  // Each once.
  std::vector<ItemIndex> NewestClicked(std::span<const ItemIndex> history) const {
    std::vector<ItemIndex> seeds;
    for (const ItemIndex item : history) {
      if (seeds.size() == seeds_) break;
      if (std::find(seeds.begin(), seeds.end(), item) == seeds.end()) seeds.push_back(item);
    }
    return seeds;
  }

  std::size_t seeds_;
};

}  // namespace

std::unique_ptr<const Channel> MakeU2iChannel() { return std::make_unique<const U2iChannel>(); }

std::unique_ptr<const Channel> MakeSimilarChannel(std::size_t seeds) {
  return std::make_unique<const SimilarChannel>(seeds);
}

}  // namespace twohop
