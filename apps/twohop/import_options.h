// What `import` and `validate` take.

#pragma once

#include <filesystem>

#include "apps/twohop/import_pipeline.h"
#include <CLI/CLI.hpp>

#include "twohop/ingest/reject_report.h"

namespace twohop::app {

struct ImportOptions {
  ImportFiles files;
  bool strict = false;
  std::filesystem::path rejects_file;  // Empty: the command's default.

  // Adds the options to a subcommand, bound to this object, which must outlive parsing.
  void AddTo(CLI::App& command);

  RejectOptions RejectOptionsFor(const std::filesystem::path& default_file) const;
};

}  // namespace twohop::app
