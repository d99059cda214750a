#include "twohop/ingest/item_json.h"

#include "twohop/ingest/item_row.h"
#include "twohop/ingest/json_row.h"

namespace twohop {

Result<Item> ParseItemJson(const Json& json, const Taxonomy& taxonomy) {
  ingest_internal::RawRow row(ingest_internal::ItemSchema());
  if (auto broken = ingest_internal::FillFromJson(json, row)) {
    return InvalidArgument(std::move(broken->message));
  }
  auto item = ingest_internal::MakeItem(row, taxonomy);
  if (!item.has_value()) return InvalidArgument(std::move(item.error().message));
  return *std::move(item);
}

}  // namespace twohop
