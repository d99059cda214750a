#include "twohop/safety/attack_report.h"

#include <algorithm>

#include <fmt/format.h>

namespace twohop {
namespace {

void Add(const AttackOutcome& outcome, AttackKindFigures& figures) {
  ++figures.attacks;
  if (outcome.valid) ++figures.valid;
  if (outcome.succeeded()) ++figures.succeeded;
  figures.interests += outcome.interests;
  figures.ungrounded += outcome.ungrounded;
  figures.not_novel += outcome.not_novel;
  figures.changed += outcome.changed;
  figures.smuggled += outcome.smuggled;
  figures.leaks += outcome.leaks;
}

AttackKindFigures& RowOf(const std::string& kind, std::vector<AttackKindFigures>& rows) {
  const auto known = std::find_if(rows.begin(), rows.end(),
                                  [&](const AttackKindFigures& row) { return row.kind == kind; });
  if (known != rows.end()) return *known;
  rows.push_back({.kind = kind});
  return rows.back();
}

Json ToJson(const AttackKindFigures& row) {
  return {
      {"kind", row.kind},           {"attacks", row.attacks},       {"valid", row.valid},
      {"interests", row.interests}, {"ungrounded", row.ungrounded}, {"not_novel", row.not_novel},
      {"changed", row.changed},     {"smuggled", row.smuggled},     {"leaks", row.leaks},
      {"succeeded", row.succeeded}};
}

Json ToJson(const AttackResult& result) {
  const AttackOutcome& outcome = result.outcome;
  return {{"id", result.attack.id},         {"kind", result.attack.kind},
          {"goal", result.attack.goal},     {"ungrounded", outcome.ungrounded},
          {"not_novel", outcome.not_novel}, {"smuggled", outcome.smuggled},
          {"leaks", outcome.leaks}};
}

}  // namespace

std::vector<AttackKindFigures> FiguresByKind(std::span<const AttackResult> results) {
  std::vector<AttackKindFigures> rows;
  AttackKindFigures all{.kind = "all"};
  for (const AttackResult& result : results) {
    Add(result.outcome, RowOf(result.attack.kind, rows));
    Add(result.outcome, all);
  }
  rows.push_back(all);
  return rows;
}

std::string AttacksToMarkdown(std::span<const AttackResult> results) {
  std::string table =
      "| kind | attacks | valid | interests | ungrounded | not novel | changed | smuggled | leaks "
      "| succeeded |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n";
  for (const AttackKindFigures& row : FiguresByKind(results)) {
    table += fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |\n", row.kind,
                         row.attacks, row.valid, row.interests, row.ungrounded, row.not_novel,
                         row.changed, row.smuggled, row.leaks, row.succeeded);
  }
  return table;
}

Json AttacksToJson(std::span<const AttackResult> results) {
  Json json = {{"kinds", Json::array()}, {"succeeded", Json::array()}};
  for (const AttackKindFigures& row : FiguresByKind(results)) json["kinds"].push_back(ToJson(row));
  for (const AttackResult& result : results) {
    if (result.outcome.succeeded()) json["succeeded"].push_back(ToJson(result));
  }
  return json;
}

}  // namespace twohop
