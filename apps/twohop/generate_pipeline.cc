#include "apps/twohop/generate_pipeline.h"

#include <memory>
#include <string>
#include <utility>

#include "apps/common/assets.h"
#include "apps/twohop/stage_stamp.h"
#include <fmt/format.h>

#include "twohop/base/hash.h"
#include "twohop/ingest/taxonomy_reader.h"
#include "twohop/simulate/blueprint.h"
#include "twohop/simulate/community_output.h"

namespace twohop::app {
namespace {

Result<std::string> Fingerprint(const CommunityOptions& options) {
  Hasher hasher;
  hasher.Add(options.seed).Add(options.users).Add(options.items);
  hasher.Add(static_cast<std::uint64_t>(options.days.count()));
  hasher.Add(fmt::format("{}", options.sessions_per_day));
  for (const char* name : {"taxonomy.tsv", "lifestyles.jsonl", "products.tsv", "brands.tsv"}) {
    TWOHOP_ASSIGN_OR_RETURN(const std::uint64_t hash, HashFile(CommunityFolder() / name));
    hasher.Add(hash);
  }
  return hasher.hex();
}

}  // namespace

Result<std::optional<CommunitySummary>> GenerateCommunityFiles(const Workspace& workspace,
                                                               const CommunityOptions& options,
                                                               Progress& progress) {
  TWOHOP_ASSIGN_OR_RETURN(std::string fingerprint, Fingerprint(options));
  const StageStamp stamp(workspace, "generate", std::move(fingerprint));
  if (stamp.IsCurrent()) return std::nullopt;
  TWOHOP_ASSIGN_OR_RETURN(Taxonomy taxonomy, LoadTaxonomy(CommunityFolder() / "taxonomy.tsv"));
  TWOHOP_ASSIGN_OR_RETURN(
      const CommunityBlueprint blueprint,
      LoadBlueprint(std::make_shared<const Taxonomy>(std::move(taxonomy)), CommunityFolder()));
  TWOHOP_ASSIGN_OR_RETURN(const auto output,
                          OpenCommunityFolder(workspace.community(), workspace.community_truth()));
  TWOHOP_ASSIGN_OR_RETURN(const CommunitySummary summary,
                          GenerateCommunity(blueprint, options, *output, progress));
  TWOHOP_RETURN_IF_ERROR(stamp.Write());
  return summary;
}

ImportFiles CommunityFiles(const Workspace& workspace) {
  const auto folder = workspace.community();
  return {.taxonomy = folder / "taxonomy.tsv",
          .items = folder / "items.jsonl",
          .users = folder / "users.jsonl",
          .events = folder / "events.jsonl"};
}

}  // namespace twohop::app
