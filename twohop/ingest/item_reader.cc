#include "twohop/ingest/item_reader.h"

#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "twohop/ingest/item_row.h"
#include "twohop/ingest/row_reader.h"

namespace twohop {
namespace {

using ingest_internal::RowReader;

class ItemCollector {
 public:
  ItemCollector(RowReader& rows, const Taxonomy& taxonomy) : rows_(rows), taxonomy_(taxonomy) {}

  Status Add(ingest_internal::RawRow& row) {
    auto item = ingest_internal::MakeItem(row, taxonomy_);
    if (!item.has_value()) return rows_.Reject(item.error());
    const auto [first, is_new] = line_of_.emplace(item->id.value(), rows_.line());
    if (!is_new) {
      return rows_.Reject({RowFault::kDuplicateId, fmt::format("item \"{}\" is on line {} already",
                                                               first->first, first->second)});
    }
    items_.push_back(*std::move(item));
    return Ok();
  }

  std::vector<Item> TakeItems() { return std::move(items_); }

 private:
  RowReader& rows_;
  const Taxonomy& taxonomy_;
  std::vector<Item> items_;
  std::unordered_map<std::string, std::uint64_t> line_of_;
};

}  // namespace

Result<Catalog> LoadCatalog(const std::filesystem::path& path,
                            std::shared_ptr<const Taxonomy> taxonomy, RejectReport& rejects,
                            Progress& progress) {
  TWOHOP_ASSIGN_OR_RETURN(const auto rows,
                          RowReader::Open(path, ingest_internal::ItemSchema(), rejects));
  const auto stage = progress.Begin("read items", rows->file_bytes());
  ItemCollector collector(*rows, *taxonomy);
  while (true) {
    TWOHOP_ASSIGN_OR_RETURN(ingest_internal::RawRow* const row, rows->Next());
    stage->Update(rows->bytes_read());
    if (row == nullptr) break;
    TWOHOP_RETURN_IF_ERROR(collector.Add(*row));
  }
  std::vector<Item> items = collector.TakeItems();
  if (items.empty()) {
    return InvalidArgument(
        fmt::format("{}: every row was rejected, no item is left", rows->file()));
  }
  return Catalog::Build(std::move(taxonomy), std::move(items));
}

}  // namespace twohop
