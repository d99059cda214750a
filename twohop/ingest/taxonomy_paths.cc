#include "twohop/ingest/taxonomy_paths.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/text.h"
#include "twohop/ingest/field_reader.h"

namespace twohop::ingest_internal {
namespace {

constexpr std::size_t kLevels = 3;
constexpr std::string_view kBlanks = " \t";

bool IsNumber(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

// Takes the id and the sign behind it off the front of `line`; empty if there is none.
std::string_view TakeId(std::string_view& line) {
  const std::string_view token = line.substr(0, line.find_first_of(kBlanks));
  if (token.size() == line.size() || token.find('>') != std::string_view::npos) return {};
  const std::size_t sign = line.find_first_not_of(kBlanks, token.size());
  if (sign == std::string_view::npos || sign + 1 >= line.size()) return {};
  const bool separates = line[sign] == ':' || (line[sign] == '-' && IsNumber(token));
  if (!separates || kBlanks.find(line[sign + 1]) == std::string_view::npos) return {};
  line.remove_prefix(sign + 1);
  return token;
}

std::string Prefix(const TaxonomyPath& path, std::size_t levels) {
  return JoinLevels(
      {path.levels.begin(), path.levels.begin() + static_cast<std::ptrdiff_t>(levels)});
}

class PathTree {
 public:
  explicit PathTree(const TaxonomyText& text) : text_(text) {}

  Result<std::vector<Category>> Build() {
    for (const TextLine& line : text_.lines) {
      if (!line.text.starts_with('#')) TWOHOP_RETURN_IF_ERROR(AddNode(line));
    }
    for (const TaxonomyPath& path : nodes_) AddCategory(path);
    for (Category& category : categories_) {
      if (category.id.empty()) {
        category.id = JoinLevels({category.level1, category.level2, category.level3});
      }
    }
    return std::move(categories_);
  }

 private:
  Status AddNode(const TextLine& line) {
    auto path = ParseTaxonomyPath(line.text);
    if (!path.has_value()) return text_.Fail(line, path.error().message);
    TWOHOP_RETURN_IF_ERROR(CheckUnique(line, *path));
    for (std::size_t i = 1; i < std::min(path->levels.size(), kLevels); ++i) {
      parents_.insert(Prefix(*path, i));
    }
    nodes_.push_back(*std::move(path));
    return Ok();
  }

  // A path may come again under another id: translations give two nodes one name.
  Status CheckUnique(const TextLine& line, const TaxonomyPath& path) {
    const std::string name = JoinLevels(path.levels);
    const auto first_path = paths_.Add(name, line.number);
    if (path.id.empty()) {
      if (!first_path) return Ok();
      return text_.Fail(line, fmt::format("path \"{}\" is on line {} already", name, *first_path));
    }
    if (const auto first = ids_.Add(path.id, line.number)) {
      return text_.Fail(line, fmt::format("id \"{}\" is on line {} already", path.id, *first));
    }
    return Ok();
  }

  void AddCategory(const TaxonomyPath& path) {
    const std::size_t depth = path.levels.size();
    if (depth < kLevels && parents_.contains(JoinLevels(path.levels))) return;
    Category& category = FindOrAdd(path);
    if (depth <= kLevels && category.id.empty()) {
      category.id = path.id;
    } else if (!path.id.empty()) {
      category.aliases.push_back(path.id);
    }
  }

  Category& FindOrAdd(const TaxonomyPath& path) {
    std::vector<std::string> levels = path.levels;
    levels.resize(kLevels, path.levels.back());
    const auto [found, is_new] = position_of_.emplace(JoinLevels(levels), categories_.size());
    if (is_new) {
      Category category;
      category.level1 = std::move(levels[0]);
      category.level2 = std::move(levels[1]);
      category.level3 = std::move(levels[2]);
      categories_.push_back(std::move(category));
    }
    return categories_[found->second];
  }

  const TaxonomyText& text_;
  std::vector<TaxonomyPath> nodes_;
  LineIndex paths_;
  LineIndex ids_;
  std::unordered_set<std::string> parents_;  // Paths of one or two levels with something below.
  std::unordered_map<std::string, std::size_t> position_of_;  // In categories_, by three levels.
  std::vector<Category> categories_;
};

}  // namespace

RowResult<TaxonomyPath> ParseTaxonomyPath(std::string_view line) {
  line = Trim(line);
  TaxonomyPath path;
  path.id = std::string(TakeId(line));
  for (const std::string_view piece : Split(line, '>')) {
    std::string level = CleanText(piece);
    if (level.empty() || level.size() > kMaxCategoryNameBytes) {
      return tl::unexpected(Reject{
          RowFault::kBadValue,
          fmt::format("level {} of the path is {}", path.levels.size() + 1,
                      level.empty() ? "empty"
                                    : fmt::format("longer than {} bytes", kMaxCategoryNameBytes))});
    }
    path.levels.push_back(std::move(level));
  }
  return path;
}

Result<std::vector<Category>> ParseTaxonomyPaths(const TaxonomyText& text) {
  return PathTree(text).Build();
}

}  // namespace twohop::ingest_internal
