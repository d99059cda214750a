#include "twohop/ingest/taxonomy_reader.h"

#include <string>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/line_reader.h"
#include "twohop/base/text.h"
#include "twohop/ingest/row_reader.h"
#include "twohop/ingest/taxonomy_text.h"

namespace twohop {

Result<Taxonomy> LoadTaxonomy(const std::filesystem::path& path) {
  TWOHOP_ASSIGN_OR_RETURN(LineReader lines, LineReader::Open(path));
  ingest_internal::TaxonomyText text{.file = path.string(), .lines = {}};
  while (const auto line = lines.Next()) {
    if (const auto broken = ingest_internal::CheckLine(*line)) {
      return InvalidArgument(fmt::format("{}:{}: {}", text.file, line->number, broken->message));
    }
    if (Trim(line->text).empty()) continue;
    text.lines.push_back({.number = line->number, .text = std::string(line->text)});
  }
  TWOHOP_RETURN_IF_ERROR(lines.status());
  return ingest_internal::ParseTaxonomy(text);
}

}  // namespace twohop
