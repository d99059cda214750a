#include "twohop/simulate/testing/memory_output.h"

#include "twohop/base/text.h"

namespace twohop {

Status MemoryCommunityOutput::Append(CommunityFile file, std::string_view rows) {
  if (disk_full_) return ResourceExhausted("disk full");
  contents_[static_cast<std::size_t>(file)] += rows;
  return Ok();
}

Status MemoryCommunityOutput::Finish() {
  finished_ = true;
  return Ok();
}

std::vector<std::string_view> MemoryCommunityOutput::rows(CommunityFile file) const {
  std::vector<std::string_view> rows = Split(content(file), '\n');
  rows.pop_back();  // Nothing follows the last newline.
  return rows;
}

}  // namespace twohop
