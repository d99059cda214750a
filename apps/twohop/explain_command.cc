#include <memory>
#include <optional>
#include <string>

#include "apps/common/workspace_catalog.h"
#include "apps/twohop/commands.h"
#include "apps/twohop/common_options.h"
#include "apps/twohop/explain_report.h"
#include "apps/twohop/reason_pipeline.h"
#include "apps/twohop/recall_report.h"
#include "apps/twohop/workspace_bundle.h"
#include <fmt/format.h>

#include "twohop/base/check.h"
#include "twohop/base/near_names.h"
#include "twohop/domain/category_lookup.h"
#include "twohop/nearline/refresh_policy.h"
#include "twohop/userstate/user_relation.h"

namespace twohop::app {
namespace {

struct ExplainOptions {
  CommonOptions common;
  std::string user;
  std::optional<std::string> category;
  bool json = false;
};

Result<UserState> LookUpUser(const std::string& id, const UserStateStore& states) {
  TWOHOP_ASSIGN_OR_RETURN(std::optional<UserState> found, states.Get(UserId(id)));
  if (found.has_value()) return *std::move(found);
  NearNames near(id);
  TWOHOP_RETURN_IF_ERROR(states.ForEach([&](const UserState& user) {
    near.Offer(user.profile.id.value());
    return true;
  }));
  return NotFound(fmt::format("no user \"{}\"{}", id, NearNamesInWords(near.Best())));
}

// By the edges that all users share, whatever strategy is configured.
Result<ProposalExplanation> AskEdges(const Workspace& workspace, const Config& config,
                                     const UserState& user, CategoryIndex category,
                                     std::stop_token stop) {
  Config along_edges = config;
  along_edges.reasoning.strategy = TwoHopStrategyName(TwoHopStrategy::kSharedEdges);
  along_edges.reasoning.mode = DeliberationModeName(DeliberationMode::kSingle);
  const SystemClock clock;
  ModelAccess models(config, workspace, clock);
  TWOHOP_ASSIGN_OR_RETURN(
      const ConfiguredReasoning reasoning,
      MakeReasoning(workspace, along_edges, models, clock, {}, nullptr, category));
  TWOHOP_ASSIGN_OR_RETURN(
      const Generation generation,
      reasoning.generator->Generate(
          MakeUserContext(user, clock.Now(), EvidenceFrom(config, reasoning.taxonomy)), stop));
  TWOHOP_CHECK(generation.explanation.has_value());
  return *generation.explanation;
}

void PrintAll(const ExplainOptions& options, const UserState& user, const Taxonomy& taxonomy) {
  if (options.json) {
    fmt::print("{}\n", DumpJson(UserRelationsToJson(user, taxonomy)));
  } else {
    fmt::print("{}{}", DescribeUser(user), DescribeInterests(user));
  }
}

// `edges` is nothing where they need not be asked.
void PrintPair(const ExplainOptions& options, const UserState& user, const Taxonomy& taxonomy,
               CategoryIndex category, const std::optional<Result<ProposalExplanation>>& edges) {
  if (options.json) {
    Json json = UserRelationToJson(user, taxonomy, category);
    json["edges"] = edges ? EdgesToJson(*edges, category, taxonomy) : Json();
    fmt::print("{}\n", DumpJson(json));
  } else {
    fmt::print("{}\n{}{}", DescribeUser(user),
               DescribeRelation(RelateUser(user, taxonomy, category)),
               edges ? DescribeEdges(*edges, category, taxonomy) : "");
  }
}

Status RunExplain(const ExplainOptions& options, std::stop_token stop) {
  TWOHOP_ASSIGN_OR_RETURN(const Config config, options.common.LoadConfigOrDefaults());
  const Workspace workspace = options.common.OpenWorkspace();
  TWOHOP_ASSIGN_OR_RETURN(const auto catalog, LoadWorkspaceCatalog(workspace));
  const Taxonomy& taxonomy = catalog->taxonomy();
  TWOHOP_ASSIGN_OR_RETURN(const auto states, OpenWorkspaceStates(workspace, OpenMode::kReadOnly));
  TWOHOP_ASSIGN_OR_RETURN(const UserState user, LookUpUser(options.user, *states));
  if (!options.category) {
    PrintAll(options, user, taxonomy);
    return Ok();
  }
  TWOHOP_ASSIGN_OR_RETURN(const CategoryIndex category,
                          LookUpCategory(*options.category, taxonomy));
  std::optional<Result<ProposalExplanation>> edges;
  if (!RelateUser(user, taxonomy, category).related()) {
    // The stored answer stands without them, so that a failure is told and is none of the command.
    edges = AskEdges(workspace, config, user, category, stop);
    if (stop.stop_requested()) return Cancelled("stopped");
  }
  PrintPair(options, user, taxonomy, category, edges);
  return Ok();
}

}  // namespace

void AddExplainCommand(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand(
      "explain", "Show whether a user's searches lead to a category, and how or why not");
  auto options = std::make_shared<ExplainOptions>();
  options->common.AddTo(*command);
  command->add_option("--user", options->user, "Id of the user")->required();
  command->add_option("--category", options->category,
                      "Id or name of the category; default: every stored interest");
  command->add_flag("--json", options->json, "Print JSON, as GET /v1/explain answers");
  command->callback([options, &action] {
    action = [options](std::stop_token stop) { return RunExplain(*options, stop); };
  });
}

}  // namespace twohop::app
