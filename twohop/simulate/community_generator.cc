#include "twohop/simulate/community_generator.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "twohop/base/rng.h"
#include "twohop/simulate/community_rows.h"
#include "twohop/simulate/inhabitant.h"
#include "twohop/simulate/narrowing.h"
#include "twohop/simulate/shop.h"
#include "twohop/simulate/truth.h"
#include "twohop/simulate/user_history.h"

namespace twohop {
namespace {

using simulate_internal::Inhabitant;
using simulate_internal::NarrowingMeter;
using simulate_internal::Shop;
using simulate_internal::SimulatedEvent;
using simulate_internal::World;

// Collects the rows of one file and passes them on in large pieces.
class RowBuffer {
 public:
  RowBuffer(CommunityOutput& output, CommunityFile file) : output_(output), file_(file) {}

  std::string& rows() { return rows_; }  // Append whole rows here, ...

  Status Spill() {  // ... and call this after each.
    constexpr std::size_t kPieceBytes = std::size_t{1} << 20U;
    return rows_.size() < kPieceBytes ? Ok() : Flush();
  }

  Status Flush() {
    TWOHOP_RETURN_IF_ERROR(output_.Append(file_, rows_));
    rows_.clear();
    return Ok();
  }

 private:
  CommunityOutput& output_;
  CommunityFile file_;
  std::string rows_;
};

class Generator {
 public:
  Generator(const CommunityBlueprint& blueprint, const CommunityOptions& options,
            CommunityOutput& output, Progress& progress)
      : blueprint_(blueprint),
        options_(options),
        output_(output),
        progress_(progress),
        rng_(options.seed),
        shop_(blueprint, options.items, rng_.Fork("shop")),
        narrowing_(shop_) {}

  Result<CommunitySummary> Run() {
    TWOHOP_RETURN_IF_ERROR(WriteTaxonomy());
    TWOHOP_RETURN_IF_ERROR(WriteItems());
    TWOHOP_RETURN_IF_ERROR(SimulateUsers());
    TWOHOP_RETURN_IF_ERROR(WriteEvents());
    TWOHOP_RETURN_IF_ERROR(output_.Finish());
    summary_.narrowing = narrowing_.result();
    return summary_;
  }

 private:
  Status WriteTaxonomy() {
    RowBuffer buffer(output_, CommunityFile::kTaxonomy);
    simulate_internal::AppendTaxonomyHeader(buffer.rows());
    for (std::uint32_t i = 0; i < shop_.taxonomy().size(); ++i) {
      simulate_internal::AppendCategoryRow(buffer.rows(), shop_.taxonomy().at(CategoryIndex(i)));
    }
    return buffer.Flush();
  }

  Status WriteItems() {
    RowBuffer buffer(output_, CommunityFile::kItems);
    for (const auto& made : shop_.items()) {
      simulate_internal::AppendItemRow(buffer.rows(), made.item, shop_.taxonomy());
      TWOHOP_RETURN_IF_ERROR(buffer.Spill());
    }
    summary_.items = shop_.items().size();
    return buffer.Flush();
  }

  Status SimulateUsers() {
    const auto stage = progress_.Begin("simulate users", options_.users);
    const World world{.blueprint = blueprint_,
                      .shop = shop_,
                      .start = options_.end - options_.days,
                      .end = options_.end,
                      .sessions_per_day = options_.sessions_per_day};
    RowBuffer users(output_, CommunityFile::kUsers);
    RowBuffer truths(output_, CommunityFile::kTruth);
    for (std::uint32_t i = 0; i < options_.users; ++i) {
      const Inhabitant user = simulate_internal::DrawInhabitant(blueprint_, shop_, i, rng_);
      const auto history = simulate_internal::SimulateUser(world, user, i, rng_);
      const UserTruth truth = JudgeTruth(user, history);
      simulate_internal::AppendUserRow(users.rows(), user.profile);
      simulate_internal::AppendTruthRow(truths.rows(), truth, shop_.taxonomy());
      TWOHOP_RETURN_IF_ERROR(users.Spill());
      TWOHOP_RETURN_IF_ERROR(truths.Spill());
      Count(user, history, truth);
      stage->Update(i + 1);
    }
    TWOHOP_RETURN_IF_ERROR(users.Flush());
    return truths.Flush();
  }

  // An interest counts as hidden only if no click gives its level-1 category away.
  UserTruth JudgeTruth(const Inhabitant& user, std::span<const SimulatedEvent> history) const {
    std::vector<char> clicked(shop_.taxonomy().level1_count());
    for (const SimulatedEvent& event : history) {
      if (event.type == EventType::kClick) clicked[shop_.level1_of(event.item).value()] = 1;
    }
    UserTruth truth{.user = user.profile.id,
                    .lifestyles = {},
                    .bubble = user.bubble,
                    .hidden = {},
                    .found = {}};
    for (const std::size_t place : user.lifestyles) {
      truth.lifestyles.push_back(blueprint_.lifestyles[place].id);
    }
    for (const CategoryIndex category : user.hidden) {
      const bool found = clicked[shop_.taxonomy().level1_of(category).value()] != 0;
      (found ? truth.found : truth.hidden).push_back(category);
    }
    return truth;
  }

  void Count(const Inhabitant& user, std::span<const SimulatedEvent> history,
             const UserTruth& truth) {
    ++summary_.users;
    summary_.hidden_interests += truth.hidden.size();
    summary_.found_interests += truth.found.size();
    const bool searched =
        std::ranges::find(history, EventType::kSearch, &SimulatedEvent::type) != history.end();
    if (!searched) ++summary_.users_without_searches;
    narrowing_.Add(history);
    user_ids_.push_back(user.profile.id.value());
    events_.insert(events_.end(), history.begin(), history.end());
  }

  Status WriteEvents() {
    // Stable: at equal times the lower user comes first, and a user's own order stays.
    std::ranges::stable_sort(events_, {}, &SimulatedEvent::time);
    const auto stage = progress_.Begin("write events", events_.size());
    RowBuffer buffer(output_, CommunityFile::kEvents);
    for (std::size_t i = 0; i < events_.size(); ++i) {
      AppendEvent(buffer.rows(), events_[i], i + 1);
      TWOHOP_RETURN_IF_ERROR(buffer.Spill());
      stage->Update(i + 1);
    }
    summary_.events = events_.size();
    return buffer.Flush();
  }

  void AppendEvent(std::string& rows, const SimulatedEvent& event, std::size_t number) {
    ++summary_.events_by_type[static_cast<std::size_t>(event.type)];
    const std::string id = fmt::format("e{:07}", number);
    const bool has_item = HasItem(event.type);
    simulate_internal::AppendEventRow(
        rows, {.id = id,
               .user = user_ids_[event.user],
               .type = event.type,
               .time = event.time,
               .item = has_item ? std::string_view(shop_.at(event.item).item.id.value()) : "",
               .query = event.query,
               .dwell = event.dwell,
               .channel = simulate_internal::ShownByName(event.shown_by),
               .position = event.position});
  }

  const CommunityBlueprint& blueprint_;
  const CommunityOptions& options_;
  CommunityOutput& output_;
  Progress& progress_;
  const Rng rng_;
  const Shop shop_;
  NarrowingMeter narrowing_;
  std::vector<std::string> user_ids_;
  std::vector<SimulatedEvent> events_;
  CommunitySummary summary_;
};

}  // namespace

Status CommunityOptions::Validate(const Taxonomy& taxonomy) const {
  constexpr std::size_t kMost = std::numeric_limits<std::uint32_t>::max();
  if (users == 0 || users > kMost) return InvalidArgument("users must be in [1, 4294967295]");
  if (items < taxonomy.size() || items > kMost) {
    return InvalidArgument(
        fmt::format("items must be in [{}, 4294967295]: every category has one", taxonomy.size()));
  }
  if (days.count() < 1) return InvalidArgument("days must be at least 1");
  if (!(sessions_per_day >= 0.0 && sessions_per_day <= 100.0)) {
    return InvalidArgument("sessions_per_day must be in [0, 100]");
  }
  return Ok();
}

Result<CommunitySummary> GenerateCommunity(const CommunityBlueprint& blueprint,
                                           const CommunityOptions& options, CommunityOutput& output,
                                           Progress& progress) {
  TWOHOP_RETURN_IF_ERROR(options.Validate(*blueprint.taxonomy));
  return Generator(blueprint, options, output, progress).Run();
}

}  // namespace twohop
