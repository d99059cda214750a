#include "twohop/ingest/row_format.h"

#include <fmt/format.h>

#include "twohop/base/text.h"

namespace twohop {

Result<RowFormat> FindRowFormat(const std::filesystem::path& path) {
  const std::string extension = ToLowerAscii(path.extension().string());
  if (extension == ".jsonl" || extension == ".ndjson" || extension == ".json") {
    return RowFormat::kJsonLines;
  }
  if (extension == ".csv") return RowFormat::kCsv;
  if (extension == ".tsv") return RowFormat::kTsv;
  return InvalidArgument(
      fmt::format("{}: the format follows from the extension, which must be .jsonl, .ndjson, "
                  ".json, .csv or .tsv",
                  path.string()));
}

}  // namespace twohop
