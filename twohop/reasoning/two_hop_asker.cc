#include "twohop/reasoning/two_hop_asker.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/text.h"
#include "twohop/reasoning/interest_filters.h"
#include "twohop/reasoning/user_text.h"

namespace twohop {
namespace {

// Models name the best category of a demand first; each further one is this much less sure.
constexpr float kRankDecay = 0.9F;

// Whether the demand says that it comes from that search does not matter: one that dictates a
// demand can dictate where it comes from too.
bool RepeatsAny(const ProposedDemand& demand, const SearchingUser& user) {
  return std::any_of(user.searches.begin(), user.searches.end(), [&](const std::string& search) {
    return RepeatsSearch(demand.text, search) || QuotesSearch(demand.text, search);
  });
}

bool IsNamedIn(std::string_view name, const std::vector<std::string>& searches) {
  const std::string words = fmt::format(" {} ", NormalizeName(name));
  return std::any_of(searches.begin(), searches.end(), [&](const std::string& search) {
    return fmt::format(" {} ", NormalizeName(search)).find(words) != std::string::npos;
  });
}

// What a search names was found by no hop, and a search that names a category may want to see it
// under another one. names[i] is what the model called the category of proposals[i].
void DropNamedBySearches(const std::vector<std::string>& names, const SearchingUser& user,
                         const Taxonomy& taxonomy, Proposals& result) {
  std::vector<Proposal> kept;
  for (std::size_t i = 0; i < names.size(); ++i) {
    Proposal& proposal = result.proposals[i];
    const bool named = IsNamedIn(names[i], user.searches) ||
                       (proposal.category &&
                        IsNamedIn(taxonomy.label(proposal.category->category), user.searches));
    if (named) {
      Count(RejectReason::kSchema, result.rejected);
    } else {
      kept.push_back(std::move(proposal));
    }
  }
  result.proposals = std::move(kept);
}

void AddProposals(const ProposedDemand& demand, const SearchingUser& user,
                  std::vector<std::string>& names, std::vector<Proposal>& proposals) {
  float rank_weight = 1.0F;
  for (const ProposedCategory& category : demand.categories) {
    Proposal& proposal = proposals.emplace_back();
    proposal.confidence = rank_weight;
    rank_weight *= kRankDecay;
    for (const std::size_t search : demand.searches) {
      proposal.searches.push_back(user.searches[search]);
    }
    proposal.demand = demand.text;
    proposal.relation = category.relation;
    names.push_back(category.name);
  }
}

}  // namespace

TwoHopAsker::TwoHopAsker(const StrategyTools& tools, Prompt prompt, const AskOptions& ask,
                         const GroundingOptions& grounding)
    : tools_(tools),
      prompt_(std::move(prompt)),
      ask_(ask),
      grounding_(grounding),
      level1_names_(Level1Text(tools.space->taxonomy(),
                               std::vector<bool>(tools.space->taxonomy().level1_count(), true),
                               "nothing")) {}

Result<Proposals> TwoHopAsker::Ask(const SearchingUser& user, std::span<const PromptValue> more,
                                   std::stop_token stop) const {
  Proposals result;
  TWOHOP_ASSIGN_OR_RETURN(const TwoHopReply reply,
                          Complete(MakeRequest(user, more), user, stop, result));
  Count(RejectReason::kSchema, result.rejected, reply.rejected);
  std::vector<std::string> names;
  for (const ProposedDemand& demand : reply.demands) {
    if (RepeatsAny(demand, user)) {
      Count(RejectReason::kSchema, result.rejected, 1 + demand.categories.size());
    } else {
      AddProposals(demand, user, names, result.proposals);
    }
  }
  TWOHOP_RETURN_IF_ERROR(Ground(names, stop, result.proposals));
  DropNamedBySearches(names, user, tools_.space->taxonomy(), result);
  return result;
}

ChatRequest TwoHopAsker::MakeRequest(const SearchingUser& user,
                                     std::span<const PromptValue> more) const {
  const std::string profile = ProfileText(user.profile);
  const std::string shown = Level1Text(tools_.space->taxonomy(), user.shown_level1, "nothing");
  const std::string searches = NumberedSearches(user.searches);
  std::vector<PromptValue> values{
      {"level1", level1_names_}, {"profile", profile}, {"shown", shown}, {"searches", searches}};
  values.insert(values.end(), more.begin(), more.end());
  return {.stage = fmt::format("two_hop {}", prompt_version()),
          .messages = prompt_.Render(values),
          .json_schema = ask_.send_schema ? TwoHopReplySchema(user.searches.size()) : std::string(),
          .max_tokens = ask_.max_reply_tokens,
          .temperature = ask_.temperature,
          .seed = ask_.seed,
          .use_adapter = ask_.use_adapter};
}

Result<TwoHopReply> TwoHopAsker::Complete(ChatRequest request, const SearchingUser& user,
                                          const std::stop_token& stop, Proposals& result) const {
  for (std::uint32_t attempt = 0; attempt < ask_.max_attempts; ++attempt) {
    TWOHOP_ASSIGN_OR_RETURN(const ChatReply reply, tools_.chat.Complete(request, stop));
    result.usage += reply.usage;
    if (auto parsed = ParseTwoHopReply(reply.text, user.searches.size())) {
      return *std::move(parsed);
    }
    Count(RejectReason::kSchema, result.rejected);
    request.temperature = std::max(request.temperature, ask_.retry_temperature);
    ++request.seed;
  }
  return TwoHopReply{};
}

// A category that had to be guessed is less sure than one that the model named.
Status TwoHopAsker::Ground(const std::vector<std::string>& names, std::stop_token stop,
                           std::vector<Proposal>& proposals) const {
  TWOHOP_ASSIGN_OR_RETURN(const auto grounded, GroundNames(names, *tools_.space, tools_.embedder,
                                                           grounding_, std::move(stop)));
  for (std::size_t i = 0; i < proposals.size(); ++i) {
    proposals[i].category = grounded[i];
    const float similarity = grounded[i] ? grounded[i]->similarity : 0.0F;
    proposals[i].confidence = std::clamp(similarity * proposals[i].confidence, 0.0F, 1.0F);
  }
  return Ok();
}

}  // namespace twohop
