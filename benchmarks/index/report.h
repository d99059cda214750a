// The figures of a run, as Markdown and as JSON.

#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace twohop::index_benchmark {

// Of the requests of one setting. CPU time does not count what other processes did meanwhile.
struct Latency {
  double p50_ms = 0.0;
  double p99_ms = 0.0;
};

struct Setting {
  std::size_t effort = 0;
  std::size_t excluded_percent = 0;
  bool upserts = false;  // 1,000 a second between the requests.
  double recall = 0.0;
  Latency cpu;
  Latency wall;
};

struct EngineFigures {
  std::string name;
  double build_s = 0.0;  // CPU; of the run that built it, if this one loaded it.
  double memory_mb = 0.0;
  double upsert_us = 0.0;      // CPU, mean.
  double upsert_max_us = 0.0;  // CPU.
  double compaction_s = 0.0;   // CPU.
  std::vector<Setting> settings;
};

struct Report {
  std::size_t items = 0;
  std::size_t dim = 0;
  std::size_t k = 0;
  std::size_t requests = 0;         // A setting.
  std::size_t recall_requests = 0;  // Of them, compared with brute force.
  std::size_t upserts = 0;          // Before the settings with upserts are measured.
  std::string cpu;
  std::vector<EngineFigures> engines;
};

std::string Markdown(const Report& report);
std::string Json(const Report& report);

// Nearest rank.
double Quantile(std::vector<double> values, double quantile);

}  // namespace twohop::index_benchmark
