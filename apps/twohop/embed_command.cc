#include <memory>

#include "apps/common/workspace_catalog.h"
#include "apps/twohop/commands.h"
#include "apps/twohop/common_options.h"
#include "apps/twohop/embed_pipeline.h"
#include "apps/twohop/model_access.h"
#include <fmt/core.h>

namespace twohop::app {
namespace {

Status RunEmbed(const CommonOptions& options, std::stop_token stop) {
  TWOHOP_ASSIGN_OR_RETURN(const Config config, options.LoadConfigOrDefaults());
  const Workspace workspace = options.OpenWorkspace();
  const SystemClock clock;
  const auto progress = MakeProgress(stderr, clock);
  TWOHOP_ASSIGN_OR_RETURN(const auto catalog, LoadWorkspaceCatalog(workspace));
  ModelAccess models(config, workspace, clock);
  TWOHOP_ASSIGN_OR_RETURN(const bool embedded,
                          EmbedCategories(workspace, catalog->taxonomy(), models, *progress, stop));
  fmt::print("{} categories, {}\n", catalog->taxonomy().size(),
             embedded ? "embedded with " + models.embedding_model() : "up to date");
  return Ok();
}

}  // namespace

void AddEmbedCommand(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand("embed", "Embed the text of every category");
  auto options = std::make_shared<CommonOptions>();
  options->AddTo(*command);
  command->callback([options, &action] {
    action = [options](std::stop_token stop) { return RunEmbed(*options, stop); };
  });
}

}  // namespace twohop::app
