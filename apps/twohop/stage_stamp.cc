#include "apps/twohop/stage_stamp.h"

#include <utility>

#include "twohop/base/file.h"

namespace twohop::app {

StageStamp::StageStamp(const Workspace& workspace, std::string_view stage, std::string fingerprint)
    : file_(workspace.stamps() / stage), fingerprint_(std::move(fingerprint)) {}

bool StageStamp::IsCurrent() const {
  const Result<std::string> written = ReadFile(file_);
  return written.has_value() && *written == fingerprint_;
}

Status StageStamp::Write() const { return WriteFileAtomically(file_, fingerprint_); }

}  // namespace twohop::app
