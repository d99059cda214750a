// Running a stage again only when its inputs changed.

#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "apps/common/workspace.h"

#include "twohop/base/result.h"

namespace twohop::app {

// Remembers from which inputs a stage's output was made. Written after the output, so a stage that
// was interrupted runs again.
class StageStamp {
 public:
  // `fingerprint` stands for all inputs and options of the stage.
  StageStamp(const Workspace& workspace, std::string_view stage, std::string fingerprint);

  // True if the stage was completed with this fingerprint.
  bool IsCurrent() const;

  // Errors: those of WriteFileAtomically.
  Status Write() const;

 private:
  std::filesystem::path file_;
  std::string fingerprint_;
};

}  // namespace twohop::app
