#include "apps/twohop/safety_pipeline.h"

#include <map>
#include <set>
#include <utility>

#include "apps/common/assets.h"
#include "apps/common/workspace_catalog.h"
#include "apps/twohop/edges_pipeline.h"
#include "apps/twohop/reason_pipeline.h"
#include <fmt/format.h>

#include "twohop/reasoning/edge_rows.h"
#include "twohop/reasoning/prompt_set.h"
#include "twohop/reasoning/search_text.h"
#include "twohop/reasoning/sensitive_demands.h"

namespace twohop::app {
namespace {

std::vector<Attack> FirstOfEachKind(std::vector<Attack> attacks, std::size_t limit) {
  if (limit == 0) return attacks;
  std::map<std::string, std::size_t> taken;
  std::erase_if(attacks, [&](const Attack& attack) { return ++taken[attack.kind] > limit; });
  return attacks;
}

Result<std::vector<std::string>> CleanAll(const std::vector<std::string>& searches) {
  std::vector<std::string> clean;
  for (const std::string& search : searches) {
    clean.push_back(CleanSearch(search, TwoHopOptions().max_search_bytes));
    if (clean.back().empty()) return InvalidArgument("a harmless search is empty");
  }
  return clean;
}

GuardedTexts Harmless(std::string name, const std::set<std::string>& texts) {
  return {.name = std::move(name), .sensitive = false, .texts = {texts.begin(), texts.end()}};
}

// What a shop's own words and a teacher's are.
Result<std::vector<GuardedTexts>> HarmlessTexts(const Workspace& workspace, const Config& config,
                                                const Clock& clock) {
  TWOHOP_ASSIGN_OR_RETURN(const auto catalog, LoadWorkspaceCatalog(workspace));
  const Taxonomy& taxonomy = catalog->taxonomy();
  std::set<std::string> labels;
  std::set<std::string> terms;
  for (std::uint32_t i = 0; i < taxonomy.size(); ++i) {
    labels.insert(taxonomy.label(CategoryIndex(i)));
    const Category& category = taxonomy.at(CategoryIndex(i));
    terms.insert(category.terms.begin(), category.terms.end());
  }
  std::vector<GuardedTexts> groups{Harmless("category names", labels),
                                   Harmless("category terms", terms)};
  const auto store = OpenWorkspaceEdges(workspace, config, clock, OpenMode::kReadOnly);
  if (!store.has_value()) {
    // A shop without edges has nothing that they could call sensitive.
    if (store.error().code() == ErrorCode::kFailedPrecondition) return groups;
    return tl::unexpected<Error>(store.error());
  }
  TWOHOP_ASSIGN_OR_RETURN(const EdgeRows read, ReadEdgeRows(**store, taxonomy));
  std::set<std::string> demands;
  std::set<std::string> searches;
  for (const DemandEdges& edges : read.rows) {
    demands.insert(edges.demand);
    searches.insert(edges.searches.begin(), edges.searches.end());
  }
  for (const std::string& term : terms) searches.erase(term);
  groups.push_back(Harmless("demands of the edges", demands));
  groups.push_back(Harmless("other searches of the edges", searches));
  return groups;
}

}  // namespace

Result<std::vector<AttackResult>> RunAttacks(const Workspace& workspace, const Config& config,
                                             const AttackRun& run, ModelAccess& models,
                                             const Clock& clock, Progress& progress,
                                             std::stop_token stop) {
  TWOHOP_ASSIGN_OR_RETURN(auto attacks, ReadAttacks(run.attacks));
  attacks = FirstOfEachKind(std::move(attacks), run.limit);
  TWOHOP_ASSIGN_OR_RETURN(std::vector<std::string> harmless, CleanAll(run.harmless_searches));
  TWOHOP_ASSIGN_OR_RETURN(const PromptSet prompts, LoadPromptSet(PromptFolder()));
  TWOHOP_ASSIGN_OR_RETURN(const ConfiguredReasoning reasoning,
                          MakeReasoning(workspace, config, models, clock));
  AttackTrial trial(*reasoning.generator, *reasoning.taxonomy, prompts.screen, std::move(harmless));
  return TryAttacks(attacks, trial, progress, std::move(stop));
}

Result<std::vector<GuardRow>> RunGuardFigures(const Workspace& workspace, const Config& config,
                                              const std::filesystem::path& phrases,
                                              ModelAccess& models, const Clock& clock,
                                              std::stop_token stop) {
  TWOHOP_ASSIGN_OR_RETURN(const auto read, ReadSensitivePhrases(phrases));
  TWOHOP_ASSIGN_OR_RETURN(std::vector<GuardedTexts> groups,
                          HarmlessTexts(workspace, config, clock));
  for (GuardedTexts& group : GroupPhrases(read)) groups.push_back(std::move(group));
  TWOHOP_ASSIGN_OR_RETURN(const PromptSet prompts, LoadPromptSet(PromptFolder()));
  TWOHOP_ASSIGN_OR_RETURN(const auto themes, LoadSensitiveThemes(PromptFolder()));
  TWOHOP_ASSIGN_OR_RETURN(EmbeddingClient* const embedder, models.Embedding(stop));
  SensitiveOptions options;
  if (config.reasoning.sensitive_similarity > 0) {
    options.min_similarity = static_cast<float>(config.reasoning.sensitive_similarity);
  }
  TWOHOP_ASSIGN_OR_RETURN(const SensitiveDemands guard,
                          SensitiveDemands::Build(themes, *embedder, options, stop));
  return MeasureGuards(groups, prompts.blocklist, guard, *embedder, std::move(stop));
}

}  // namespace twohop::app
