#include <filesystem>
#include <memory>
#include <vector>

#include "apps/common/workspace_catalog.h"
#include "apps/twohop/commands.h"
#include "apps/twohop/common_options.h"
#include "apps/twohop/edges_pipeline.h"
#include <fmt/core.h>

namespace twohop::app {
namespace {

struct EdgesOptions {
  CommonOptions common;
  std::vector<std::filesystem::path> files;
};

Status RunEdges(const EdgesOptions& options, std::stop_token stop) {
  TWOHOP_ASSIGN_OR_RETURN(const Config config, options.common.LoadConfigOrDefaults());
  const Workspace workspace = options.common.OpenWorkspace();
  const SystemClock clock;
  const auto progress = MakeProgress(stderr, clock);
  TWOHOP_ASSIGN_OR_RETURN(const auto catalog, LoadWorkspaceCatalog(workspace));
  ModelAccess models(config, workspace, clock);
  TWOHOP_ASSIGN_OR_RETURN(
      const EdgesReport report,
      ImportEdges(workspace, catalog->taxonomy(), options.files, models, *progress, stop));
  for (const std::string& fault : report.faults) fmt::print(stderr, "{}\n", fault);
  fmt::print("{} demands, {} edges, {}; {} bad lines left out\n", report.demands, report.edges,
             report.was_current ? "up to date" : "embedded with " + models.embedding_model(),
             report.faults.size());
  return Ok();
}

}  // namespace

void AddEdgesCommand(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand(
      "edges", "Take in what demands call for, from a teacher's traces or demand edges (JSONL)");
  auto options = std::make_shared<EdgesOptions>();
  options->common.AddTo(*command);
  command->add_option("files", options->files, "Together they replace what the workspace holds")
      ->required()
      ->check(CLI::ExistingFile);
  command->callback([options, &action] {
    action = [options](std::stop_token stop) { return RunEdges(*options, stop); };
  });
}

}  // namespace twohop::app
