// Searches of users over a large catalogue, by our indexes and by other people's. See README.md.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>

#include "engine.h"
#include "ground_truth.h"
#include "report.h"
#include "workload.h"
#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <malloc.h>
#include <unistd.h>

namespace twohop::index_benchmark {
namespace {

constexpr std::size_t kNeighbors = 100;
constexpr std::array<std::size_t, 3> kExcluded = {0, kLevel1Count / 2, kLevel1Count * 9 / 10};
constexpr std::size_t kUpsertsARequest = 20;  // 1,000 a second at 50 requests a second.
constexpr double kWantedRecall = 0.95;

struct Options {
  WorkloadOptions workload;
  std::vector<std::string> engines = EngineNames();
  std::size_t requests = 300;
  std::size_t recall_requests = 40;
  std::size_t upserts = 6'000;
  std::filesystem::path saved;  // Folder of built graphs; empty for none.
  std::filesystem::path markdown;
  std::filesystem::path json;
  bool build_only = false;
};

double CpuSeconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

double WallSeconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double ResidentMegabytes() {
  malloc_trim(0);
  std::ifstream statm("/proc/self/statm");
  double total = 0.0;
  double resident = 0.0;
  statm >> total >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
}

std::string CpuName() {
  std::ifstream cpuinfo("/proc/cpuinfo");
  for (std::string line; std::getline(cpuinfo, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "an unknown processor";
}

struct Workbench {
  Options options;
  Workload workload;
  std::array<std::vector<Request>, kExcluded.size()> requests;
  std::array<Found, kExcluded.size()> expected;
  std::vector<Change> changes;
  Catalog changed;  // After all changes; its vectors are in `changed_items`.
  Embeddings changed_items;
  std::array<Found, kExcluded.size()> expected_changed;

  explicit Workbench(const Options& chosen) : options(chosen), workload(options.workload) {
    const Rng rng(options.workload.seed);
    for (std::size_t i = 0; i < kExcluded.size(); ++i) {
      Rng own = rng.Fork("requests", i);
      requests[i] = workload.Requests(options.requests, kExcluded[i], own);
    }
    if (options.build_only) return;
    Rng own = rng.Fork("changes");
    changes = workload.Changes(
        options.upserts + kExcluded.size() * options.requests * kUpsertsARequest, 0, own);
    ApplyChanges();
    for (std::size_t i = 0; i < kExcluded.size(); ++i) {
      expected[i] = BruteForce(Original(), Compared(i), kNeighbors);
      expected_changed[i] = BruteForce(changed, Compared(i), kNeighbors);
    }
  }

  Catalog Original() const { return {workload.items(), workload.level1()}; }

  std::span<const Request> Compared(std::size_t i) const {
    return std::span(requests[i]).first(std::min(options.recall_requests, requests[i].size()));
  }

 private:
  void ApplyChanges() {
    changed_items = Embeddings(workload.items().dim());
    for (std::size_t i = 0; i < workload.items().rows(); ++i) {
      changed_items.Append(workload.items().row(i));
    }
    changed.level1 = workload.level1();
    for (const Change& change : changes) {
      const std::size_t item = change.item.value();
      if (item >= changed.level1.size()) {
        changed_items.Append(change.vector);
        changed.level1.push_back(change.level1);
      } else {
        std::copy(change.vector.begin(), change.vector.end(),
                  changed_items.mutable_row(item).begin());
        changed.level1[item] = change.level1;
      }
    }
    changed.items = changed_items;
  }
};

// One engine through all settings.
class Measurement {
 public:
  Measurement(const Workbench& bench, const std::string& name)
      : bench_(bench), catalog_(bench.Original()), engine_(MakeEngine(name, catalog_)) {
    catalog_.level1.reserve(catalog_.level1.size() + bench.changes.size());
    if (!bench.options.saved.empty()) {
      saved_ = bench.options.saved /
               fmt::format("{}-{}x{}", name, catalog_.items.rows(), catalog_.items.dim());
    }
  }

  EngineFigures Run() {
    Build();
    if (bench_.options.build_only) return figures_;
    for (const std::size_t effort : engine_->efforts()) {
      engine_->SetEffort(effort);
      for (std::size_t i = 0; i < kExcluded.size(); ++i) {
        Setting setting = Measure(effort, i, 0);
        setting.recall = RecallOf(i, bench_.expected[i]);
        Add(setting);
      }
      if (effort_ == 0 && GoodEnough()) effort_ = effort;
    }
    if (engine_->CanUpsert()) MeasureUpserts();
    return figures_;
  }

 private:
  void Build() {
    const double before_mb = ResidentMegabytes();
    const double before_s = CpuSeconds();
    const std::filesystem::path timing = saved_.string() + ".seconds";
    const bool loaded = !saved_.empty() && std::filesystem::exists(timing);
    engine_->Build(catalog_, bench_.options.upserts * 2 + bench_.changes.size(), saved_);
    figures_.name = engine_->name();
    figures_.build_s = CpuSeconds() - before_s;
    figures_.memory_mb = ResidentMegabytes() - before_mb;
    if (loaded) {
      std::ifstream(timing) >> figures_.build_s;
    } else if (!saved_.empty() && std::filesystem::exists(saved_)) {
      std::ofstream(timing) << figures_.build_s << "\n";
    }
    fmt::print(stderr, "{}: {:.1f} s, {:.0f} MB\n", figures_.name, figures_.build_s,
               figures_.memory_mb);
  }

  Setting Measure(std::size_t effort, std::size_t i, std::size_t upserts_a_request) {
    Setting setting{.effort = effort,
                    .excluded_percent = 100 * kExcluded[i] / kLevel1Count,
                    .upserts = upserts_a_request > 0};
    std::vector<double> cpu;
    std::vector<double> wall;
    for (const Request& request : bench_.requests[i]) {
      Upsert(upserts_a_request);
      const double cpu_start = CpuSeconds();
      const double wall_start = WallSeconds();
      engine_->Search(request, kNeighbors);
      wall.push_back((WallSeconds() - wall_start) * 1e3);
      cpu.push_back((CpuSeconds() - cpu_start) * 1e3);
    }
    setting.cpu = {Quantile(cpu, 0.5), Quantile(cpu, 0.99)};
    setting.wall = {Quantile(wall, 0.5), Quantile(wall, 0.99)};
    return setting;
  }

  double RecallOf(std::size_t i, const Found& expected) {
    Found found;
    for (const Request& request : bench_.Compared(i)) {
      for (auto& list : engine_->Search(request, kNeighbors)) found.push_back(std::move(list));
    }
    return Recall(expected, found);
  }

  // With the least effort that is good enough without upserts, else with the most. Requests and
  // upserts take turns on one core; recall is measured at the end, before and after compaction.
  void MeasureUpserts() {
    if (effort_ == 0) effort_ = engine_->efforts().back();
    engine_->SetEffort(effort_);
    Upsert(bench_.options.upserts);
    std::vector<Setting> settings;
    for (std::size_t i = 0; i < kExcluded.size(); ++i) {
      settings.push_back(Measure(effort_, i, kUpsertsARequest));
    }
    for (std::size_t i = 0; i < kExcluded.size(); ++i) {
      settings[i].recall = RecallOf(i, bench_.expected_changed[i]);
      Add(settings[i]);
    }
    figures_.upsert_us = upsert_s_ * 1e6 / static_cast<double>(next_change_);
    const double start = CpuSeconds();
    if (engine_->Compact()) figures_.compaction_s = CpuSeconds() - start;
  }

  void Upsert(std::size_t count) {
    for (; count > 0; --count, ++next_change_) {
      const Change& change = bench_.changes[next_change_];
      const std::size_t item = change.item.value();
      if (item >= catalog_.level1.size()) catalog_.level1.resize(item + 1);
      catalog_.level1[item] = change.level1;
      const double start = CpuSeconds();
      engine_->Upsert(change);
      const double took = CpuSeconds() - start;
      upsert_s_ += took;
      figures_.upsert_max_us = std::max(figures_.upsert_max_us, took * 1e6);
    }
  }

  void Add(const Setting& setting) {
    figures_.settings.push_back(setting);
    fmt::print(stderr,
               "  effort {} excluded {} % upserts {}: recall {:.4f}, CPU p50 {:.2f} p99 "
               "{:.2f} ms, wall p50 {:.2f} p99 {:.2f} ms\n",
               setting.effort, setting.excluded_percent, setting.upserts, setting.recall,
               setting.cpu.p50_ms, setting.cpu.p99_ms, setting.wall.p50_ms, setting.wall.p99_ms);
  }

  bool GoodEnough() const {
    return std::all_of(figures_.settings.end() - kExcluded.size(), figures_.settings.end(),
                       [](const Setting& setting) { return setting.recall >= kWantedRecall; });
  }

  const Workbench& bench_;
  Catalog catalog_;
  std::unique_ptr<Engine> engine_;
  std::filesystem::path saved_;
  EngineFigures figures_;
  std::size_t effort_ = 0;
  std::size_t next_change_ = 0;
  double upsert_s_ = 0.0;
};

void Write(const std::filesystem::path& path, const std::string& text) {
  if (path.empty()) return;
  std::ofstream file(path);
  if (!(file << text)) throw std::runtime_error("cannot write " + path.string());
}

void Run(const Options& options) {
  if (!options.saved.empty()) std::filesystem::create_directories(options.saved);
  const Workbench bench(options);
  Report report{.items = options.workload.items,
                .dim = options.workload.dim,
                .k = kNeighbors,
                .requests = options.requests,
                .recall_requests = std::min(options.recall_requests, options.requests),
                .upserts = options.upserts,
                .cpu = CpuName()};
  for (const std::string& name : options.engines) {
    report.engines.push_back(Measurement(bench, name).Run());
  }
  Write(options.markdown, Markdown(report));
  Write(options.json, Json(report));
  if (!options.build_only) fmt::print("{}", Markdown(report));
}

}  // namespace
}  // namespace twohop::index_benchmark

int main(int argc, char** argv) {
  using twohop::index_benchmark::EngineNames;
  twohop::index_benchmark::Options options;
  CLI::App app{"Searches of users over a large catalogue, by several indexes"};
  app.add_option("--items", options.workload.items, "Items of the catalogue")
      ->check(CLI::Range(1'000, 100'000'000));
  app.add_option("--dim", options.workload.dim, "Components of a vector")
      ->check(CLI::Range(1, 4'096));
  app.add_option("--seed", options.workload.seed, "Of catalogue, requests and upserts");
  app.add_option("--engines", options.engines, "Which to compare")
      ->delimiter(',')
      ->check(CLI::IsMember(EngineNames()));
  app.add_option("--requests", options.requests, "Requests measured in a setting")
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--recall-requests", options.recall_requests,
                 "Of them, compared with brute force");
  app.add_option("--upserts", options.upserts, "Upserts before requests and upserts take turns");
  app.add_option("--saved", options.saved,
                 "Folder in which built graphs are kept for the next run");
  app.add_option("--markdown", options.markdown, "File to write");
  app.add_option("--json", options.json, "File to write");
  app.add_flag("--build-only", options.build_only, "Stop when the indexes are built and saved");
  CLI11_PARSE(app, argc, argv);
  try {
    twohop::index_benchmark::Run(options);
  } catch (const std::exception& error) {
    fmt::print(stderr, "index_benchmark: {}\n", error.what());
    return 1;
  }
  return 0;
}
