#include "twohop/recall/merge.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <unordered_map>
#include <unordered_set>

namespace twohop {
namespace {

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

std::vector<double> SharesOf(std::span<const ChannelCandidates> channels) {
  std::vector<double> shares;
  for (const ChannelCandidates& channel : channels) shares.push_back(channel.share);
  return shares;
}

class Merger {
 public:
  Merger(std::span<const ChannelCandidates> channels, std::size_t k)
      : channels_(channels),
        shares_(SharesOf(channels)),
        quotas_(Quotas(shares_, k)),
        total_share_(std::accumulate(shares_.begin(), shares_.end(), 0.0)),
        found_by_(WhoFoundWhat(channels)),
        next_(channels.size()),
        taken_(channels.size()) {}

  // The item of the next place, if any is left.
  std::optional<MergedItem> Next() {
    const auto channel = FurthestBehind();
    if (!channel.has_value()) return std::nullopt;
    const Candidate& candidate = channels_[*channel].candidates[next_[*channel]];
    const ChannelKind kind = channels_[*channel].channel;
    shown_.insert(candidate.item);
    ++taken_[*channel];
    ++places_;
    const auto others = static_cast<ChannelSet>(found_by_[candidate.item] & ~Bit(kind));
    return MergedItem{candidate, kind, ChannelsOf(others)};
  }

 private:
  std::optional<std::size_t> FurthestBehind() {
    std::optional<std::size_t> best;
    for (std::size_t channel = 0; channel < channels_.size(); ++channel) {
      if (HasItem(channel) && (!best.has_value() || GoesBefore(channel, *best))) best = channel;
    }
    return best;
  }

  bool HasItem(std::size_t channel) {
    const auto& candidates = channels_[channel].candidates;
    std::size_t& next = next_[channel];
    while (next < candidates.size() && shown_.contains(candidates[next].item)) ++next;
    return next < candidates.size();
  }

  bool GoesBefore(std::size_t a, std::size_t b) const {
    const bool a_waits = taken_[a] >= quotas_[a];
    const bool b_waits = taken_[b] >= quotas_[b];
    return a_waits != b_waits ? b_waits : Lag(a) > Lag(b);
  }

  double Lag(std::size_t channel) const {
    const auto places = static_cast<double>(places_ + 1);
    return shares_[channel] / total_share_ * places - static_cast<double>(taken_[channel]);
  }

  std::span<const ChannelCandidates> channels_;
  std::vector<double> shares_;
  std::vector<std::size_t> quotas_;
  double total_share_;
  std::unordered_map<ItemIndex, ChannelSet> found_by_;
  std::unordered_set<ItemIndex> shown_;
  std::vector<std::size_t> next_;   // Position in each channel's candidates.
  std::vector<std::size_t> taken_;  // Places that each channel fills.
  std::size_t places_ = 0;
};

}  // namespace

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

std::vector<MergedItem> Merge(std::span<const ChannelCandidates> channels, std::size_t k) {
  std::vector<MergedItem> merged;
  Merger merger(channels, k);
  while (merged.size() < k) {
    auto item = merger.Next();
    if (!item.has_value()) break;
    merged.push_back(*std::move(item));
  }
  return merged;
}

}  // namespace twohop
