#include "apps/twohop-train/beauty_reader.h"

#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "apps/twohop-train/gzip_file.h"
#include <fmt/format.h>

#include "twohop/ingest/delimited_line.h"

namespace twohop::app {
namespace {

constexpr std::size_t kLevels = 3;
constexpr std::size_t kFewestItems = 3;  // One to learn from, one for validation, one for the test.
constexpr std::string_view kArrow = " > ";

Status Wrong(std::string_view file, std::size_t line, std::string_view what) {
  return InvalidArgument(fmt::format("{}:{}: {}", file, line, what));
}

// Calls `use(line, number)` for every line that is not empty, until one fails.
template <typename Use>
Status ForEachLine(std::string_view text, Use use) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) TWOHOP_RETURN_IF_ERROR(use(line, number));
  }
  return Ok();
}

std::vector<std::string> Split(std::string_view text, std::string_view separator) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = std::min(text.find(separator), text.size());
    if (end > 0) parts.emplace_back(text.substr(0, end));
    if (end == text.size()) return parts;
    text.remove_prefix(end + separator.size());
  }
}

using Levels = std::array<std::string, kLevels>;

class ItemsReader {
 public:
  explicit ItemsReader(std::string file) : file_(std::move(file)) {}

  Result<Catalog> Read(std::string_view text) {
    TWOHOP_RETURN_IF_ERROR(ForEachLine(
        text, [&](std::string_view line, std::size_t number) { return AddLine(line, number); }));
    auto taxonomy = Taxonomy::Build(std::move(categories_));
    if (!taxonomy.has_value()) return Annotate(taxonomy, file_);
    auto catalog =
        Catalog::Build(std::make_shared<const Taxonomy>(*std::move(taxonomy)), std::move(items_));
    if (!catalog.has_value()) return Annotate(catalog, file_);
    return catalog;
  }

 private:
  Status AddLine(std::string_view line, std::size_t number) {
    if (const auto reject = line_.Parse(line, ','); reject.has_value()) {
      return Wrong(file_, number, "broken quotes");
    }
    const std::vector<std::string_view>& cells = line_.cells();
    if (number == 1) {
      const bool is_header = cells.size() == 3 && cells[0] == "item_id" && cells[1] == "brand" &&
                             cells[2] == "category";
      return is_header ? Ok() : Wrong(file_, number, "not the header \"item_id,brand,category\"");
    }
    if (cells.size() != 3) {
      return Wrong(file_, number, fmt::format("{} cells instead of 3", cells.size()));
    }
    const std::vector<std::string> path = Split(cells[2], kArrow);
    if (cells[0].empty()) return Wrong(file_, number, "no item_id");
    if (path.empty()) return Wrong(file_, number, "no category");
    Item item{.id = ItemId(std::string(cells[0])),
              .title = fmt::format("{} {}", path.back(), cells[0]),
              .category = CategoryOf(path),
              .brand = cells[1] == "Unknown" ? "" : std::string(cells[1])};
    for (std::size_t i = kLevels; i < path.size(); ++i) item.tags.push_back(path[i]);
    items_.push_back(std::move(item));
    return Ok();
  }

  CategoryIndex CategoryOf(const std::vector<std::string>& path) {
    Levels levels;
    for (std::size_t i = 0; i < kLevels; ++i) levels[i] = path[std::min(i, path.size() - 1)];
    const auto next = static_cast<std::uint32_t>(categories_.size());
    const auto [found, is_new] = category_of_.emplace(levels, next);
    if (is_new) {
      categories_.push_back({.id = fmt::format("c{}", next),
                             .level1 = levels[0],
                             .level2 = levels[1],
                             .level3 = levels[2]});
    }
    return CategoryIndex(found->second);
  }

  std::string file_;
  ingest_internal::DelimitedLine line_;
  std::map<Levels, std::uint32_t> category_of_;
  std::vector<Category> categories_;
  std::vector<Item> items_;
};

Result<std::vector<std::vector<ItemIndex>>> ReadSequences(std::string_view text,
                                                          const std::string& file,
                                                          const Catalog& catalog) {
  std::vector<std::vector<ItemIndex>> sequences;
  TWOHOP_RETURN_IF_ERROR(
      ForEachLine(text, [&](std::string_view line, std::size_t number) -> Status {
        const std::vector<std::string> words = Split(line, " ");
        if (words.size() < 1 + kFewestItems) {
          return Wrong(file, number, fmt::format("a user with fewer than {} items", kFewestItems));
        }
        std::vector<ItemIndex>& sequence = sequences.emplace_back();
        for (std::size_t i = 1; i < words.size(); ++i) {
          const auto item = catalog.Find(words[i]);
          if (!item.has_value()) {
            return Wrong(file, number, fmt::format("item {} is not in items.csv", words[i]));
          }
          sequence.push_back(*item);
        }
        return Ok();
      }));
  if (sequences.empty()) return InvalidArgument(file + ": no users");
  return sequences;
}

}  // namespace

Result<BeautyReviews> ReadBeauty(const std::filesystem::path& dir) {
  const std::filesystem::path items_file = dir / "items.csv";
  const std::filesystem::path sequences_file = dir / "sequences.txt";
  TWOHOP_ASSIGN_OR_RETURN(const std::string items, ReadPossiblyGzipped(items_file));
  TWOHOP_ASSIGN_OR_RETURN(const std::string sequences, ReadPossiblyGzipped(sequences_file));
  TWOHOP_ASSIGN_OR_RETURN(Catalog catalog, ItemsReader(items_file.string()).Read(items));
  BeautyReviews reviews{.catalog = std::make_shared<const Catalog>(std::move(catalog))};
  TWOHOP_ASSIGN_OR_RETURN(reviews.sequences,
                          ReadSequences(sequences, sequences_file.string(), *reviews.catalog));
  return reviews;
}

}  // namespace twohop::app
