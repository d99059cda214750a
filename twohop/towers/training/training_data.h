// What users clicked and saw, as rows to learn from.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "twohop/base/clock.h"
#include "twohop/base/result.h"
#include "twohop/domain/ids.h"
#include "twohop/domain/user.h"

namespace twohop {

// One click to learn from or to be tested on: the first click of a user on an item. The history of
// the row is what the user had clicked before it, repeated clicks included.
struct TrainingRow {
  std::uint32_t user = 0;   // In [0, users()).
  std::uint32_t click = 0;  // Position among all clicks; see TrainingData.

  friend bool operator==(const TrainingRow&, const TrainingRow&) = default;
};

// Immutable; made by TrainingDataBuilder. What is known "at training" is what happened before the
// split; of the clicks after it some may be for validation, to decide when to stop training, and
// the latest are held out, to be tested on.
//
// Thread-safe.
class TrainingData {
 public:
  std::size_t users() const { return profiles_.size(); }
  std::size_t items() const { return click_counts_.size(); }
  const UserProfile& profile(std::uint32_t user) const { return profiles_[user]; }

  // In order of time; equal times keep the order in which they were added.
  std::span<const TrainingRow> training_rows() const { return training_rows_; }
  std::span<const TrainingRow> validation_rows() const { return validation_rows_; }
  std::span<const TrainingRow> heldout_rows() const { return heldout_rows_; }

  ItemIndex item_of(const TrainingRow& row) const { return clicks_[row.click]; }

  // The last `window` clicks of the row's user before the row's, oldest first.
  std::span<const ItemIndex> HistoryBefore(const TrainingRow& row, std::size_t window) const;

  // True if the user had clicked the item before the split.
  bool HasClicked(std::uint32_t user, ItemIndex item) const;

  // Items that the user was shown before the split without clicking them until then; ascending.
  std::span<const ItemIndex> shown_only(std::uint32_t user) const;

  // Training rows of each item: [items()].
  std::span<const std::uint32_t> click_counts() const { return click_counts_; }

  // Changes whenever a profile, a click, its order or an item shown changes.
  std::uint64_t fingerprint() const { return fingerprint_; }

 private:
  friend class TrainingDataBuilder;
  TrainingData() = default;

  std::vector<UserProfile> profiles_;
  // Clicks by user, each user's in order of time; user u has [click_begin_[u], click_begin_[u +
  // 1]).
  std::vector<std::size_t> click_begin_;
  std::vector<ItemIndex> clicks_;
  // By user, ascending, each item once.
  std::vector<std::vector<ItemIndex>> clicked_;
  std::vector<std::vector<ItemIndex>> shown_only_;
  std::vector<TrainingRow> training_rows_;
  std::vector<TrainingRow> validation_rows_;
  std::vector<TrainingRow> heldout_rows_;
  std::vector<std::uint32_t> click_counts_;
  std::uint64_t fingerprint_ = 0;
};

// Clicks before `validation` are learned from, those of [validation, heldout) are for validation,
// those from `heldout` on are held out.
struct TimeSplit {
  TimePoint validation = TimePoint::max();
  TimePoint heldout = TimePoint::max();
};

enum class InteractionKind : std::uint8_t { kShown, kClicked };

// Collects profiles and interactions, in any order, and sorts them out in the end. Takes about 24
// bytes an interaction.
//
// Not thread-safe.
class TrainingDataBuilder {
 public:
  // `items` is the size of the catalogue.
  explicit TrainingDataBuilder(std::size_t items) : items_(items) {}

  // A later profile of the same user replaces the earlier one. Users without interactions do not
  // count.
  void SetProfile(UserProfile profile);

  // REQUIRES: item.value() < items.
  void Add(const UserId& user, ItemIndex item, TimePoint time, InteractionKind kind);

  std::size_t clicks() const { return clicks_; }

  // Holds out the last `heldout_share` of all clicks, by time: the split is the time of the first
  // of them, and clicks of that very time are held out too. 0 holds out nothing. Of those before
  // it, the last `validation_share` of all clicks are for validation, likewise.
  //
  // REQUIRES: both are at least 0, their sum is below 1.
  // Errors: kFailedPrecondition if there is no click to learn from.
  Result<TrainingData> Build(double heldout_share, double validation_share = 0) &&;

  // The same with a split of the caller's own.
  //
  // REQUIRES: split.validation <= split.heldout.
  // Errors: as above.
  Result<TrainingData> BuildAt(const TimeSplit& split) &&;

 private:
  struct Interaction {
    TimePoint time;
    std::uint32_t user = 0;
    std::uint32_t item = 0;
    InteractionKind kind = InteractionKind::kShown;
  };

  // Of the first of the last `share` of all clicks; max() for none.
  TimePoint SplitTime(double share) const;
  void Sort();
  void FillUsers(TrainingData& data);
  void FillClicks(TrainingData& data) const;
  void FillRows(const TimeSplit& split, TrainingData& data) const;
  void FillShown(TimePoint split, TrainingData& data) const;
  static std::uint64_t FingerprintOf(const TrainingData& data);

  std::size_t items_;
  std::size_t clicks_ = 0;
  std::vector<Interaction> interactions_;
  std::vector<UserId> users_;  // In order of their first interaction.
  std::unordered_map<UserId, std::uint32_t> user_of_;
  std::unordered_map<UserId, UserProfile> profiles_;
};

}  // namespace twohop
