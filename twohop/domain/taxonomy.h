// The tree of categories that a catalogue is sorted into.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "twohop/base/result.h"
#include "twohop/domain/ids.h"

namespace twohop {

// A category of level 3, the finest that we reason about.
struct Category {
  std::string id;      // Unique; what is stored and sent.
  std::string level1;  // Never empty.
  std::string level2;
  std::string level3;
  std::string alternative_name;    // In another language; may be empty.
  std::vector<std::string> terms;  // Searches that mean this category; may be empty.
  std::vector<std::string> tags;   // May be empty.
  // Further ids that mean this category, as those of finer nodes of a deeper tree; may be empty.
  std::vector<std::string> aliases{};

  friend bool operator==(const Category&, const Category&) = default;
};

// Immutable. Categories keep the order in which they were given; level-1 categories are numbered in
// the order of their first appearance.
//
// Thread-safe: every method is const.
class Taxonomy {
 public:
  // Errors: kInvalidArgument if there is no category, an id, alias or whole path occurs twice, or
  // an id, alias or level is empty; the message names it.
  static Result<Taxonomy> Build(std::vector<Category> categories);

  std::size_t size() const { return categories_.size(); }
  std::size_t level1_count() const { return level1_names_.size(); }

  const Category& at(CategoryIndex category) const { return categories_[category.value()]; }
  Level1Index level1_of(CategoryIndex category) const { return level1_of_[category.value()]; }
  const std::string& level1_name(Level1Index level1) const { return level1_names_[level1.value()]; }
  // In ascending order of index.
  std::span<const CategoryIndex> categories_of(Level1Index level1) const {
    return categories_of_[level1.value()];
  }

  // The shortest end of the path that no other category shares: "Air Fryers", or "Women's Fashion >
  // Bags" where "Bags" alone would be ambiguous. What people and models are shown.
  const std::string& label(CategoryIndex category) const { return labels_[category.value()]; }

  // "Kitchen & Appliances > Small Appliances > Air Fryers".
  std::string path(CategoryIndex category) const;

  // The text that is embedded for this category: its levels, finest first, its tags, and up to
  // eight of its terms, which bring it near to what people search for.
  std::string embedding_text(CategoryIndex category) const;

  // By id or alias.
  std::optional<CategoryIndex> FindById(std::string_view id) const;

  // By label, level-3 name where that is unique, alternative name or full path; compared in the
  // form of NormalizeName. Nothing if no category or more than one has that name.
  std::optional<CategoryIndex> FindByName(std::string_view name) const;

  // The category that a search for `search` means: the only one with that term, or else the one
  // with that name as FindByName has it.
  std::optional<CategoryIndex> FindBySearch(std::string_view search) const;

  std::optional<Level1Index> FindLevel1(std::string_view name) const;  // Exact.

  // Changes whenever a category, its names, its tags, the order or the form of embedding_text
  // change: vectors stored under the same fingerprint are vectors of the same texts.
  std::uint64_t fingerprint() const { return fingerprint_; }

 private:
  Taxonomy() = default;
  Status IndexIds();
  Status AddId(const std::string& id, CategoryIndex category);
  Status IndexPaths();
  void IndexLevel1();
  void MakeLabels();
  void IndexNames();
  void IndexTerms();
  void ComputeFingerprint();

  std::vector<Category> categories_;
  std::vector<std::string> labels_;
  std::vector<Level1Index> level1_of_;
  std::vector<std::string> level1_names_;
  std::vector<std::vector<CategoryIndex>> categories_of_;
  std::unordered_map<std::string, CategoryIndex> by_id_;
  // In the form of NormalizeName; what several categories share maps to nothing.
  using ByText = std::unordered_map<std::string, std::optional<CategoryIndex>>;
  static void AddText(std::string_view text, CategoryIndex category, ByText& by_text);
  ByText by_name_;
  ByText by_term_;
  std::uint64_t fingerprint_ = 0;
};

}  // namespace twohop
