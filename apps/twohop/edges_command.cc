#include <memory>

#include "apps/common/workspace_catalog.h"
#include "apps/twohop/commands.h"
#include "apps/twohop/common_options.h"
#include "apps/twohop/edges_pipeline.h"
#include <fmt/core.h>

namespace twohop::app {
namespace {

struct ImportEdgesOptions {
  CommonOptions common;
  EdgesImport import;
};

Status RunImportEdges(const ImportEdgesOptions& options, const std::stop_token& stop) {
  TWOHOP_ASSIGN_OR_RETURN(const Config config, options.common.LoadConfigOrDefaults());
  const Workspace workspace = options.common.OpenWorkspace();
  const SystemClock clock;
  const auto progress = MakeProgress(stderr, clock);
  TWOHOP_ASSIGN_OR_RETURN(const auto catalog, LoadWorkspaceCatalog(workspace));
  ModelAccess models(config, workspace, clock);
  TWOHOP_ASSIGN_OR_RETURN(const auto store,
                          OpenWorkspaceEdges(workspace, config, clock, OpenMode::kReadWrite));
  TWOHOP_ASSIGN_OR_RETURN(
      const EdgesReport report,
      ImportEdges(*store, catalog->taxonomy(), options.import, models, *progress, stop));
  for (const std::string& fault : report.faults) fmt::print(stderr, "{}\n", fault);
  fmt::print("{} demands, {} edges, {}; {} bad lines left out\n", report.demands, report.edges,
             report.was_current ? "up to date" : "embedded with " + models.embedding_model(),
             report.faults.size());
  return Ok();
}

void AddEdgesImportCommand(CLI::App& edges, Action& action) {
  CLI::App* command = edges.add_subcommand(
      "import", "Take in what demands call for, from a teacher's traces or demand edges (JSONL)");
  auto options = std::make_shared<ImportEdgesOptions>();
  options->common.AddTo(*command);
  command
      ->add_option("files", options->import.files,
                   "Together they replace what teachers said before; edits by hand and answers of "
                   "models stay")
      ->required()
      ->check(CLI::ExistingFile);
  command->add_option("--teacher", options->import.teacher, "Who wrote them, for provenance");
  command->callback([options, &action] {
    action = [options](std::stop_token stop) { return RunImportEdges(*options, stop); };
  });
}

}  // namespace

void AddEdgesCommand(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand(
      "edges", "What stands behind searches and what it calls for, shared by all users");
  command->require_subcommand(1);
  command->footer(
      "What changes here takes effect when `reason` runs or `serve` starts the next time. While "
      "one of them runs with a strategy that asks a model, it alone may change the edges.");
  AddEdgesImportCommand(*command, action);
  AddEdgesViewCommands(*command, action);
  AddEdgesChangeCommands(*command, action);
}

}  // namespace twohop::app
