#include "twohop/ingest/taxonomy_text.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "twohop/ingest/taxonomy_paths.h"
#include "twohop/ingest/taxonomy_table.h"

namespace twohop::ingest_internal {
namespace {

bool HasPath(const TaxonomyText& text) {
  return std::any_of(text.lines.begin(), text.lines.end(), [](const TextLine& line) {
    return !line.text.starts_with('#') && line.text.find('>') != std::string::npos;
  });
}

Result<std::vector<Category>> ParseCategories(const TaxonomyText& text) {
  if (const auto separator = FindTableSeparator(text.lines.front().text)) {
    return ParseTaxonomyTable(text, *separator);
  }
  if (HasPath(text)) return ParseTaxonomyPaths(text);
  return InvalidArgument(
      fmt::format("{} is neither a table with the columns level1, level2 and level3 nor a list of "
                  "paths like \"a > b > c\"",
                  text.file));
}

}  // namespace

tl::unexpected<Error> TaxonomyText::Fail(const TextLine& line, std::string_view message) const {
  return InvalidArgument(fmt::format("{}:{}: {}", file, line.number, message));
}

Result<Taxonomy> ParseTaxonomy(const TaxonomyText& text) {
  if (text.lines.empty()) return InvalidArgument(fmt::format("{} is empty", text.file));
  TWOHOP_ASSIGN_OR_RETURN(auto categories, ParseCategories(text));
  auto taxonomy = Taxonomy::Build(std::move(categories));
  if (!taxonomy.has_value()) return Annotate(taxonomy, text.file);
  return taxonomy;
}

std::optional<std::uint64_t> LineIndex::Add(const std::string& name, std::uint64_t line) {
  const auto [found, is_new] = lines_.emplace(name, line);
  if (is_new) return std::nullopt;
  return found->second;
}

std::string JoinLevels(const std::vector<std::string>& levels) {
  return fmt::format("{}", fmt::join(levels, " > "));
}

}  // namespace twohop::ingest_internal
