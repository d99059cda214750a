#include "apps/twohop/demo_debate.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "apps/twohop/reason_pipeline.h"
#include "apps/twohop/stage_stamp.h"
#include <fmt/format.h>

#include "twohop/base/file.h"
#include "twohop/base/hash.h"
#include "twohop/nearline/refresh_policy.h"

namespace twohop::app {
namespace {

bool Has(const InterestSet& set, const std::string& category_id) {
  return std::ranges::find(set.interests, category_id, &LatentInterest::category_id) !=
         set.interests.end();
}

// Labels of what is in `set` and not in `other`; those of a hidden interest marked.
std::string OnlyIn(const InterestSet& set, const InterestSet& other, const UserTruth& truth,
                   const Taxonomy& taxonomy) {
  std::string text;
  for (const LatentInterest& interest : set.interests) {
    if (Has(other, interest.category_id)) continue;
    if (!text.empty()) text += ", ";
    text += interest.category_label;
    const bool hit = std::ranges::any_of(truth.hidden, [&](CategoryIndex category) {
      return taxonomy.at(category).id == interest.category_id;
    });
    if (hit) text += " (hit)";
  }
  return text.empty() ? "nothing" : text;
}

std::string Outcome(const EvaluatedUser& user, const Generation& debated,
                    const Taxonomy& taxonomy) {
  const InterestSet& alone = *user.state.interests;
  return fmt::format(
      "Beside the edges alone it adds {} and leaves out {}; {} calls, {} + {} tokens.\n",
      OnlyIn(debated.interests, alone, user.truth, taxonomy),
      OnlyIn(alone, debated.interests, user.truth, taxonomy), debated.usage.calls,
      debated.usage.prompt_tokens, debated.usage.completion_tokens);
}

}  // namespace

Result<std::string> HoldDemoDebate(const Workspace& workspace, const Config& config,
                                   const EvaluatedUser& user, ModelAccess& models,
                                   const Clock& clock, std::stop_token stop) {
  Config debating = config;
  debating.reasoning.mode = DeliberationModeName(DeliberationMode::kDebate);
  TWOHOP_ASSIGN_OR_RETURN(const ConfiguredReasoning reasoning,
                          MakeReasoning(workspace, debating, models, clock));
  const UserContext context =
      MakeUserContext(user.state, clock.Now(), EvidenceFrom(config, reasoning.taxonomy));
  const StageStamp stamp(workspace, "debate",
                         Hasher()
                             .Add(user.state.profile.id.value())
                             .Add(FingerprintOf(reasoning.maker))
                             .Add(FingerprintOf(context))
                             .hex());
  if (stamp.IsCurrent()) {
    if (Result<std::string> text = ReadFile(workspace.demo_debate())) return text;
  }
  TWOHOP_ASSIGN_OR_RETURN(const Generation debated,
                          reasoning.generator->Generate(context, std::move(stop)));
  std::string text = debated.debate ? DebateInWords(*debated.debate) : std::string();
  text += Outcome(user, debated, *reasoning.taxonomy);
  TWOHOP_RETURN_IF_ERROR(WriteFileAtomically(workspace.demo_debate(), text));
  TWOHOP_RETURN_IF_ERROR(stamp.Write());
  return text;
}

}  // namespace twohop::app
