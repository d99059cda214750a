// How far an import has come in its event file.

#pragma once

#include <filesystem>
#include <string>

#include "apps/common/workspace.h"

#include "twohop/base/result.h"
#include "twohop/ingest/file_position.h"

namespace twohop::app {

// Remembers a position in one file; a file that has changed since starts from the beginning. Losing
// it costs time alone: the event log knows which events it has.
class ImportCheckpoint {
 public:
  // Errors: kNotFound if there is no such event file; kUnavailable if it cannot be read.
  static Result<ImportCheckpoint> Open(const Workspace& workspace,
                                       const std::filesystem::path& event_file);

  FilePosition position() const { return position_; }

  // Errors: those of WriteFileAtomically.
  Status Save(FilePosition position);

  // The whole file was read: a later import of it starts anew.
  void Clear();

 private:
  std::filesystem::path file_;
  std::string identity_;  // Path, size and time of the last change of the event file.
  FilePosition position_;
};

}  // namespace twohop::app
