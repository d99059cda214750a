// Rows of an item file: an item that is accepted can stand in a catalogue.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "twohop/base/check.h"
#include "twohop/base/text.h"
#include "twohop/ingest/item_json.h"
#include "twohop/ingest/item_row.h"
#include "twohop/ingest/json_row.h"
#include "twohop/ingest/row_reader.h"
#include "twohop/ingest/testing/sample_community.h"

namespace {

using namespace twohop;

void CheckItem(const Item& item, const std::shared_ptr<const Taxonomy>& taxonomy) {
  TWOHOP_CHECK(IsValidUtf8(item.title) && IsValidUtf8(item.brand));
  for (const std::string& tag : item.tags) TWOHOP_CHECK(!tag.empty() && IsValidUtf8(tag));
  TWOHOP_CHECK(Catalog::Build(taxonomy, {item}).has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::shared_ptr<const Taxonomy> taxonomy = SampleTaxonomy();
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  if (ingest_internal::CheckLine({.number = 1, .offset = 0, .text = line})) return 0;
  ingest_internal::RawRow row(ingest_internal::ItemSchema());
  if (ingest_internal::ParseJsonRow(line, row)) return 0;

  const auto item = ingest_internal::MakeItem(row, *taxonomy);
  const auto from_tree = ParseItemJson(*ParseJson(line), *taxonomy);
  TWOHOP_CHECK(item.has_value() == from_tree.has_value());
  if (!item.has_value()) return 0;
  TWOHOP_CHECK(*item == *from_tree);
  CheckItem(*item, taxonomy);
  return 0;
}
