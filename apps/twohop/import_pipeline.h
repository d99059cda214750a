// From a user's files to a workspace.

#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>

#include "apps/common/workspace.h"

#include "twohop/base/clock.h"
#include "twohop/base/progress.h"
#include "twohop/base/result.h"
#include "twohop/ingest/reject_report.h"

namespace twohop::app {

struct ImportFiles {
  std::filesystem::path taxonomy;
  std::filesystem::path items;
  std::filesystem::path users;   // Empty: none to import.
  std::filesystem::path events;  // Empty: none to import.
};

struct ImportReport {
  std::uint64_t categories = 0;
  std::uint64_t items = 0;
  std::uint64_t users = 0;
  std::uint64_t events = 0;          // Accepted rows.
  std::uint64_t new_events = 0;      // Of those, not in the log before.
  std::uint64_t applied_events = 0;  // Worked into user states by this run.
  std::string rejects;               // RejectReport::Describe().
  std::uint64_t rejected = 0;
};

// Reads all files with the rules of import and writes nothing but the rejects file.
//
// Errors: those of the readers; kCancelled.
Result<ImportReport> ValidateFiles(const ImportFiles& files, RejectReport& rejects,
                                   const Clock& clock, Progress& progress, std::stop_token stop);

// Reads the files into the workspace: catalogue, event log, user states. Importing the same events
// again changes nothing. An interrupted import goes on in the middle of the event file when it is
// started again with the same file.
//
// Errors: those of the readers and the stores; kCancelled, after which everything that was read is
// kept.
Result<ImportReport> ImportFilesInto(const Workspace& workspace, const ImportFiles& files,
                                     RejectReport& rejects, const Clock& clock, Progress& progress,
                                     std::stop_token stop);

}  // namespace twohop::app
