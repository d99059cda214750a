#include "twohop/safety/guard_figures.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace twohop {
namespace {

double PercentOf(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

// The rows that begin with `prefix` and are of this kind, added up.
GuardRow SumOf(std::span<const GuardRow> rows, std::string_view prefix, bool sensitive,
               std::string name) {
  GuardRow sum{.name = std::move(name), .sensitive = sensitive};
  for (const GuardRow& row : rows) {
    if (row.sensitive != sensitive || !row.name.starts_with(prefix)) continue;
    sum.texts += row.texts;
    sum.by_words += row.by_words;
    sum.by_similarity += row.by_similarity;
    sum.by_either += row.by_either;
  }
  return sum;
}

std::string LineOf(const GuardRow& row) {
  return fmt::format("| {} | {} | {:.2f} % | {:.2f} % | {:.2f} % |\n", row.name, row.texts,
                     PercentOf(row.by_words, row.texts), PercentOf(row.by_similarity, row.texts),
                     PercentOf(row.by_either, row.texts));
}

}  // namespace

Result<SensitivePhrase> ParseSensitivePhrase(const Json& json) {
  SensitivePhrase phrase;
  TWOHOP_ASSIGN_OR_RETURN(phrase.theme, RequireString(json, "theme"));
  TWOHOP_ASSIGN_OR_RETURN(phrase.text, RequireString(json, "text"));
  TWOHOP_ASSIGN_OR_RETURN(const std::string split, RequireString(json, "split"));
  if (phrase.text.empty()) return InvalidArgument("field \"text\" is empty");
  if (split != "calibration" && split != "test") {
    return InvalidArgument(
        fmt::format("field \"split\" is \"{}\", must be calibration or test", split));
  }
  phrase.held_out = split == "test";
  return phrase;
}

Result<std::vector<SensitivePhrase>> ReadSensitivePhrases(const std::filesystem::path& path) {
  TWOHOP_ASSIGN_OR_RETURN(auto read, ReadJsonl<SensitivePhrase>(path, ParseSensitivePhrase));
  return RequireAllRows(path, std::move(read));
}

std::vector<GuardedTexts> GroupPhrases(std::span<const SensitivePhrase> phrases) {
  std::vector<GuardedTexts> groups;
  for (const bool held_out : {false, true}) {
    for (const SensitivePhrase& phrase : phrases) {
      if (phrase.held_out != held_out) continue;
      const std::string name =
          fmt::format("{}: {}", held_out ? "test" : "calibration", phrase.theme);
      auto group = std::find_if(groups.begin(), groups.end(),
                                [&](const GuardedTexts& known) { return known.name == name; });
      if (group == groups.end()) {
        group = groups.insert(groups.end(), {.name = name, .sensitive = true, .texts = {}});
      }
      group->texts.push_back(phrase.text);
    }
  }
  return groups;
}

Result<std::vector<GuardRow>> MeasureGuards(std::span<const GuardedTexts> groups,
                                            const Blocklist& blocklist,
                                            const SensitiveDemands& similarity,
                                            EmbeddingClient& embedder, std::stop_token stop) {
  std::vector<GuardRow> rows;
  for (const GuardedTexts& group : groups) {
    TWOHOP_ASSIGN_OR_RETURN(const Embeddings vectors, embedder.Embed(group.texts, stop));
    if (vectors.rows() != group.texts.size()) return Internal("vectors are missing");
    GuardRow& row = rows.emplace_back();
    row.name = group.name;
    row.sensitive = group.sensitive;
    row.texts = group.texts.size();
    for (std::size_t i = 0; i < group.texts.size(); ++i) {
      const bool by_words = blocklist.Blocks(group.texts[i]);
      const bool by_similarity = similarity.IsSensitive(vectors.row(i));
      if (by_words) ++row.by_words;
      if (by_similarity) ++row.by_similarity;
      if (by_words || by_similarity) ++row.by_either;
      if ((by_words || by_similarity) != group.sensitive) row.wrong.push_back(group.texts[i]);
    }
  }
  return rows;
}

std::string GuardsToMarkdown(std::span<const GuardRow> rows) {
  std::string table =
      "| texts | number | by words | by similarity | by either |\n"
      "|---|---:|---:|---:|---:|\n";
  for (const GuardRow& row : rows) table += LineOf(row);
  table += LineOf(SumOf(rows, "", false, "all harmless (false positives)"));
  table += LineOf(SumOf(rows, "calibration: ", true, "all of calibration (recall)"));
  return table + LineOf(SumOf(rows, "test: ", true, "all held out (recall)"));
}

Json GuardsToJson(std::span<const GuardRow> rows) {
  Json list = Json::array();
  for (const GuardRow& row : rows) {
    list.push_back({{"name", row.name},
                    {"sensitive", row.sensitive},
                    {"texts", row.texts},
                    {"by_words", row.by_words},
                    {"by_similarity", row.by_similarity},
                    {"by_either", row.by_either},
                    {"wrong", row.wrong}});
  }
  return list;
}

}  // namespace twohop
