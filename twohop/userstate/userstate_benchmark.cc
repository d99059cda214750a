// One user read, and events worked in for each second of CPU time.

#include <cstdint>
#include <memory>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "twohop/base/rng.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/userstate/user_state_store.h"

namespace twohop {
namespace {

constexpr std::uint64_t kUsers = 1'000;

StateEvent MakeEvent(std::uint64_t n, Rng& rng) {
  StateEvent event;
  event.event.user = UserId(fmt::format("user{:05}", rng.Below(kUsers)));
  event.event.time = TimePoint(Milliseconds(1'700'000'000'000 + static_cast<std::int64_t>(n)));
  const std::uint64_t kind = rng.Below(10);
  event.event.type = kind < 7   ? EventType::kExposure
                     : kind < 9 ? EventType::kClick
                                : EventType::kSearch;
  if (event.event.type == EventType::kSearch) {
    event.event.query = fmt::format("something to wear {}", rng.Below(500));
    return event;
  }
  event.event.item = ItemId(fmt::format("item{:06}", rng.Below(20'000)));
  const std::uint64_t category = rng.Below(60);
  event.category_id = fmt::format("c{:04}", category);
  event.level1 = fmt::format("Kitchen & Appliances {}", category / 10);
  return event;
}

std::vector<StateEvent> MakeEvents(std::size_t count, std::uint64_t first, Rng& rng) {
  std::vector<StateEvent> events;
  for (std::size_t i = 0; i < count; ++i) events.push_back(MakeEvent(first + i, rng));
  return events;
}

InterestSet MakeInterests() {
  InterestSet set;
  for (int i = 0; i < 8; ++i) {
    LatentInterest interest;
    interest.category_id = fmt::format("c{:04}", i);
    interest.category_label = "Headlamps & Flashlights";
    interest.level1 = "Outdoor & Camping";
    interest.searches = {"tent for two"};
    interest.demand = "sleeping outdoors";
    interest.provenance = {"SmolLM2-135M-Instruct", "two_hop.v1", "demand_search", 1, {}, 7};
    interest.embedding.assign(384, 0.05F);
    set.interests.push_back(interest);
  }
  return set;
}

// Full users: 200 clicks, searches, 8 interests with vectors of 384 numbers.
void BM_Get(benchmark::State& state) {
  const TempDir dir;
  auto store = OpenUserStateStore(dir.path() / "users", OpenMode::kReadWrite);
  Rng rng(1);
  const auto users = static_cast<std::uint64_t>(state.range(0));
  std::vector<StateEvent> events = MakeEvents(users * 1'200, 0, rng);
  for (std::size_t i = 0; i < events.size(); ++i) {
    events[i].event.user = UserId(fmt::format("user{:05}", i % users));
  }
  if (!(*store)->Apply(events, LogOffset(events.size())).has_value()) return;
  for (std::uint64_t i = 0; i < users; ++i) {
    const UserId user(fmt::format("user{:05}", i));
    if (!(*store)->PutInterests(user, MakeInterests(), std::nullopt).has_value()) return;
  }
  for (auto _ : state) {
    const auto read = (*store)->Get(UserId(fmt::format("user{:05}", rng.Below(users))));
    if (!read.has_value() || (**read).clicks.size() < kClickWindow) {
      state.SkipWithError("not a full user");
    }
  }
}
BENCHMARK(BM_Get)->ArgName("users")->Arg(1)->Arg(500);

void BM_Apply(benchmark::State& state) {
  const TempDir dir;
  auto store = OpenUserStateStore(dir.path() / "users", OpenMode::kReadWrite);
  Rng rng(1);
  const auto batch = static_cast<std::size_t>(state.range(0));
  std::uint64_t next = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const std::vector<StateEvent> events = MakeEvents(batch, next, rng);
    next += batch;
    state.ResumeTiming();
    if (!(*store)->Apply(events, LogOffset(next)).has_value()) state.SkipWithError("not applied");
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(next));
}
BENCHMARK(BM_Apply)->ArgName("batch")->Arg(10'000)->Iterations(30)->MeasureProcessCPUTime();
BENCHMARK(BM_Apply)->ArgName("batch")->Arg(50'000)->Iterations(6)->MeasureProcessCPUTime();

}  // namespace
}  // namespace twohop
