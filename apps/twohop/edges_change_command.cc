#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "apps/common/workspace_catalog.h"
#include "apps/twohop/commands.h"
#include "apps/twohop/common_options.h"
#include "apps/twohop/edges_pipeline.h"
#include <fmt/core.h>
#include <fmt/ranges.h>

#include "twohop/reasoning/category_names.h"
#include "twohop/reasoning/edge_edits.h"

namespace twohop::app {
namespace {

struct EditOptions {
  CommonOptions common;
  std::string demand;
  std::vector<std::string> add;
  std::vector<std::string> drop;
  std::string rename;
  bool create = false;
};

struct RemoveOptions {
  CommonOptions common;
  std::string demand;
  std::string search;
  std::string source;
  std::string model;
  bool expired = false;
};

Result<std::vector<CategoryIndex>> FindCategories(const std::vector<std::string>& names,
                                                  std::string_view option,
                                                  const Taxonomy& taxonomy) {
  std::vector<CategoryIndex> categories;
  for (const std::string& name : names) {
    TWOHOP_ASSIGN_OR_RETURN(const CategoryIndex category, FindCategory(name, option, taxonomy));
    categories.push_back(category);
  }
  return categories;
}

std::vector<std::string> LabelsOf(const std::vector<std::string>& ids, const Taxonomy& taxonomy) {
  std::vector<std::string> labels;
  for (const std::string& id : ids) {
    const auto category = taxonomy.FindById(id);
    labels.push_back(category ? taxonomy.label(*category) : id);
  }
  return labels;
}

Status RunEdit(const EditOptions& options, const std::stop_token& stop) {
  TWOHOP_ASSIGN_OR_RETURN(const Config config, options.common.LoadConfigOrDefaults());
  const Workspace workspace = options.common.OpenWorkspace();
  const SystemClock clock;
  const auto progress = MakeProgress(stderr, clock);
  TWOHOP_ASSIGN_OR_RETURN(const auto catalog, LoadWorkspaceCatalog(workspace));
  const Taxonomy& taxonomy = catalog->taxonomy();
  DemandEdit edit{.create = options.create};
  TWOHOP_ASSIGN_OR_RETURN(edit.add, FindCategories(options.add, "--add", taxonomy));
  TWOHOP_ASSIGN_OR_RETURN(edit.drop, FindCategories(options.drop, "--drop", taxonomy));
  if (!options.rename.empty()) edit.rename = options.rename;
  ModelAccess models(config, workspace, clock);
  TWOHOP_ASSIGN_OR_RETURN(const auto store,
                          OpenWorkspaceEdges(workspace, config, clock, OpenMode::kReadWrite));
  TWOHOP_ASSIGN_OR_RETURN(const EdgeRecord record,
                          EditDemand(*store, taxonomy, options.demand, edit));
  TWOHOP_RETURN_IF_ERROR(EmbedDemands(*store, models, *progress, stop));
  fmt::print("\"{}\" calls for {}\n", record.text,
             fmt::join(LabelsOf(record.targets, taxonomy), ", "));
  return Ok();
}

Result<std::size_t> RemoveNamed(EdgeStore& store, const RemoveOptions& options) {
  const bool is_search = !options.search.empty();
  return RemoveEdges(store, is_search ? EdgeHop::kSearch : EdgeHop::kDemand,
                     is_search ? options.search : options.demand, FindEdgeSource(options.source));
}

Result<std::size_t> RemoveMatching(EdgeStore& store, const RemoveOptions& options) {
  const auto source = FindEdgeSource(options.source);
  return RemoveEdgesWhere(store, [&](const EdgeRecord& record) {
    return (!source.has_value() || record.key.source == *source) &&
           (options.model.empty() || record.key.model == options.model) &&
           (!options.expired || record.expired(store.now()));
  });
}

Status RunRemove(const RemoveOptions& options) {
  const bool is_named = !options.demand.empty() || !options.search.empty();
  if (!is_named && options.source.empty() && options.model.empty() && !options.expired) {
    return InvalidArgument(
        "nothing to remove: name a DEMAND, --search, --source, --model or --expired");
  }
  TWOHOP_ASSIGN_OR_RETURN(const Config config, options.common.LoadConfigOrDefaults());
  const SystemClock clock;
  TWOHOP_ASSIGN_OR_RETURN(
      const auto store,
      OpenWorkspaceEdges(options.common.OpenWorkspace(), config, clock, OpenMode::kReadWrite));
  TWOHOP_ASSIGN_OR_RETURN(const std::size_t removed, is_named ? RemoveNamed(*store, options)
                                                              : RemoveMatching(*store, options));
  fmt::print("{} edges removed\n", removed);
  return Ok();
}

void AddEditCommand(CLI::App& edges, Action& action) {
  CLI::App* command = edges.add_subcommand(
      "edit", "Correct what a demand calls for, or its words; survives imports and restarts");
  auto options = std::make_shared<EditOptions>();
  options->common.AddTo(*command);
  command->add_option("demand", options->demand, "The demand")->required();
  command->add_option("--add", options->add, "A category that it calls for; repeatable");
  command->add_option("--drop", options->drop, "A category that it does not; repeatable");
  command->add_option("--rename", options->rename, "Its new words");
  command->add_flag("--create", options->create, "Make the demand if it is not there");
  command->callback([options, &action] {
    action = [options](std::stop_token stop) { return RunEdit(*options, stop); };
  });
}

void AddRemoveCommand(CLI::App& edges, Action& action) {
  CLI::App* command = edges.add_subcommand(
      "remove",
      "Take a demand or search away for good, or all edges of a kind; with a demand or search, "
      "--source takes that source's record alone: \"--source hand\" undoes edits");
  auto options = std::make_shared<RemoveOptions>();
  options->common.AddTo(*command);
  CLI::Option* demand = command->add_option("demand", options->demand, "This demand");
  CLI::Option* search = command->add_option("--search", options->search, "This search");
  command->add_option("--source", options->source, "Only those by teacher, hand or model")
      ->check(CLI::IsMember({"teacher", "hand", "model"}));
  CLI::Option* model = command->add_option("--model", options->model, "Only those of this model");
  CLI::Option* expired =
      command->add_flag("--expired", options->expired, "Only those that have expired");
  for (CLI::Option* named : {demand, search}) named->excludes(model)->excludes(expired);
  demand->excludes(search);
  command->callback(
      [options, &action] { action = [options](std::stop_token) { return RunRemove(*options); }; });
}

}  // namespace

void AddEdgesChangeCommands(CLI::App& edges, Action& action) {
  AddEditCommand(edges, action);
  AddRemoveCommand(edges, action);
}

}  // namespace twohop::app
