#include "twohop/recall/co_click_counter.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "twohop/base/check.h"

namespace twohop {
namespace {

// Half-lives beyond which a click does not fade any further: so the norm of an item that was last
// clicked years ago does not vanish in a float.
constexpr double kMaxHalfLives = 20.0;

struct Entry {
  std::uint32_t other = 0;  // An item in the row of a user, a user in the column of an item.
  float weight = 0.0F;
};

using Lists = std::vector<std::vector<Entry>>;

Lists Transpose(const Lists& rows, std::size_t columns) {
  Lists transposed(columns);
  for (std::uint32_t row = 0; row < rows.size(); ++row) {
    for (const Entry& entry : rows[row]) transposed[entry.other].push_back({row, entry.weight});
  }
  return transposed;
}

std::vector<double> Norms(const Lists& columns) {
  std::vector<double> norms;
  norms.reserve(columns.size());
  for (const auto& column : columns) {
    double square = 0.0;
    for (const Entry& entry : column) square += double{entry.weight} * double{entry.weight};
    norms.push_back(std::sqrt(square));
  }
  return norms;
}

// One row of the matrix of items and items at a time.
class RowOfItem {
 public:
  RowOfItem(const Lists& items_of, const Lists& users_of, const CoClickOptions& options)
      : items_of_(items_of),
        users_of_(users_of),
        options_(options),
        norms_(Norms(users_of)),
        products_(users_of.size()),
        users_(users_of.size()) {}

  std::vector<Neighbor> Neighbors(std::uint32_t item) {
    touched_.clear();
    for (const Entry& user : users_of_[item]) {
      for (const Entry& other : items_of_[user.other]) {
        if (other.other != item) Count(other.other, double{user.weight} * double{other.weight});
      }
    }
    std::vector<Neighbor> row;
    for (const std::uint32_t other : touched_) {
      row.push_back({ItemIndex(other), Score(item, other)});
      products_[other] = 0.0;
      users_[other] = 0;
    }
    KeepBest(row);
    return row;
  }

 private:
  void Count(std::uint32_t other, double product) {
    if (users_[other]++ == 0) touched_.push_back(other);
    products_[other] += product;
  }

  float Score(std::uint32_t item, std::uint32_t other) const {
    const double cosine = products_[other] / (norms_[item] * norms_[other]);
    const double users = users_[other];
    // Rounding may carry the cosine beyond 1.
    return static_cast<float>(std::min(1.0, cosine * users / (users + options_.shrinkage)));
  }

  void KeepBest(std::vector<Neighbor>& row) const {
    const std::size_t kept = std::min(row.size(), options_.neighbors);
    std::partial_sort(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(kept), row.end(),
                      [](const Neighbor& a, const Neighbor& b) {
                        return a.score != b.score ? a.score > b.score : a.item < b.item;
                      });
    row.resize(kept);
  }

  const Lists& items_of_;
  const Lists& users_of_;
  const CoClickOptions& options_;
  std::vector<double> norms_;
  std::vector<double> products_;      // By item; 0 between rows.
  std::vector<std::uint32_t> users_;  // Likewise.
  std::vector<std::uint32_t> touched_;
};

}  // namespace

CoClickCounter::CoClickCounter(std::size_t items, const CoClickOptions& options)
    : items_(items), options_(options) {
  TWOHOP_CHECK(options.shrinkage >= 0 && options.half_life.count() > 0 &&
               options.max_items_per_user > 0);
}

void CoClickCounter::Add(const UserId& user, ItemIndex item, TimePoint time) {
  TWOHOP_DCHECK(item.value() < items_);
  const auto [number, is_new] =
      user_numbers_.emplace(user.value(), static_cast<std::uint32_t>(clicks_.size()));
  if (is_new) clicks_.emplace_back();
  std::vector<Click>& clicks = clicks_[number->second];
  const auto minute = static_cast<std::int32_t>(
      std::chrono::floor<std::chrono::minutes>(time.time_since_epoch()).count());
  const auto known = std::ranges::find(clicks, item, &Click::item);
  if (known != clicks.end()) {
    known->minute = std::max(known->minute, minute);
  } else if (clicks.size() < options_.max_items_per_user) {
    clicks.push_back({item, minute});
  } else {
    const auto oldest = std::ranges::min_element(clicks, {}, &Click::minute);
    if (oldest->minute < minute) *oldest = {item, minute};
  }
}

Result<CoClickTable> CoClickCounter::Build(const std::stop_token& stop) const {
  std::int32_t newest = std::numeric_limits<std::int32_t>::min();
  for (const auto& clicks : clicks_) {
    for (const Click& click : clicks) newest = std::max(newest, click.minute);
  }
  const double half_life =
      std::chrono::duration<double, std::ratio<60>>(options_.half_life).count();
  Lists items_of(clicks_.size());
  for (std::size_t user = 0; user < clicks_.size(); ++user) {
    for (const Click& click : clicks_[user]) {
      const double half_lives =
          static_cast<double>(std::int64_t{newest} - click.minute) / half_life;
      items_of[user].push_back({click.item.value(), static_cast<float>(std::exp2(
                                                        -std::min(half_lives, kMaxHalfLives)))});
    }
    // Sums of floats depend on their order, and clicks may come in any.
    std::ranges::sort(items_of[user], {}, &Entry::other);
  }
  const Lists users_of = Transpose(items_of, items_);
  RowOfItem rows(items_of, users_of, options_);
  CoClickTable table;
  for (std::uint32_t item = 0; item < items_; ++item) {
    if (stop.stop_requested()) return Cancelled("counting co-clicks was interrupted");
    table.Append(rows.Neighbors(item));
  }
  return table;
}

}  // namespace twohop
