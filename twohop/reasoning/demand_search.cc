#include <algorithm>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/text.h"
#include "twohop/reasoning/interest_filters.h"
#include "twohop/reasoning/relation.h"
#include "twohop/reasoning/search_reading.h"
#include "twohop/reasoning/strategy.h"

namespace twohop {
namespace {

constexpr std::size_t kMaxPerLevel1 = 2;
// A category stands out by its distance from the mean of this many best ones of its search.
constexpr std::size_t kStandard = 3;

// One search on its way through both hops.
struct Lead {
  std::string search;
  std::vector<float> vector;  // Of the search alone.
  SearchReading reading;
  std::string demand;
  std::vector<float> query;  // What the taxonomy is searched with.
};

float MeanOfBest(const std::vector<ScoredCategory>& nearest) {
  const std::size_t count = std::min(kStandard, nearest.size());
  float sum = 0.0F;
  for (std::size_t i = 0; i < count; ++i) sum += nearest[i].similarity;
  return count == 0 ? 0.0F : sum / static_cast<float>(count);
}

// Orders, and keeps the distances between cosines; not a probability.
float ConfidenceOf(float above_standard) {
  return std::clamp(0.5F + 2.0F * above_standard, 0.0F, 1.0F);
}

// What both strategies do once every lead has a demand and a query.
class TaxonomySearch {
 public:
  TaxonomySearch(const CategorySpace& space, const SearchingUser& user, std::size_t max_proposals)
      : space_(space), user_(user), max_proposals_(max_proposals) {}

  std::vector<Proposal> Run(const std::vector<Lead>& leads) const {
    std::vector<Proposal> proposals;
    for (const Lead& lead : leads) Append(lead, SearchesWith(lead.demand, leads), proposals);
    std::stable_sort(
        proposals.begin(), proposals.end(),
        [this](const Proposal& a, const Proposal& b) { return Wanted(a) > Wanted(b); });
    return Best(std::move(proposals));
  }

 private:
  float WeightOf(const std::string& demand, CategoryIndex category) const {
    return user_.feedback.Of(demand, space_.taxonomy().at(category).id);
  }

  float Wanted(const Proposal& proposal) const {
    return proposal.confidence * WeightOf(proposal.demand, proposal.category->category);
  }

  static std::vector<std::string> SearchesWith(std::string_view demand,
                                               const std::vector<Lead>& leads) {
    std::vector<std::string> searches;
    for (const Lead& lead : leads) {
      if (NormalizeName(lead.demand) == NormalizeName(demand)) searches.push_back(lead.search);
    }
    return searches;
  }

  void Append(const Lead& lead, const std::vector<std::string>& searches,
              std::vector<Proposal>& proposals) const {
    const std::vector<ScoredCategory> nearest =
        space_.NearestCategories(lead.query, space_.taxonomy().size(), user_.shown_level1);
    const float standard = MeanOfBest(nearest);
    for (const ScoredCategory& one : nearest) {
      if (one.similarity - standard < -kMaxBelowStandard) break;
      if (WeightOf(lead.demand, one.category) == 0.0F) continue;
      proposals.push_back(
          {.searches = searches,
           .demand = lead.demand,
           .relation = RelationOf(lead.demand, space_.taxonomy().label(one.category)),
           .category = GroundedCategory{.category = one.category,
                                        .grounding = Grounding::kDemand,
                                        .similarity = one.similarity},
           .confidence = ConfidenceOf(one.similarity - standard)});
    }
  }

  // The first ones, each category once and at most two per level-1, so that what the filters would
  // cut anyway takes nobody's place.
  std::vector<Proposal> Best(std::vector<Proposal> proposals) const {
    std::vector<Proposal> best;
    std::vector<bool> taken(space_.taxonomy().size());
    std::vector<std::size_t> per_level1(space_.taxonomy().level1_count());
    for (Proposal& proposal : proposals) {
      if (best.size() == max_proposals_) break;
      const CategoryIndex category = proposal.category->category;
      std::size_t& count = per_level1[space_.taxonomy().level1_of(category).value()];
      if (taken[category.value()] || count == kMaxPerLevel1) continue;
      taken[category.value()] = true;
      ++count;
      best.push_back(std::move(proposal));
    }
    return best;
  }

  // At confidence 0 nothing is left to order by.
  static constexpr float kMaxBelowStandard = 0.25F;

  const CategorySpace& space_;
  const SearchingUser& user_;
  const std::size_t max_proposals_;
};

std::vector<float> CopyOf(std::span<const float> row) { return {row.begin(), row.end()}; }

// Embeds and reads the searches.
Result<std::vector<Lead>> ReadLeads(const SearchingUser& user, const CategorySpace& space,
                                    const SearchReader& reader, EmbeddingClient& embedder,
                                    const std::stop_token& stop) {
  TWOHOP_ASSIGN_OR_RETURN(const Embeddings rows,
                          EmbedForSpace(user.searches, space, embedder, stop));
  std::vector<Lead> leads;
  for (std::size_t i = 0; i < user.searches.size(); ++i) {
    leads.push_back({.search = user.searches[i],
                     .vector = CopyOf(rows.row(i)),
                     .reading = reader.Read(user.searches[i], rows.row(i)),
                     .demand = {},
                     .query = {}});
  }
  return leads;
}

class EmbeddingOnly final : public Strategy {
 public:
  EmbeddingOnly(const StrategyTools& tools, const DemandSearchOptions& options)
      : tools_(tools), options_(options), reader_(tools.space) {}

  Result<Proposals> Propose(const SearchingUser& user, std::stop_token stop) override {
    TWOHOP_ASSIGN_OR_RETURN(std::vector<Lead> leads,
                            ReadLeads(user, *tools_.space, reader_, tools_.embedder, stop));
    for (Lead& lead : leads) {
      lead.demand = lead.search;
      lead.query = Between(lead.vector, lead.reading.vector);
    }
    const TaxonomySearch search(*tools_.space, user, options_.max_proposals);
    return Proposals{.proposals = search.Run(leads), .rejected = {}, .usage = {}};
  }

  std::string prompt_version() const override { return {}; }
  std::string model() const override { return tools_.embedder.model(); }

 private:
  const StrategyTools tools_;
  const DemandSearchOptions options_;
  const SearchReader reader_;
};

class DemandSearch final : public Strategy {
 public:
  DemandSearch(const StrategyTools& tools, const AskOptions& ask,
               const DemandSearchOptions& options)
      : tools_(tools),
        options_(options),
        reader_(tools.space),
        writer_(tools.chat, tools.prompts.demand, ask,
                tools.answers ? tools.answers : MakeMemoryAnswers(options.cache_size)) {}

  Result<Proposals> Propose(const SearchingUser& user, std::stop_token stop) override {
    TWOHOP_ASSIGN_OR_RETURN(std::vector<Lead> leads,
                            ReadLeads(user, *tools_.space, reader_, tools_.embedder, stop));
    Proposals result;
    TWOHOP_RETURN_IF_ERROR(WriteDemands(user.profile, leads, stop, result));
    TWOHOP_RETURN_IF_ERROR(MakeQueries(leads, stop, result));
    result.proposals = TaxonomySearch(*tools_.space, user, options_.max_proposals).Run(leads);
    return result;
  }

  std::string prompt_version() const override { return tools_.prompts.demand.version(); }
  std::string model() const override { return tools_.chat.model(); }

 private:
  const Taxonomy& taxonomy() const { return tools_.space->taxonomy(); }

  // The words above the search in the taxonomy: a demand of last resort, and always a true one.
  std::string CategoryAbove(const Lead& lead) const {
    const Category& category = taxonomy().at(lead.reading.category);
    return RepeatsSearch(category.level2, lead.search) ? category.level1 : category.level2;
  }

  // Leads whose demand is sensitive end here.
  Status WriteDemands(const UserProfile& user, std::vector<Lead>& leads,
                      const std::stop_token& stop, Proposals& result) {
    std::vector<Lead> kept;
    for (Lead& lead : leads) {
      TWOHOP_ASSIGN_OR_RETURN(
          WrittenDemand written,
          writer_.Write(lead.search, taxonomy().label(lead.reading.category), user, stop));
      result.usage += written.usage;
      Count(RejectReason::kSchema, result.rejected, written.bad_replies);
      lead.demand = written.text ? *std::move(written.text) : CategoryAbove(lead);
      if (tools_.prompts.blocklist.Blocks(lead.demand)) {
        Count(RejectReason::kBlocked, result.rejected);
      } else {
        kept.push_back(std::move(lead));
      }
    }
    leads = std::move(kept);
    return Ok();
  }

  // Replaces nonsense by the category above the search, and embeds each demand with its search.
  Status MakeQueries(std::vector<Lead>& leads, const std::stop_token& stop,
                     Proposals& result) const {
    std::vector<std::string> texts;
    for (const Lead& lead : leads) texts.push_back(lead.demand);
    for (const Lead& lead : leads) {
      texts.push_back(fmt::format("{}: {}", lead.demand, lead.search));
    }
    if (texts.empty()) return Ok();
    TWOHOP_ASSIGN_OR_RETURN(const Embeddings rows,
                            EmbedForSpace(texts, *tools_.space, tools_.embedder, stop));
    for (std::size_t i = 0; i < leads.size(); ++i) {
      Lead& lead = leads[i];
      const std::vector<float> subject = Between(lead.vector, lead.reading.vector);
      const bool makes_sense = Dot(rows.row(i), subject) >= options_.min_demand_similarity;
      lead.query = makes_sense ? Between(rows.row(leads.size() + i), lead.reading.vector) : subject;
      if (makes_sense) continue;
      lead.demand = CategoryAbove(lead);
      Count(RejectReason::kSchema, result.rejected);
    }
    return Ok();
  }

  const StrategyTools tools_;
  const DemandSearchOptions options_;
  const SearchReader reader_;
  DemandWriter writer_;
};

}  // namespace

std::unique_ptr<Strategy> MakeDemandSearch(const StrategyTools& tools, const AskOptions& ask,
                                           const DemandSearchOptions& options) {
  return std::make_unique<DemandSearch>(tools, ask, options);
}

std::unique_ptr<Strategy> MakeEmbeddingOnly(const StrategyTools& tools,
                                            const DemandSearchOptions& options) {
  return std::make_unique<EmbeddingOnly>(tools, options);
}

}  // namespace twohop
