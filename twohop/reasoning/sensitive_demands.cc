#include "twohop/reasoning/sensitive_demands.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/file.h"
#include "twohop/base/text.h"

namespace twohop {
namespace {

constexpr std::string_view kMarker = "=== ";
constexpr std::string_view kSensitive = "sensitive: ";
constexpr std::string_view kHarmless = "harmless: ";

tl::unexpected<Error> Wrong(std::size_t line, std::string_view what) {
  return InvalidArgument(fmt::format("line {}: {}", line, what));
}

// `marker` is what follows "=== ".
Result<SensitiveTheme> ParseMarker(std::string_view marker, std::size_t line) {
  const bool harmless = marker.starts_with(kHarmless);
  if (!harmless && !marker.starts_with(kSensitive)) {
    return Wrong(line, fmt::format("\"{}\" is neither \"sensitive: \" nor \"harmless: \" and a "
                                   "theme's name",
                                   marker));
  }
  marker.remove_prefix(harmless ? kHarmless.size() : kSensitive.size());
  return SensitiveTheme{
      .name = std::string(Trim(marker)), .harmless = harmless, .descriptions = {}};
}

bool HasKind(const std::vector<SensitiveTheme>& themes, bool harmless) {
  return std::any_of(themes.begin(), themes.end(), [&](const SensitiveTheme& theme) {
    return theme.harmless == harmless && !theme.descriptions.empty();
  });
}

Status RequireBothKinds(const std::vector<SensitiveTheme>& themes) {
  if (HasKind(themes, true) && HasKind(themes, false)) return Ok();
  return InvalidArgument("sensitive themes need sensitive and harmless descriptions");
}

}  // namespace

Result<std::vector<SensitiveTheme>> ParseSensitiveThemes(std::string_view text) {
  if (!IsValidUtf8(text)) return InvalidArgument("the themes are not valid UTF-8");
  std::vector<SensitiveTheme> themes;
  std::size_t number = 0;
  for (const std::string_view raw : Split(text, '\n')) {
    ++number;
    const std::string_view line = Trim(raw);
    if (line.empty() || line.starts_with('#')) continue;
    if (line.starts_with(kMarker)) {
      if (!themes.empty() && themes.back().descriptions.empty()) {
        return Wrong(number, fmt::format("theme \"{}\" is empty", themes.back().name));
      }
      TWOHOP_ASSIGN_OR_RETURN(themes.emplace_back(),
                              ParseMarker(line.substr(kMarker.size()), number));
    } else if (themes.empty()) {
      return Wrong(number, "a description stands before the first theme");
    } else {
      themes.back().descriptions.emplace_back(line);
    }
  }
  TWOHOP_RETURN_IF_ERROR(RequireBothKinds(themes));
  return themes;
}

Result<std::vector<SensitiveTheme>> LoadSensitiveThemes(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "sensitive.v1.txt";
  TWOHOP_ASSIGN_OR_RETURN(const std::string text, ReadFile(file));
  auto themes = ParseSensitiveThemes(text);
  if (!themes) return Annotate(themes, file.string());
  return themes;
}

Result<SensitiveDemands> SensitiveDemands::Build(const std::vector<SensitiveTheme>& themes,
                                                 EmbeddingClient& embedder,
                                                 const SensitiveOptions& options,
                                                 std::stop_token stop) {
  TWOHOP_RETURN_IF_ERROR(RequireBothKinds(themes));
  std::vector<Description> descriptions;
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < themes.size(); ++i) {
    for (const std::string& text : themes[i].descriptions) {
      descriptions.push_back({.theme = i, .harmless = themes[i].harmless});
      texts.push_back(text);
    }
  }
  TWOHOP_ASSIGN_OR_RETURN(Embeddings vectors, embedder.Embed(texts, std::move(stop)));
  if (vectors.rows() != texts.size()) {
    return Internal(fmt::format("{} vectors for {} texts", vectors.rows(), texts.size()));
  }
  return SensitiveDemands(std::move(descriptions), std::move(vectors), options);
}

SensitiveNearness SensitiveDemands::Measure(std::span<const float> vector) const {
  SensitiveNearness nearness;
  for (std::size_t i = 0; i < descriptions_.size(); ++i) {
    const float cosine = Dot(vectors_.row(i), vector);
    if (descriptions_[i].harmless) {
      nearness.harmless = std::max(nearness.harmless, cosine);
    } else if (cosine > nearness.sensitive) {
      nearness.sensitive = cosine;
      nearness.theme = descriptions_[i].theme;
    }
  }
  return nearness;
}

bool SensitiveDemands::IsSensitive(std::span<const float> vector) const {
  const SensitiveNearness nearness = Measure(vector);
  return nearness.sensitive >= options_.min_similarity &&
         nearness.sensitive - nearness.harmless >= options_.margin;
}

}  // namespace twohop
