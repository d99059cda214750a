#include <array>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "apps/common/workspace_catalog.h"
#include "apps/twohop/commands.h"
#include "apps/twohop/common_options.h"
#include "apps/twohop/edges_pipeline.h"
#include "apps/twohop/edges_report.h"
#include <fmt/core.h>

#include "twohop/base/file.h"
#include "twohop/reasoning/demand_edges.h"

namespace twohop::app {
namespace {

constexpr std::array<float, 7> kMergeCosines{0.70F, 0.75F, 0.80F, 0.85F, 0.90F, 0.95F, 0.975F};

struct ViewOptions {
  CommonOptions common;
  std::string source;
  std::string like;
  std::size_t limit = 100;
  bool searches = false;
  bool json = false;
  std::string text;
  std::string file;
};

// What the commands here look at.
struct View {
  std::shared_ptr<const Catalog> catalog;
  std::shared_ptr<EdgeStore> store;
  std::string encoder;
};
using Look = std::function<Status(const ViewOptions&, const View&)>;

Status RunView(const ViewOptions& options, const Look& look) {
  TWOHOP_ASSIGN_OR_RETURN(const Config config, options.common.LoadConfigOrDefaults());
  const Workspace workspace = options.common.OpenWorkspace();
  const SystemClock clock;
  View view;
  TWOHOP_ASSIGN_OR_RETURN(view.catalog, LoadWorkspaceCatalog(workspace));
  TWOHOP_ASSIGN_OR_RETURN(view.store,
                          OpenWorkspaceEdges(workspace, config, clock, OpenMode::kReadOnly));
  view.encoder = config.embedding.model;
  return look(options, view);
}

// Empty: all. REQUIRES: the command line has checked the name.
std::optional<EdgeSource> SourceOf(const ViewOptions& options) {
  return FindEdgeSource(options.source);
}

Status List(const ViewOptions& options, const View& view) {
  const EdgeFilter filter{.hop = options.searches ? EdgeHop::kSearch : EdgeHop::kDemand,
                          .source = SourceOf(options),
                          .like = options.like,
                          .limit = options.limit};
  TWOHOP_ASSIGN_OR_RETURN(const EdgeListing listing,
                          ListEdges(*view.store, view.catalog->taxonomy(), filter));
  fmt::print("{}", options.json ? DumpJson(ListingToJson(listing)) + "\n"
                                : DescribeListing(listing, view.store->now()));
  return Ok();
}

Status Show(const ViewOptions& options, const View& view) {
  TWOHOP_ASSIGN_OR_RETURN(
      const EdgeDetails details,
      FindEdgeDetails(*view.store, view.catalog->taxonomy(), view.encoder, options.text));
  fmt::print("{}",
             options.json ? DumpJson(DetailsToJson(details)) + "\n" : DescribeDetails(details));
  return Ok();
}

Status Export(const ViewOptions& options, const View& view) {
  const Taxonomy& taxonomy = view.catalog->taxonomy();
  TWOHOP_ASSIGN_OR_RETURN(const EdgeRows rows,
                          ReadEdgeRows(*view.store, taxonomy, SourceOf(options)));
  std::string lines;
  for (const DemandEdges& row : rows.rows) {
    lines += DumpJson(DemandEdgesToJson(row, taxonomy)) + "\n";
  }
  TWOHOP_RETURN_IF_ERROR(WriteFileAtomically(options.file, lines));
  fmt::print("{} demands written to {}; {} hidden and {} damaged edges left out\n",
             rows.rows.size(), options.file, rows.hidden, rows.damaged);
  return Ok();
}

Status Merges(const ViewOptions& options, const View& view) {
  TWOHOP_ASSIGN_OR_RETURN(EdgeRows rows,
                          ReadEdgeRows(*view.store, view.catalog->taxonomy(), SourceOf(options)));
  TWOHOP_ASSIGN_OR_RETURN(const Embeddings vectors, VectorsOf(*view.store, view.encoder, 0, rows));
  std::vector<MergedDemand> demands;
  for (const DemandEdges& row : rows.rows) demands.push_back({row.calls_for, row.stretch});
  fmt::print("{} demands, {}\n{}", demands.size(), view.encoder,
             DescribeMerges(MeasureMerges(demands, vectors, kMergeCosines)));
  return Ok();
}

// A subcommand that looks at the store, with its options.
CLI::App* AddView(CLI::App& edges, const std::string& name, const std::string& about,
                  const std::shared_ptr<ViewOptions>& options, Look look, Action& action) {
  CLI::App* command = edges.add_subcommand(name, about);
  options->common.AddTo(*command);
  command->callback([options, look = std::move(look), &action] {
    action = [options, look](std::stop_token) { return RunView(*options, look); };
  });
  return command;
}

void AddSource(CLI::App& command, ViewOptions& options) {
  command.add_option("--source", options.source, "Only those by teacher, hand or model")
      ->check(CLI::IsMember({"teacher", "hand", "model"}));
}

}  // namespace

void AddEdgesViewCommands(CLI::App& edges, Action& action) {
  auto options = std::make_shared<ViewOptions>();
  CLI::App* list = AddView(edges, "list", "Demands, or searches, with where they come from",
                           options, List, action);
  AddSource(*list, *options);
  list->add_option("--like", options->like, "Only those with these words, or leading to them");
  list->add_option("--limit", options->limit, "At most so many; 0: all")->capture_default_str();
  list->add_flag("--searches", options->searches, "Searches and their demands instead");
  list->add_flag("--json", options->json, "As JSON");

  options = std::make_shared<ViewOptions>();
  CLI::App* show = AddView(
      edges, "show", "A demand or search: provenance, categories, who leads there, similar demands",
      options, Show, action);
  show->add_option("text", options->text, "The demand or search")->required();
  show->add_flag("--json", options->json, "As JSON");

  options = std::make_shared<ViewOptions>();
  CLI::App* out =
      AddView(edges, "export", "Write the edges as they hold to JSONL that `edges import` reads",
              options, Export, action);
  out->add_option("file", options->file, "Is replaced")->required();
  AddSource(*out, *options);

  options = std::make_shared<ViewOptions>();
  CLI::App* merges = AddView(
      edges, "merges",
      "How often demands that sound alike call for nothing in common, by cosine: what to set "
      "reasoning.edge_merge_cosine to",
      options, Merges, action);
  AddSource(*merges, *options);
}

}  // namespace twohop::app
