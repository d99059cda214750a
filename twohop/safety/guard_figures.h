// What the guards against sensitive inferences catch, and what they catch by mistake.

#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/base/json.h"
#include "twohop/base/jsonl.h"
#include "twohop/base/result.h"
#include "twohop/llm/embedding_client.h"
#include "twohop/reasoning/blocklist.h"
#include "twohop/reasoning/sensitive_demands.h"

namespace twohop {

// A text that must not become a demand.
struct SensitivePhrase {
  std::string theme;
  bool held_out = false;  // Not for choosing thresholds: what figures are about.
  std::string text;
};

// Reads {"theme": "religion", "split": "calibration", "text": "..."}; "split" is "calibration" or
// "test".
//
// Errors: kInvalidArgument, naming the field.
Result<SensitivePhrase> ParseSensitivePhrase(const Json& json);

// Errors: those of ForEachJsonLine; kInvalidArgument, "file:line: why", for a bad line.
Result<std::vector<SensitivePhrase>> ReadSensitivePhrases(const std::filesystem::path& path);

// Texts of one kind: "demands", or the phrases of a theme.
struct GuardedTexts {
  std::string name;
  bool sensitive = false;
  std::vector<std::string> texts;
};

// How many of them each guard blocks.
struct GuardRow {
  std::string name;
  bool sensitive = false;
  std::size_t texts = 0;
  std::size_t by_words = 0;
  std::size_t by_similarity = 0;
  std::size_t by_either = 0;
  std::vector<std::string> wrong;  // Harmless ones that are blocked, sensitive ones that are not.

  friend bool operator==(const GuardRow&, const GuardRow&) = default;
};

// A row per group, in their order. Embeds all texts.
//
// Errors: those of EmbeddingClient::Embed.
Result<std::vector<GuardRow>> MeasureGuards(std::span<const GuardedTexts> groups,
                                            const Blocklist& blocklist,
                                            const SensitiveDemands& similarity,
                                            EmbeddingClient& embedder, std::stop_token stop);

// The phrases as groups by split and theme, calibration first: "calibration: religion".
std::vector<GuardedTexts> GroupPhrases(std::span<const SensitivePhrase> phrases);

// A Markdown table with the share that each guard blocks; below each kind of rows their sum.
std::string GuardsToMarkdown(std::span<const GuardRow> rows);
Json GuardsToJson(std::span<const GuardRow> rows);

}  // namespace twohop
