// A community output that keeps everything in memory.

#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/simulate/community_output.h"

namespace twohop {

// Not thread-safe.
class MemoryCommunityOutput final : public CommunityOutput {
 public:
  Status Append(CommunityFile file, std::string_view rows) override;
  Status Finish() override;

  // From now on every Append fails as if the disk was full.
  void FillDisk() { disk_full_ = true; }

  bool finished() const { return finished_; }
  const std::string& content(CommunityFile file) const {
    return contents_[static_cast<std::size_t>(file)];
  }
  // Without newlines. Valid as long as this object.
  std::vector<std::string_view> rows(CommunityFile file) const;

 private:
  std::array<std::string, kCommunityFileCount> contents_;
  bool disk_full_ = false;
  bool finished_ = false;
};

}  // namespace twohop
