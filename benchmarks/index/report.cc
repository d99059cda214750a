#include "report.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace twohop::index_benchmark {
namespace {

nlohmann::json ToJson(const Latency& latency) {
  return {{"p50_ms", latency.p50_ms}, {"p99_ms", latency.p99_ms}};
}

nlohmann::json ToJson(const Setting& setting) {
  return {{"effort", setting.effort},   {"excluded_percent", setting.excluded_percent},
          {"upserts", setting.upserts}, {"recall_at_k", setting.recall},
          {"cpu", ToJson(setting.cpu)}, {"wall", ToJson(setting.wall)}};
}

nlohmann::json ToJson(const EngineFigures& engine) {
  nlohmann::json settings = nlohmann::json::array();
  for (const Setting& setting : engine.settings) settings.push_back(ToJson(setting));
  return {{"name", engine.name},
          {"build_s", engine.build_s},
          {"memory_mb", engine.memory_mb},
          {"upsert_us", engine.upsert_us},
          {"upsert_max_us", engine.upsert_max_us},
          {"compaction_s", engine.compaction_s},
          {"settings", settings}};
}

std::string Row(const EngineFigures& engine, const Setting& setting) {
  return fmt::format("| {} | {} | {} % | {} | {:.4f} | {:.2f} | {:.2f} | {:.2f} | {:.2f} |\n",
                     engine.name, setting.effort == 0 ? "" : std::to_string(setting.effort),
                     setting.excluded_percent, setting.upserts ? "1,000/s" : "none", setting.recall,
                     setting.cpu.p50_ms, setting.cpu.p99_ms, setting.wall.p50_ms,
                     setting.wall.p99_ms);
}

}  // namespace

double Quantile(std::vector<double> values, double quantile) {
  if (values.empty()) return 0.0;
  std::sort(values.begin(), values.end());
  const double rank = std::ceil(quantile * static_cast<double>(values.size()));
  return values[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
}

std::string Markdown(const Report& report) {
  std::string text = fmt::format(
      "{} items, D = {}, top {}; a request has 5 queries; {} requests a setting, {} of them "
      "compared with f32 brute force; one core of {}. {} upserts came before the settings with "
      "upserts.\n\n",
      report.items, report.dim, report.k, report.requests, report.recall_requests, report.cpu,
      report.upserts);
  text += "| engine | build, CPU s | memory, MB | upsert, µs mean / max | compaction, s |\n";
  text += "| --- | --- | --- | --- | --- |\n";
  for (const EngineFigures& engine : report.engines) {
    text += fmt::format("| {} | {:.1f} | {:.0f} | {:.1f} / {:.0f} | {:.1f} |\n", engine.name,
                        engine.build_s, engine.memory_mb, engine.upsert_us, engine.upsert_max_us,
                        engine.compaction_s);
  }
  text += "\n| engine | effort | excluded | upserts | recall | CPU p50, ms | CPU p99, ms ";
  text += "| wall p50, ms | wall p99, ms |\n";
  text += "| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n";
  for (const EngineFigures& engine : report.engines) {
    for (const Setting& setting : engine.settings) text += Row(engine, setting);
  }
  return text;
}

std::string Json(const Report& report) {
  nlohmann::json engines = nlohmann::json::array();
  for (const EngineFigures& engine : report.engines) engines.push_back(ToJson(engine));
  const nlohmann::json json = {{"items", report.items},
                               {"dim", report.dim},
                               {"k", report.k},
                               {"requests", report.requests},
                               {"recall_requests", report.recall_requests},
                               {"upserts", report.upserts},
                               {"cpu", report.cpu},
                               {"engines", engines}};
  return json.dump(2) + "\n";
}

}  // namespace twohop::index_benchmark
