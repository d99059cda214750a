#include "twohop/towers/training/training_data.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "twohop/base/check.h"
#include "twohop/base/hash.h"

namespace twohop {
namespace {

std::string_view AsBytes(std::span<const ItemIndex> items) {
  return {reinterpret_cast<const char*>(items.data()), items.size_bytes()};
}

void SortUnique(std::vector<ItemIndex>& items) {
  std::ranges::sort(items);
  items.erase(std::ranges::unique(items).begin(), items.end());
}

}  // namespace

std::span<const ItemIndex> TrainingData::HistoryBefore(const TrainingRow& row,
                                                       std::size_t window) const {
  const std::size_t before = row.click - click_begin_[row.user];
  const std::size_t taken = std::min(before, window);
  return std::span(clicks_).subspan(row.click - taken, taken);
}

bool TrainingData::HasClicked(std::uint32_t user, ItemIndex item) const {
  return std::ranges::binary_search(clicked_[user], item);
}

std::span<const ItemIndex> TrainingData::shown_only(std::uint32_t user) const {
  return shown_only_[user];
}

void TrainingDataBuilder::SetProfile(UserProfile profile) {
  const UserId id = profile.id;
  profiles_.insert_or_assign(id, std::move(profile));
}

void TrainingDataBuilder::Add(const UserId& user, ItemIndex item, TimePoint time,
                              InteractionKind kind) {
  TWOHOP_CHECK(item.value() < items_);
  const auto [found, is_new] = user_of_.emplace(user, static_cast<std::uint32_t>(users_.size()));
  if (is_new) users_.push_back(user);
  interactions_.push_back(
      {.time = time, .user = found->second, .item = item.value(), .kind = kind});
  if (kind == InteractionKind::kClicked) ++clicks_;
}

Result<TrainingData> TrainingDataBuilder::Build(double heldout_share, double validation_share) && {
  TWOHOP_CHECK(heldout_share >= 0 && validation_share >= 0 && heldout_share + validation_share < 1);
  Sort();
  return std::move(*this).BuildAt({.validation = SplitTime(heldout_share + validation_share),
                                   .heldout = SplitTime(heldout_share)});
}

Result<TrainingData> TrainingDataBuilder::BuildAt(const TimeSplit& split) && {
  TWOHOP_CHECK(split.validation <= split.heldout);
  Sort();
  TrainingData data;
  FillUsers(data);
  FillClicks(data);
  FillRows(split, data);
  FillShown(split.validation, data);
  if (data.training_rows_.empty()) {
    return FailedPrecondition("there are no clicks on items of the catalogue to learn from");
  }
  data.fingerprint_ = FingerprintOf(data);
  return data;
}

void TrainingDataBuilder::Sort() {
  std::ranges::stable_sort(interactions_, {}, &Interaction::time);
}

TimePoint TrainingDataBuilder::SplitTime(double share) const {
  const auto after = static_cast<std::size_t>(share * static_cast<double>(clicks_));
  std::size_t later = 0;
  for (auto it = interactions_.rbegin(); after > 0 && it != interactions_.rend(); ++it) {
    if (it->kind == InteractionKind::kClicked && ++later == after) return it->time;
  }
  return TimePoint::max();
}

void TrainingDataBuilder::FillUsers(TrainingData& data) {
  for (const UserId& user : users_) {
    const auto found = profiles_.find(user);
    data.profiles_.push_back(found == profiles_.end() ? UserProfile{.id = user}
                                                      : std::move(found->second));
  }
}

void TrainingDataBuilder::FillClicks(TrainingData& data) const {
  data.click_begin_.assign(users_.size() + 1, 0);
  for (const Interaction& one : interactions_) {
    if (one.kind == InteractionKind::kClicked) ++data.click_begin_[one.user + 1];
  }
  for (std::size_t i = 1; i < data.click_begin_.size(); ++i) {
    data.click_begin_[i] += data.click_begin_[i - 1];
  }
  data.clicks_.resize(clicks_);
}

// Interactions are in order of time, so each user's clicks land in that order too.
void TrainingDataBuilder::FillRows(const TimeSplit& split, TrainingData& data) const {
  data.clicked_.resize(users_.size());
  data.click_counts_.assign(items_, 0);
  std::vector<std::size_t> next = data.click_begin_;
  std::vector<std::vector<ItemIndex>> seen(users_.size());
  for (const Interaction& one : interactions_) {
    if (one.kind != InteractionKind::kClicked) continue;
    const TrainingRow row{one.user, static_cast<std::uint32_t>(next[one.user]++)};
    const ItemIndex item(one.item);
    data.clicks_[row.click] = item;
    std::vector<ItemIndex>& clicked = seen[one.user];
    const auto place = std::ranges::lower_bound(clicked, item);
    if (place != clicked.end() && *place == item) continue;  // Not a first click.
    clicked.insert(place, item);
    if (one.time >= split.validation) {
      (one.time >= split.heldout ? data.heldout_rows_ : data.validation_rows_).push_back(row);
      continue;
    }
    data.training_rows_.push_back(row);
    data.clicked_[one.user].push_back(item);
    ++data.click_counts_[one.item];
  }
  for (std::vector<ItemIndex>& clicked : data.clicked_) std::ranges::sort(clicked);
}

void TrainingDataBuilder::FillShown(TimePoint split, TrainingData& data) const {
  data.shown_only_.resize(users_.size());
  for (const Interaction& one : interactions_) {
    if (one.kind != InteractionKind::kShown || one.time >= split) continue;
    const ItemIndex item(one.item);
    if (!data.HasClicked(one.user, item)) data.shown_only_[one.user].push_back(item);
  }
  for (std::vector<ItemIndex>& shown : data.shown_only_) SortUnique(shown);
}

std::uint64_t TrainingDataBuilder::FingerprintOf(const TrainingData& data) {
  Hasher hasher;
  hasher.Add(data.items()).Add(data.training_rows_.size());
  for (std::size_t user = 0; user < data.users(); ++user) {
    const UserProfile& profile = data.profiles_[user];
    hasher.Add(profile.id.value()).Add(profile.age_group).Add(profile.gender);
    hasher.Add(AsBytes(std::span(data.clicks_)
                           .subspan(data.click_begin_[user],
                                    data.click_begin_[user + 1] - data.click_begin_[user])));
    hasher.Add(AsBytes(data.shown_only_[user]));
  }
  for (const TrainingRow& row : data.training_rows_) hasher.Add(row.click);
  for (const TrainingRow& row : data.validation_rows_) hasher.Add(row.click);
  return hasher.value();
}

}  // namespace twohop
