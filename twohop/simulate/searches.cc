#include "twohop/simulate/searches.h"

#include <cmath>
#include <span>

namespace twohop::simulate_internal {
namespace {

constexpr double kSilentRatio = 0.07;  // Users who never search.
constexpr double kEagerRatio = 0.05;
constexpr double kHintRatio = 0.55;
constexpr double kBubbleRatio = 0.30;  // The rest is unrelated.

std::size_t DrawCount(Rng& rng) {
  if (rng.Chance(kSilentRatio)) return 0;
  if (rng.Chance(kEagerRatio)) return 10 + rng.Below(10);
  return 3 + rng.Below(7);
}

// A density that grows linearly from 0: its distribution function is the square.
TimePoint DrawTime(TimePoint start, TimePoint end, Rng& rng) {
  const auto span = static_cast<double>((end - start).count());
  return start + Milliseconds(static_cast<std::int64_t>(span * std::sqrt(rng.Uniform())));
}

// Nobody asks the same twice before having asked everything else.
class Hints {
 public:
  Hints(const CommunityBlueprint& blueprint, const Inhabitant& user, Rng& rng) {
    for (const std::size_t place : user.lifestyles) {
      for (const std::string& hint : blueprint.lifestyles[place].hints) hints_.emplace_back(hint);
    }
    rng.Shuffle(std::span<std::string_view>(hints_));
  }

  std::string_view Next() { return hints_[next_++ % hints_.size()]; }

 private:
  std::vector<std::string_view> hints_;
  std::size_t next_ = 0;
};

std::optional<std::string_view> DrawTerm(const Category& category, Rng& rng) {
  if (category.terms.empty()) return std::nullopt;
  return category.terms[rng.Below(category.terms.size())];
}

}  // namespace

std::vector<PlannedSearch> PlanSearches(const CommunityBlueprint& blueprint, const Inhabitant& user,
                                        TimePoint start, TimePoint end, Rng& rng) {
  const Taxonomy& taxonomy = *blueprint.taxonomy;
  const std::size_t count = DrawCount(rng);
  Hints hints(blueprint, user, rng);
  std::vector<PlannedSearch> searches;
  for (std::size_t i = 0; i < count; ++i) {
    const TimePoint time = DrawTime(start, end, rng);
    const double kind = rng.Uniform();
    if (kind < kHintRatio) {
      searches.push_back({time, hints.Next(), std::nullopt});
      continue;
    }
    const bool in_bubble = kind < kHintRatio + kBubbleRatio;
    const CategoryIndex category =
        in_bubble ? user.bubble[rng.Below(user.bubble.size())]
                  : CategoryIndex(static_cast<std::uint32_t>(rng.Below(taxonomy.size())));
    const auto term = DrawTerm(taxonomy.at(category), rng);
    if (!term.has_value()) continue;
    searches.push_back({time, *term, in_bubble ? std::optional(category) : std::nullopt});
  }
  return searches;
}

}  // namespace twohop::simulate_internal
