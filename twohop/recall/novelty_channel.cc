#include <algorithm>
#include <array>
#include <map>

#include "twohop/recall/channel.h"
#include "twohop/recall/channel_input.h"
#include "twohop/recall/interest_distance.h"
#include "twohop/recall/take_turns.h"

namespace twohop {
namespace {

// Items of the level 1 that are looked at for each interest, at least: enough for the interest's
// own category to be among them, which then comes first.
constexpr std::size_t kMinPool = 100;

bool IsUnwanted(const ChannelInput& input, ItemIndex item) {
  return std::binary_search(input.unwanted.begin(), input.unwanted.end(),
                            input.bundle.catalog().at(item).category);
}

// `found` is ordered by descending score, and so is each of the three parts of the result.
std::vector<Candidate> ClosestFirst(const ChannelInput& input, const LiveInterest& interest,
                                    std::span<const Neighbor> found) {
  std::array<std::vector<Candidate>, 3> parts;
  for (const Neighbor& neighbor : found) {
    if (input.left_out.contains(neighbor.item) || IsUnwanted(input, neighbor.item)) continue;
    parts[recall_internal::Distance(input.bundle.catalog(), interest, neighbor.item)].push_back(
        {neighbor.item, neighbor.score, interest.position, std::nullopt});
  }
  std::vector<Candidate> candidates = std::move(parts[0]);
  for (const std::size_t part : {1, 2}) {
    candidates.insert(candidates.end(), parts[part].begin(), parts[part].end());
  }
  return candidates;
}

std::vector<Level1Index> AllBut(Level1Index level1, const Taxonomy& taxonomy) {
  std::vector<Level1Index> others = {kUnavailablePartition};
  for (std::uint32_t i = 0; i < taxonomy.level1_count(); ++i) {
    if (Level1Index(i) != level1) others.emplace_back(i);
  }
  return others;
}

std::size_t LeftOutOf(const ChannelInput& input, Level1Index level1) {
  const auto count = std::count_if(
      input.left_out.begin(), input.left_out.end(),
      [&](ItemIndex item) { return input.bundle.catalog().level1_of(item) == level1; });
  return static_cast<std::size_t>(count);
}

class NoveltyChannel final : public Channel {
 public:
  ChannelKind kind() const override { return ChannelKind::kNovelty; }

  Result<std::vector<Candidate>> Find(const ChannelInput& input, std::size_t limit,
                                      const TimeBudget& time) const override {
    if (input.interests.empty()) return std::vector<Candidate>();
    TWOHOP_ASSIGN_OR_RETURN(const Embeddings queries, recall_internal::EmbedInterests(input));
    std::map<Level1Index, std::vector<std::size_t>> by_level1;
    for (std::size_t i = 0; i < input.interests.size(); ++i) {
      by_level1[input.interests[i].level1].push_back(i);
    }
    std::vector<std::vector<Candidate>> lists(input.interests.size());
    for (const auto& [level1, interests] : by_level1) {
      TWOHOP_RETURN_IF_ERROR(time.Check());
      TWOHOP_RETURN_IF_ERROR(SearchLevel1(input, level1, interests, queries, limit, lists));
    }
    return recall_internal::TakeTurns(lists, limit);
  }

  std::string Reason(const ChannelInput& input, const Candidate& candidate) const override {
    return recall_internal::InterestReason(input, candidate);
  }

 private:
  // Interests of one level 1 share a pass over its partition.
  static Status SearchLevel1(const ChannelInput& input, Level1Index level1,
                             std::span<const std::size_t> interests, const Embeddings& queries,
                             std::size_t limit, std::vector<std::vector<Candidate>>& lists) {
    Embeddings batch(queries.dim());
    for (const std::size_t interest : interests) batch.Append(queries.row(interest));
    const auto excluded = AllBut(level1, input.bundle.catalog().taxonomy());
    const std::size_t pool = std::max(2 * limit, kMinPool) + LeftOutOf(input, level1);
    TWOHOP_ASSIGN_OR_RETURN(const auto found,
                            input.bundle.index().Search(batch, {.k = pool, .excluded = excluded}));
    for (std::size_t i = 0; i < interests.size(); ++i) {
      lists[interests[i]] = ClosestFirst(input, input.interests[interests[i]], found[i]);
    }
    return Ok();
  }
};

}  // namespace

std::unique_ptr<const Channel> MakeNoveltyChannel() {
  return std::make_unique<const NoveltyChannel>();
}

}  // namespace twohop
