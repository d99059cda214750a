// Events appended and read for each second of CPU time, that of the background threads included, in
// batches of 10,000.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "twohop/base/hash.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/eventlog/rocksdb_event_log.h"

namespace twohop {
namespace {

constexpr std::size_t kBatch = 10'000;

// `scattered`: ids without order, as random ones are; else ids that grow, as a counter's.
std::vector<Event> MakeEvents(std::uint64_t first, bool scattered) {
  std::vector<Event> events(kBatch);
  for (std::size_t i = 0; i < kBatch; ++i) {
    Event& event = events[i];
    const std::uint64_t n = first + i;
    const std::uint64_t hash = Hash64({reinterpret_cast<const char*>(&n), sizeof(n)});
    event.id = EventId(scattered ? HashHex(hash) + HashHex(~hash) : fmt::format("ev{:010}", n));
    event.user = UserId(fmt::format("user{:06}", hash % 5'000));
    event.type = EventType::kExposure;
    event.time = TimePoint(Milliseconds(1'700'000'000'000 + static_cast<std::int64_t>(n)));
    event.received = event.time;
    event.item = ItemId(fmt::format("item{:06}", hash % 20'000));
    event.channel = "popular";
    event.position = static_cast<std::uint32_t>(hash % 20);
  }
  return events;
}

void BM_Append(benchmark::State& state) {
  const TempDir dir;
  auto log = OpenRocksDbEventLog(dir.path() / "log", OpenMode::kReadWrite);
  std::uint64_t next = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const std::vector<Event> events = MakeEvents(next, state.range(0) == 1);
    next += kBatch;
    state.ResumeTiming();
    if (!(*log)->Append(events).has_value()) state.SkipWithError("append failed");
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(next));
}
BENCHMARK(BM_Append)
    ->ArgName("scattered")
    ->Arg(0)
    ->Arg(1)
    ->Iterations(100)
    ->MeasureProcessCPUTime();

void BM_AppendKnown(benchmark::State& state) {
  const TempDir dir;
  auto log = OpenRocksDbEventLog(dir.path() / "log", OpenMode::kReadWrite);
  const std::vector<Event> events = MakeEvents(0, true);
  for (auto _ : state) {
    if (!(*log)->Append(events).has_value()) state.SkipWithError("append failed");
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kBatch));
}
BENCHMARK(BM_AppendKnown)->Iterations(50)->MeasureProcessCPUTime();

void BM_Read(benchmark::State& state) {
  const TempDir dir;
  auto log = OpenRocksDbEventLog(dir.path() / "log", OpenMode::kReadWrite);
  for (std::uint64_t i = 0; i < 20; ++i) {
    if (!(*log)->Append(MakeEvents(i * kBatch, true)).has_value()) return;
  }
  std::uint64_t from = 0;
  for (auto _ : state) {
    auto batch = (*log)->Read(LogOffset(from), kBatch);
    if (!batch.has_value()) state.SkipWithError("read failed");
    from = batch->next == (*log)->end() ? 0 : batch->next.value();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kBatch));
}
BENCHMARK(BM_Read)->Iterations(60)->MeasureProcessCPUTime();

}  // namespace
}  // namespace twohop
