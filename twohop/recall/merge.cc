#include "twohop/recall/merge.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "twohop/recall/candidate_queue.h"

namespace twohop {
namespace {

using recall_internal::CandidateQueue;
using recall_internal::ShownItems;

// Bit c: the channel c found the item.
using ChannelSet = std::uint8_t;
static_assert(kChannelCount <= 8);

constexpr ChannelSet Bit(ChannelKind channel) {
  return static_cast<ChannelSet>(1U << static_cast<unsigned>(channel));
}

std::unordered_map<ItemIndex, ChannelSet> WhoFoundWhat(
    std::span<const ChannelCandidates> channels) {
  std::unordered_map<ItemIndex, ChannelSet> found;
  for (const ChannelCandidates& channel : channels) {
    for (const Candidate& candidate : channel.candidates) {
      found[candidate.item] |= Bit(channel.channel);
    }
  }
  return found;
}

std::vector<ChannelKind> ChannelsOf(ChannelSet set) {
  std::vector<ChannelKind> channels;
  for (std::size_t i = 0; i < kChannelCount; ++i) {
    const auto channel = static_cast<ChannelKind>(i);
    if ((set & Bit(channel)) != 0) channels.push_back(channel);
  }
  return channels;
}

// One channel while a page is filled.
struct Line {
  Line(const ChannelCandidates& channel, const MergeOptions& options, std::size_t k)
      : kind(channel.channel),
        rules(channel.rules),
        queue(channel.candidates, options.diversity, options.item_vectors) {
    if (has_places()) {
      limit = static_cast<std::size_t>(
          std::ranges::count_if(rules.places, [k](std::size_t place) { return place <= k; }));
    } else {
      limit = rules.max_items == 0 ? k : std::min(k, rules.max_items);
      share = channel.share;
    }
  }

  bool has_places() const { return !rules.places.empty(); }

  ChannelKind kind;
  const PlaceRules& rules;
  CandidateQueue queue;
  double share = 0.0;     // 0 if it has places of its own.
  std::size_t limit = 0;  // Items at most.
  std::size_t quota = 0;  // Items before it waits for the others.
  std::size_t taken = 0;
};

class Merger {
 public:
  Merger(std::span<const ChannelCandidates> channels, std::size_t k, const MergeOptions& options)
      : found_by_(WhoFoundWhat(channels)), shown_(options.item_vectors) {
    lines_.reserve(channels.size());
    for (const ChannelCandidates& channel : channels) lines_.emplace_back(channel, options, k);
    SetQuotas(k);
  }

  // The item of the next place, if any is left.
  std::optional<MergedItem> Next() {
    Line* const line = LineOfNextPlace();
    if (line == nullptr) return std::nullopt;
    const Candidate candidate = line->queue.Take(shown_);
    shown_.Add(candidate.item);
    ++line->taken;
    ++places_;
    if (!line->has_places()) ++shared_places_;
    const auto others = static_cast<ChannelSet>(found_by_[candidate.item] & ~Bit(line->kind));
    return MergedItem{candidate, line->kind, ChannelsOf(others)};
  }

 private:
  // The places without an owner are divided by the shares.
  void SetQuotas(std::size_t k) {
    std::vector<double> shares;
    for (const Line& line : lines_) {
      total_share_ += line.share;
      if (line.has_places()) {
        k -= line.limit;
      } else {
        shares.push_back(line.share);
      }
    }
    const std::vector<std::size_t> quotas = Quotas(shares, k);
    auto quota = quotas.begin();
    for (Line& line : lines_) {
      line.quota = line.has_places() ? line.limit : std::min(line.limit, *quota++);
    }
  }

  Line* LineOfNextPlace() {
    const std::size_t place = places_ + 1;
    const auto owns = [place](const Line& line) {
      return std::ranges::binary_search(line.rules.places, place);
    };
    const auto may_fill = [place](const Line& line) {
      return !line.has_places() && place >= line.rules.first_place;
    };
    if (Line* const owner = FurthestBehind(owns); owner != nullptr) return owner;
    if (Line* const line = FurthestBehind(may_fill); line != nullptr) return line;
    return FurthestBehind([](const Line&) { return true; });
  }

  template <typename Allowed>
  Line* FurthestBehind(Allowed allowed) {
    Line* best = nullptr;
    for (Line& line : lines_) {
      if (line.taken >= line.limit || !allowed(line) || !line.queue.HasItem(shown_)) continue;
      if (best == nullptr || GoesBefore(line, *best)) best = &line;
    }
    return best;
  }

  bool GoesBefore(const Line& a, const Line& b) const {
    const bool a_waits = a.taken >= a.quota;
    const bool b_waits = b.taken >= b.quota;
    return a_waits != b_waits ? b_waits : Lag(a) > Lag(b);
  }

  double Lag(const Line& line) const {
    if (total_share_ == 0.0) return 0.0;
    const auto places = static_cast<double>(shared_places_ + 1);
    return line.share / total_share_ * places - static_cast<double>(line.taken);
  }

  std::unordered_map<ItemIndex, ChannelSet> found_by_;
  ShownItems shown_;
  std::vector<Line> lines_;
  double total_share_ = 0.0;
  std::size_t places_ = 0;         // Filled so far.
  std::size_t shared_places_ = 0;  // Of these, by channels without places of their own.
};

}  // namespace

Status PlaceRules::Validate() const {
  if (first_place == 0) return InvalidArgument("first_place is 0; places count from 1");
  if (places.empty()) return Ok();
  if (max_items != 0 || first_place != 1) {
    return InvalidArgument("places excludes max_items and first_place");
  }
  if (places.front() == 0) return InvalidArgument("a place is 0; places count from 1");
  for (std::size_t i = 1; i < places.size(); ++i) {
    if (places[i - 1] >= places[i]) return InvalidArgument("places do not ascend");
  }
  return Ok();
}

std::vector<std::size_t> Quotas(std::span<const double> shares, std::size_t k) {
  const double total = std::accumulate(shares.begin(), shares.end(), 0.0);
  std::vector<std::size_t> quotas;
  std::vector<double> remainders;
  for (const double share : shares) {
    const double exact = share / total * static_cast<double>(k);
    quotas.push_back(static_cast<std::size_t>(exact));
    remainders.push_back(exact - std::floor(exact));
  }
  std::size_t given = std::accumulate(quotas.begin(), quotas.end(), std::size_t{0});
  for (; given < k && !quotas.empty(); ++given) {
    const auto largest = std::max_element(remainders.begin(), remainders.end());
    ++quotas[static_cast<std::size_t>(largest - remainders.begin())];
    *largest = -1.0;
  }
  return quotas;
}

std::vector<MergedItem> Merge(std::span<const ChannelCandidates> channels, std::size_t k,
                              const MergeOptions& options) {
  std::vector<MergedItem> merged;
  Merger merger(channels, k, options);
  while (merged.size() < k) {
    auto item = merger.Next();
    if (!item.has_value()) break;
    merged.push_back(*std::move(item));
  }
  return merged;
}

}  // namespace twohop
