#include "twohop/domain/taxonomy.h"

#include <algorithm>
#include <span>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "twohop/base/hash.h"
#include "twohop/base/text.h"

namespace twohop {
namespace {

// More would push a long list's text beyond what small embedding models read.
constexpr std::size_t kEmbeddedTerms = 8;

std::string FullPath(const Category& category) {
  return fmt::format("{} > {} > {}", category.level1, category.level2, category.level3);
}

std::string LastTwoLevels(const Category& category) {
  return fmt::format("{} > {}", category.level2, category.level3);
}

CategoryIndex IndexAt(std::size_t position) {
  return CategoryIndex(static_cast<std::uint32_t>(position));
}

}  // namespace

Result<Taxonomy> Taxonomy::Build(std::vector<Category> categories) {
  if (categories.empty()) return InvalidArgument("taxonomy has no categories");
  Taxonomy taxonomy;
  taxonomy.categories_ = std::move(categories);
  TWOHOP_RETURN_IF_ERROR(taxonomy.IndexIds());
  TWOHOP_RETURN_IF_ERROR(taxonomy.IndexPaths());
  taxonomy.IndexLevel1();
  taxonomy.MakeLabels();
  taxonomy.IndexNames();
  taxonomy.IndexTerms();
  taxonomy.ComputeFingerprint();
  return taxonomy;
}

Status Taxonomy::IndexIds() {
  for (std::size_t i = 0; i < size(); ++i) {
    const std::string& id = categories_[i].id;
    if (id.empty()) return InvalidArgument(fmt::format("category {} has no id", i + 1));
    TWOHOP_RETURN_IF_ERROR(AddId(id, IndexAt(i)));
    for (const std::string& alias : categories_[i].aliases) {
      if (alias.empty()) {
        return InvalidArgument(fmt::format("category \"{}\" has an empty alias", id));
      }
      TWOHOP_RETURN_IF_ERROR(AddId(alias, IndexAt(i)));
    }
  }
  return Ok();
}

Status Taxonomy::AddId(const std::string& id, CategoryIndex category) {
  if (by_id_.emplace(id, category).second) return Ok();
  return InvalidArgument(fmt::format("category id \"{}\" occurs twice", id));
}

Status Taxonomy::IndexPaths() {
  std::unordered_set<std::string> paths;
  for (const Category& category : categories_) {
    if (category.level1.empty() || category.level2.empty() || category.level3.empty()) {
      return InvalidArgument(fmt::format("category \"{}\" has an empty level", category.id));
    }
    if (!paths.insert(FullPath(category)).second) {
      return InvalidArgument(fmt::format("category \"{}\" occurs twice", FullPath(category)));
    }
  }
  return Ok();
}

void Taxonomy::IndexLevel1() {
  std::unordered_map<std::string, Level1Index> known;
  for (std::size_t i = 0; i < size(); ++i) {
    const std::string& name = categories_[i].level1;
    const Level1Index next(static_cast<std::uint32_t>(level1_names_.size()));
    const auto [found, is_new] = known.emplace(name, next);
    if (is_new) {
      level1_names_.push_back(name);
      categories_of_.emplace_back();
    }
    level1_of_.push_back(found->second);
    categories_of_[found->second.value()].push_back(IndexAt(i));
  }
}

void Taxonomy::MakeLabels() {
  std::unordered_map<std::string, int> level3_count;
  std::unordered_map<std::string, int> last_two_count;
  for (const Category& category : categories_) {
    ++level3_count[NormalizeName(category.level3)];
    ++last_two_count[NormalizeName(LastTwoLevels(category))];
  }
  for (const Category& category : categories_) {
    if (level3_count[NormalizeName(category.level3)] == 1) {
      labels_.push_back(category.level3);
    } else if (last_two_count[NormalizeName(LastTwoLevels(category))] == 1) {
      labels_.push_back(LastTwoLevels(category));
    } else {
      labels_.push_back(FullPath(category));
    }
  }
}

void Taxonomy::AddText(std::string_view text, CategoryIndex category, ByText& by_text) {
  std::string normal = NormalizeName(text);
  if (normal.empty()) return;
  const auto [found, is_new] = by_text.emplace(std::move(normal), category);
  if (!is_new && found->second != category) found->second = std::nullopt;
}

void Taxonomy::IndexNames() {
  for (std::size_t i = 0; i < size(); ++i) {
    AddText(categories_[i].level3, IndexAt(i), by_name_);
    AddText(labels_[i], IndexAt(i), by_name_);
    AddText(FullPath(categories_[i]), IndexAt(i), by_name_);
    AddText(categories_[i].alternative_name, IndexAt(i), by_name_);
  }
}

void Taxonomy::IndexTerms() {
  for (std::size_t i = 0; i < size(); ++i) {
    for (const std::string& term : categories_[i].terms) AddText(term, IndexAt(i), by_term_);
  }
}

void Taxonomy::ComputeFingerprint() {
  Hasher hasher;
  for (std::size_t i = 0; i < size(); ++i) {
    const Category& category = categories_[i];
    hasher.Add(category.id).Add(category.level1).Add(category.level2).Add(category.level3);
    hasher.Add(category.alternative_name);
    for (const auto* list : {&category.terms, &category.tags, &category.aliases}) {
      hasher.Add(list->size());
      for (const std::string& text : *list) hasher.Add(text);
    }
    hasher.Add(embedding_text(IndexAt(i)));
  }
  fingerprint_ = hasher.value();
}

std::string Taxonomy::path(CategoryIndex category) const { return FullPath(at(category)); }

std::string Taxonomy::embedding_text(CategoryIndex category) const {
  const Category& c = at(category);
  std::string text = fmt::format("{}. {}, {}.", c.level3, c.level2, c.level1);
  if (!c.tags.empty()) text += fmt::format(" {}.", fmt::join(c.tags, ", "));
  const std::size_t term_count = std::min(c.terms.size(), kEmbeddedTerms);
  if (term_count != 0) {
    text += fmt::format(" {}.", fmt::join(std::span(c.terms).first(term_count), ", "));
  }
  return text;
}

std::optional<CategoryIndex> Taxonomy::FindById(std::string_view id) const {
  const auto found = by_id_.find(std::string(id));
  if (found == by_id_.end()) return std::nullopt;
  return found->second;
}

std::optional<CategoryIndex> Taxonomy::FindByName(std::string_view name) const {
  const auto found = by_name_.find(NormalizeName(name));
  if (found == by_name_.end()) return std::nullopt;
  return found->second;
}

std::optional<CategoryIndex> Taxonomy::FindBySearch(std::string_view search) const {
  const auto found = by_term_.find(NormalizeName(search));
  return found != by_term_.end() && found->second ? found->second : FindByName(search);
}

std::optional<Level1Index> Taxonomy::FindLevel1(std::string_view name) const {
  for (std::size_t i = 0; i < level1_names_.size(); ++i) {
    if (level1_names_[i] == name) return Level1Index(static_cast<std::uint32_t>(i));
  }
  return std::nullopt;
}

}  // namespace twohop
