// Lines of CSV: what was split can be written in quotes and split again.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/base/check.h"
#include "twohop/ingest/delimited_line.h"

namespace {

std::string Quoted(std::string_view cell) {
  std::string quoted = "\"";
  for (const char c : cell) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  twohop::ingest_internal::DelimitedLine first;
  if (first.Parse(line, ',').has_value()) return 0;
  TWOHOP_CHECK(!first.cells().empty());

  std::string again;
  for (const std::string_view cell : first.cells()) {
    again += (again.empty() ? "" : ",") + Quoted(cell);
  }
  twohop::ingest_internal::DelimitedLine second;
  TWOHOP_CHECK(!second.Parse(again, ',').has_value());
  TWOHOP_CHECK(first.cells() == second.cells());
  return 0;
}
