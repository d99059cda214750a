// Taxonomy files: a taxonomy that is accepted finds each of its categories by id and by path.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "twohop/base/check.h"
#include "twohop/base/text.h"
#include "twohop/ingest/row_reader.h"
#include "twohop/ingest/taxonomy_text.h"

using namespace twohop;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ingest_internal::TaxonomyText text{.file = "fuzz", .lines = {}};
  const std::string_view content(reinterpret_cast<const char*>(data), size);
  std::uint64_t number = 0;
  for (const std::string_view line : Split(content, '\n')) {
    ++number;
    if (ingest_internal::CheckLine({.number = number, .offset = 0, .text = line})) return 0;
    if (Trim(line).empty()) continue;
    text.lines.push_back({.number = number, .text = std::string(line)});
  }
  const auto taxonomy = ingest_internal::ParseTaxonomy(text);
  if (!taxonomy.has_value()) return 0;
  TWOHOP_CHECK(taxonomy->size() > 0);
  for (std::uint32_t i = 0; i < taxonomy->size(); ++i) {
    const CategoryIndex category(i);
    TWOHOP_CHECK(taxonomy->FindById(taxonomy->at(category).id) == category);
    for (const std::string& alias : taxonomy->at(category).aliases) {
      TWOHOP_CHECK(taxonomy->FindById(alias) == category);
    }
  }
  return 0;
}
