#include "twohop/reasoning/edge_walk.h"

#include <array>
#include <utility>

#include "twohop/base/text.h"
#include "twohop/reasoning/demand_paths.h"
#include "twohop/reasoning/grounding.h"
#include "twohop/reasoning/interest_filters.h"
#include "twohop/reasoning/list_writer.h"
#include "twohop/reasoning/profile_segment.h"
#include "twohop/reasoning/reply_parser.h"
#include "twohop/reasoning/search_reading.h"
#include "twohop/reasoning/search_text.h"

namespace twohop {
namespace {

std::vector<std::string> AllLabels(const Taxonomy& taxonomy) {
  std::vector<std::string> labels;
  for (std::uint32_t i = 0; i < taxonomy.size(); ++i) {
    labels.push_back(taxonomy.label(CategoryIndex(i)));
  }
  return labels;
}

// The two hops by the model.
class ModelHops {
 public:
  ModelHops(const StrategyTools& tools, const EdgeWalkOptions& options)
      : tools_(tools),
        options_(options),
        answers_(tools.answers ? tools.answers : MakeMemoryAnswers(options.cache_size)),
        hop1_(tools.chat, tools.prompts.hop1, TextListSchema(), options.ask, answers_),
        hop2_(tools.chat, tools.prompts.hop2, ChoiceListSchema(AllLabels(tools.space->taxonomy())),
              options.ask, answers_) {}

  // Both hops.
  Result<std::vector<DemandPath>> Follow(const std::string& search, CategoryIndex category,
                                         const UserProfile& user, const std::stop_token& stop,
                                         Proposals& result) {
    TWOHOP_ASSIGN_OR_RETURN(const std::vector<std::string> demands,
                            Demands(search, category, user, stop, result));
    std::vector<DemandPath> paths;
    for (const std::string& demand : demands) {
      TWOHOP_ASSIGN_OR_RETURN(std::vector<CalledCategory> called,
                              Categories(demand, user, stop, result));
      if (called.empty()) continue;
      paths.push_back({.demand = demand, .weight = 0.0F, .categories = std::move(called)});
    }
    for (DemandPath& path : paths) path.weight = 1.0F / static_cast<float>(paths.size());
    return paths;
  }

  // Hop 1. Sensitive demands and those that only repeat the search end here.
  Result<std::vector<std::string>> Demands(const std::string& search, CategoryIndex category,
                                           const UserProfile& user, const std::stop_token& stop,
                                           Proposals& result) {
    const std::string quoted = QuoteForPrompt(search);
    const std::string& label = tools_.space->taxonomy().label(category);
    const std::array<PromptValue, 2> values{{{"search", quoted}, {"category", label}}};
    AnswerQuestion question = Question(EdgeHop::kSearch, search, tools_.prompts.hop1, user);
    question.hint = label;
    TWOHOP_ASSIGN_OR_RETURN(const WrittenList list, hop1_.Write(std::move(question), values, stop));
    Pay(list, result);
    std::vector<std::string> demands;
    for (const std::string& demand : list.texts) {
      if (demands.size() == options_.max_demands) break;
      if (RepeatsSearch(demand, search) || QuotesSearch(demand, search)) {
        Count(RejectReason::kSchema, result.rejected);
      } else if (tools_.prompts.blocklist.Blocks(demand)) {
        Count(RejectReason::kBlocked, result.rejected);
      } else {
        demands.push_back(demand);
      }
    }
    return demands;
  }

 private:
  static AnswerQuestion Question(EdgeHop hop, const std::string& text, const Prompt& prompt,
                                 const UserProfile& user) {
    AnswerQuestion question{.hop = hop};
    question.text = NormalizeName(text);
    question.segment = SegmentOf(prompt, user);
    question.asker = user.id;
    return question;
  }

  Result<std::vector<CalledCategory>> Categories(const std::string& demand, const UserProfile& user,
                                                 const std::stop_token& stop, Proposals& result) {
    const std::string plain = PlainForPrompt(demand);
    const std::array<PromptValue, 1> values{{{"demand", plain}}};
    TWOHOP_ASSIGN_OR_RETURN(
        const WrittenList list,
        hop2_.Write(Question(EdgeHop::kDemand, demand, tools_.prompts.hop2, user), values, stop));
    Pay(list, result);
    std::vector<CalledCategory> called;
    float weight = 1.0F;
    for (const std::string& name : list.texts) {
      if (const auto category = tools_.space->taxonomy().FindByName(name)) {
        called.push_back({*category, weight});
      } else {
        Count(RejectReason::kUnknownCategory, result.rejected);
      }
      weight *= options_.rank_decay;
    }
    return called;
  }

  static void Pay(const WrittenList& list, Proposals& result) {
    result.usage += list.usage;
    Count(RejectReason::kSchema, result.rejected, list.bad_replies);
  }

  const StrategyTools tools_;
  const EdgeWalkOptions options_;
  const std::shared_ptr<AnswerCache> answers_;
  ListWriter hop1_;
  ListWriter hop2_;
};

class EdgeWalk final : public Strategy {
 public:
  // At least one of `edges` and `model` is there.
  EdgeWalk(const StrategyTools& tools, std::shared_ptr<const DemandGraph> edges,
           std::unique_ptr<ModelHops> model, const EdgeWalkOptions& options)
      : tools_(tools),
        edges_(std::move(edges)),
        model_(std::move(model)),
        options_(options),
        reader_(tools.space) {}

  Result<Proposals> Propose(const SearchingUser& user, std::stop_token stop) override {
    TWOHOP_ASSIGN_OR_RETURN(const Embeddings vectors,
                            EmbedForSpace(user.searches, *tools_.space, tools_.embedder, stop));
    Proposals result;
    std::vector<SearchPaths> paths;
    for (std::size_t i = 0; i < user.searches.size(); ++i) {
      TWOHOP_ASSIGN_OR_RETURN(SearchPaths one,
                              Walk(user.searches[i], vectors.row(i), user.profile, stop, result));
      if (i + user.browsed >= user.searches.size()) one.weight = options_.browsed_weight;
      paths.push_back(std::move(one));
    }
    result.proposals = ProposeFromPaths(paths, user, tools_.space->taxonomy(), options_.propose);
    if (options_.asked) {
      result.asked = FindReached(*options_.asked, paths, tools_.space->taxonomy());
    }
    return result;
  }

  std::string prompt_version() const override {
    if (!model_) return {};
    if (edges_) return tools_.prompts.hop1.version();
    return tools_.prompts.hop1.version() + "+" + tools_.prompts.hop2.version();
  }
  std::string model() const override {
    return model_ ? tools_.chat.model() : tools_.embedder.model();
  }

 private:
  Result<SearchPaths> Walk(const std::string& search, std::span<const float> vector,
                           const UserProfile& user, const std::stop_token& stop,
                           Proposals& result) {
    const SearchReading reading = reader_.Read(search, vector);
    SearchPaths paths{.search = search, .searched = std::nullopt, .demands = {}};
    if (reading.is_exact) paths.searched = reading.category;
    if (!edges_) {
      TWOHOP_ASSIGN_OR_RETURN(paths.demands,
                              model_->Follow(search, reading.category, user, stop, result));
      return paths;
    }
    TWOHOP_ASSIGN_OR_RETURN(const Embeddings written,
                            WriteDemands(search, reading.category, user, stop, result));
    for (const FollowedDemand& followed : edges_->DemandsBehind(search, vector, reading, written)) {
      const std::span<const CalledCategory> called = edges_->CategoriesUnder(followed.demand);
      paths.demands.push_back({.demand = edges_->text(followed.demand),
                               .weight = followed.weight,
                               .categories = {called.begin(), called.end()}});
    }
    return paths;
  }

  // Vectors of the demands that the model names, if there is one and the edges need it.
  Result<Embeddings> WriteDemands(const std::string& search, CategoryIndex category,
                                  const UserProfile& user, const std::stop_token& stop,
                                  Proposals& result) {
    if (!model_ || edges_->Knows(search)) return Embeddings();
    TWOHOP_ASSIGN_OR_RETURN(const std::vector<std::string> demands,
                            model_->Demands(search, category, user, stop, result));
    if (demands.empty()) return Embeddings();
    return EmbedForSpace(demands, *tools_.space, tools_.embedder, stop);
  }

  const StrategyTools tools_;
  const std::shared_ptr<const DemandGraph> edges_;
  const std::unique_ptr<ModelHops> model_;
  const EdgeWalkOptions options_;
  const SearchReader reader_;
};

}  // namespace

std::unique_ptr<Strategy> MakeSharedEdges(const StrategyTools& tools,
                                          std::shared_ptr<const DemandGraph> edges,
                                          const EdgeWalkOptions& options) {
  return std::make_unique<EdgeWalk>(tools, std::move(edges), nullptr, options);
}

std::unique_ptr<Strategy> MakeHopByHop(const StrategyTools& tools, const EdgeWalkOptions& options) {
  return std::make_unique<EdgeWalk>(tools, nullptr, std::make_unique<ModelHops>(tools, options),
                                    options);
}

std::unique_ptr<Strategy> MakeInterestGpt(const StrategyTools& tools,
                                          std::shared_ptr<const DemandGraph> edges,
                                          const EdgeWalkOptions& options) {
  return std::make_unique<EdgeWalk>(tools, std::move(edges),
                                    std::make_unique<ModelHops>(tools, options), options);
}

}  // namespace twohop
