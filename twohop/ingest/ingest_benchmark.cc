// How many rows a second one core reads: events/s and items/s, JSON lines and CSV.

#include <cstdint>
#include <iterator>
#include <string>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "twohop/base/check.h"
#include "twohop/base/rng.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/base/time_format.h"
#include "twohop/domain/event.h"
#include "twohop/ingest/event_reader.h"
#include "twohop/ingest/item_reader.h"
#include "twohop/ingest/testing/sample_community.h"

namespace twohop {
namespace {

constexpr std::uint64_t kItems = 20'000;
constexpr std::uint64_t kEvents = 200'000;
const TimePoint kNow(Milliseconds(1'770'000'000'000));

std::string ItemsAsJson() {
  std::string out;
  for (std::uint64_t i = 0; i < kItems; ++i) {
    fmt::format_to(std::back_inserter(out),
                   R"({{"id": "i{:05}", "title": "Nordfell light tent for two, green, number {}", )"
                   R"("category": "Outdoor > Camping > Tents", "brand": "Nordfell", )"
                   R"("tags": ["waterproof", "light", "two persons"], "available": true}})"
                   "\n",
                   i, i);
  }
  return out;
}

// One search in eight, exposures and clicks else.
std::string EventsAsJson() {
  Rng rng(1);
  std::string out;
  for (std::uint64_t i = 0; i < kEvents; ++i) {
    const std::string time = FormatTime(kNow - Milliseconds(rng.Below(5'000'000'000)));
    const std::string head = fmt::format(R"({{"id": "e{:09}", "user": "u{:05}", "time": "{}", )", i,
                                         rng.Below(50'000), time);
    if (rng.Below(8) == 0) {
      out += head + R"("type": "search", "query": "light tent for two people"})"
                    "\n";
    } else {
      out += head + fmt::format(R"("type": "{}", "item": "i{:05}", "channel": "feed", )"
                                R"("position": {}}})"
                                "\n",
                                rng.Below(4) == 0 ? "click" : "exposure", rng.Below(kItems),
                                rng.Below(50));
    }
  }
  return out;
}

std::string EventsAsCsv() {
  Rng rng(1);
  std::string out = "id,user,type,time,item,query,channel,position\n";
  for (std::uint64_t i = 0; i < kEvents; ++i) {
    const auto time = (kNow - Milliseconds(rng.Below(5'000'000'000))).time_since_epoch().count();
    const bool is_search = rng.Below(8) == 0;
    fmt::format_to(std::back_inserter(out), "e{:09},u{:05},{},{},{},{},feed,{}\n", i,
                   rng.Below(50'000), is_search ? "search" : "click", time,
                   is_search ? "" : fmt::format("i{:05}", rng.Below(kItems)),
                   is_search ? "light tent for two people" : "", rng.Below(50));
  }
  return out;
}

Catalog MakeCatalog(const TempDir& dir) {
  RejectReport rejects;
  const auto progress = MakeSilentProgress();
  auto catalog =
      LoadCatalog(dir.Write("items.jsonl", ItemsAsJson()), SampleTaxonomy(), rejects, *progress);
  TWOHOP_CHECK(catalog.has_value() && rejects.total() == 0);
  return *std::move(catalog);
}

void ReadItems(benchmark::State& state) {
  const TempDir dir;
  const auto path = dir.Write("items.jsonl", ItemsAsJson());
  const auto progress = MakeSilentProgress();
  for (auto _ : state) {
    RejectReport rejects;
    benchmark::DoNotOptimize(LoadCatalog(path, SampleTaxonomy(), rejects, *progress));
  }
  state.counters["items/s"] = benchmark::Counter(static_cast<double>(state.iterations()) * kItems,
                                                 benchmark::Counter::kIsRate);
}
BENCHMARK(ReadItems)->Unit(benchmark::kMillisecond);

void ReadEvents(benchmark::State& state, const std::string& name, const std::string& content) {
  const TempDir dir;
  const Catalog catalog = MakeCatalog(dir);
  const auto path = dir.Write(name, content);
  for (auto _ : state) {
    RejectReport rejects;
    auto reader =
        EventReader::Open(path, {.catalog = catalog, .now = kNow, .received = kNow}, rejects);
    std::uint64_t events = 0;
    while (true) {
      const auto batch = reader->Next(1000);
      if (batch->events.empty()) break;
      events += batch->events.size();
    }
    TWOHOP_CHECK(events == kEvents);
  }
  state.counters["events/s"] = benchmark::Counter(static_cast<double>(state.iterations()) * kEvents,
                                                  benchmark::Counter::kIsRate);
  state.counters["MB/s"] = benchmark::Counter(
      static_cast<double>(state.iterations()) * static_cast<double>(content.size()) / 1e6,
      benchmark::Counter::kIsRate);
}
BENCHMARK_CAPTURE(ReadEvents, jsonl, "events.jsonl", EventsAsJson())->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ReadEvents, csv, "events.csv", EventsAsCsv())->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace twohop
