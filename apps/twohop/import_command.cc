#include <memory>

#include "apps/twohop/commands.h"
#include "apps/twohop/common_options.h"
#include "apps/twohop/import_options.h"
#include "apps/twohop/import_pipeline.h"
#include <fmt/core.h>

namespace twohop::app {
namespace {

struct ImportCommandOptions {
  CommonOptions common;
  ImportOptions import;
};

Status RunImport(const ImportCommandOptions& options, std::stop_token stop) {
  const SystemClock clock;
  const auto progress = MakeProgress(stderr, clock);
  const Workspace workspace = options.common.OpenWorkspace();
  TWOHOP_ASSIGN_OR_RETURN(RejectReport rejects,
                          RejectReport::Open(options.import.RejectOptionsFor(workspace.rejects())));
  TWOHOP_ASSIGN_OR_RETURN(
      const ImportReport report,
      ImportFilesInto(workspace, options.import.files, rejects, clock, *progress, stop));
  fmt::print("{} categories, {} items, {} users, {} events ({} new), {} rejected rows\n{}",
             report.categories, report.items, report.users, report.events, report.new_events,
             report.rejected, report.rejects);
  return Ok();
}

Status RunValidate(const ImportOptions& options, std::stop_token stop) {
  const SystemClock clock;
  const auto progress = MakeProgress(stderr, clock);
  TWOHOP_ASSIGN_OR_RETURN(RejectReport rejects, RejectReport::Open(options.RejectOptionsFor({})));
  TWOHOP_ASSIGN_OR_RETURN(const ImportReport report,
                          ValidateFiles(options.files, rejects, clock, *progress, stop));
  fmt::print("{} categories, {} items, {} users, {} events, {} rejected rows\n{}",
             report.categories, report.items, report.users, report.events, report.rejected,
             report.rejects);
  if (report.rejected > 0) {
    return FailedPrecondition(fmt::format("{} rows would be rejected", report.rejected));
  }
  return Ok();
}

}  // namespace

void ImportOptions::AddTo(CLI::App& command) {
  command.add_option("--taxonomy", files.taxonomy, "TSV, CSV or `a > b > c` lines")->required();
  command.add_option("--items", files.items, "JSON lines, CSV or TSV")->required();
  command.add_option("--users", files.users, "JSON lines, CSV or TSV");
  command.add_option("--events", files.events, "JSON lines, CSV or TSV");
  command.add_flag("--strict", strict, "Stop at the first row that breaks a rule");
  command.add_option("--rejects", rejects_file, "Where rejected rows are written");
}

RejectOptions ImportOptions::RejectOptionsFor(const std::filesystem::path& default_file) const {
  return {.strict = strict, .file = rejects_file.empty() ? default_file : rejects_file};
}

void AddImportCommand(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand(
      "import", "Read taxonomy, items, users and events into a workspace (docs/formats.md)");
  auto options = std::make_shared<ImportCommandOptions>();
  options->common.AddTo(*command);
  options->import.AddTo(*command);
  command->callback([options, &action] {
    action = [options](std::stop_token stop) { return RunImport(*options, stop); };
  });
}

void AddValidateCommand(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand(
      "validate", "Check files as `import` would, without writing; exit code 1 if rows fail");
  auto options = std::make_shared<ImportOptions>();
  options->AddTo(*command);
  command->callback([options, &action] {
    action = [options](std::stop_token stop) { return RunValidate(*options, stop); };
  });
}

}  // namespace twohop::app
