#include "twohop/distill/training_rows.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/check.h"
#include "twohop/base/json.h"
#include "twohop/base/text.h"
#include "twohop/distill/two_hop_row.h"
#include "twohop/reasoning/reply_parser.h"
#include "twohop/reasoning/search_text.h"

namespace twohop {
namespace {

constexpr std::array<std::string_view, kTrainingTaskCount> kTaskNames{"hop1", "hop2", "two_hop"};
constexpr std::array<std::string_view, kRowSourceCount> kSourceNames{"traces", "edges", "both"};

struct SearchDemands {
  std::string search;  // Clean.
  std::vector<std::string> demands;
  bool from_traces = false;
  bool from_edges = false;

  RowSource source() const {
    if (from_traces && from_edges) return RowSource::kBoth;
    return from_traces ? RowSource::kTraces : RowSource::kEdges;
  }
};

// Which demands stand behind which search, in the order in which they came.
class DemandsBySearch {
 public:
  explicit DemandsBySearch(const RowOptions& options) : options_(options) {}

  void Add(const std::vector<std::string>& searches, const std::string& demand, RowSource source) {
    for (const std::string& search : searches) AddOne(search, demand, source);
  }

  const std::vector<SearchDemands>& all() const { return all_; }

 private:
  void AddOne(const std::string& search, const std::string& demand, RowSource source) {
    std::string clean = CleanSearch(search, options_.max_search_bytes);
    std::string normal = NormalizeName(clean);
    if (normal.empty()) return;
    const auto [place, is_new] = places_.emplace(std::move(normal), all_.size());
    if (is_new) all_.push_back({.search = std::move(clean), .demands = {}});
    SearchDemands& one = all_[place->second];
    if (one.demands.size() == options_.demands_per_search || Names(one, demand)) return;
    one.demands.push_back(demand);
    (source == RowSource::kTraces ? one.from_traces : one.from_edges) = true;
  }

  static bool Names(const SearchDemands& one, const std::string& demand) {
    const std::string normal = NormalizeName(demand);
    return std::any_of(one.demands.begin(), one.demands.end(),
                       [&](const std::string& known) { return NormalizeName(known) == normal; });
  }

  const RowOptions& options_;
  std::vector<SearchDemands> all_;
  std::unordered_map<std::string, std::size_t> places_;  // By NormalizeName of the search.
};

ChatMessage ReplyWith(std::string text) {
  return {.role = ChatRole::kAssistant, .content = std::move(text)};
}

class RowBuilder {
 public:
  RowBuilder(const TrainingSources& sources, const Taxonomy& taxonomy, const PromptSet& prompts,
             const RowOptions& options)
      : sources_(sources),
        taxonomy_(taxonomy),
        prompts_(prompts),
        options_(options),
        rng_(options.seed) {}

  TrainingRows Build() {
    for (const TrainingTask task : options_.tasks) {
      if (task == TrainingTask::kHop1) AddHop1();
      if (task == TrainingTask::kHop2) AddHop2();
      if (task == TrainingTask::kTwoHop) AddTwoHop();
    }
    return std::move(built_);
  }

 private:
  void AddHop1() {
    DemandsBySearch demands(options_);
    for (const Trace& trace : sources_.traces) {
      for (const TraceDemand& demand : trace.demands) {
        const auto text = Usable(demand.text);
        if (text) demands.Add(demand.searches, *text, RowSource::kTraces);
      }
    }
    for (const DemandEdges& edges : sources_.edges) {
      const auto text = Usable(edges.demand);
      if (text) demands.Add(edges.searches, *text, RowSource::kEdges);
    }
    for (const SearchDemands& one : demands.all()) AddHop1Row(one);
  }

  void AddHop1Row(const SearchDemands& one) {
    const std::optional<CategoryIndex> category = taxonomy_.FindBySearch(one.search);
    if (!category) {
      ++built_.skipped.searches_without_category;
      return;
    }
    const std::string quoted = QuoteForPrompt(one.search);
    const std::array<PromptValue, 2> values{
        {{"search", quoted}, {"category", taxonomy_.label(*category)}}};
    TrainingRow row{.task = TrainingTask::kHop1,
                    .source = one.source(),
                    .subject = NormalizeName(one.search),
                    .messages = prompts_.hop1.Render(values),
                    .categories = {*category}};
    row.messages.push_back(ReplyWith(DumpJson(Json(one.demands))));
    built_.rows.push_back(std::move(row));
  }

  void AddHop2() {
    for (const Trace& trace : sources_.traces) {
      for (std::size_t i = 0; i < trace.demands.size(); ++i) {
        AddHop2Rows(trace.demands[i].text, RankingOf(trace, i), RowSource::kTraces, /*orders=*/1);
      }
    }
    for (const DemandEdges& edges : sources_.edges) {
      AddHop2Rows(edges.demand, edges.calls_for, RowSource::kEdges, options_.orders);
    }
  }

  static std::vector<CategoryIndex> RankingOf(const Trace& trace, std::size_t demand) {
    std::vector<CategoryIndex> ranking;
    for (const TraceInterest& interest : trace.interests) {
      if (interest.demand != demand) continue;
      const bool is_new =
          std::find(ranking.begin(), ranking.end(), interest.category) == ranking.end();
      if (is_new) ranking.push_back(interest.category);
    }
    return ranking;
  }

  void AddHop2Rows(const std::string& text, const std::vector<CategoryIndex>& ranking,
                   RowSource source, std::size_t orders) {
    const auto demand = Usable(text);
    if (!demand) return;
    if (ranking.empty()) ++built_.skipped.demands_without_categories;
    for (std::size_t i = 0; i < orders && !ranking.empty(); ++i) {
      AddHop2Row(*demand, ranking, source, i);
    }
  }

  void AddHop2Row(const std::string& demand, const std::vector<CategoryIndex>& ranking,
                  RowSource source, std::size_t order) {
    TrainingRow row{.task = TrainingTask::kHop2,
                    .source = source,
                    .subject = NormalizeName(demand),
                    .messages = AskForCategories(demand, prompts_),
                    .categories = {}};
    // Depends on the demand and not on its neighbours: one more trace changes no other row.
    Rng rng = rng_.Fork("order of " + row.subject, order);
    row.categories = DrawOrder(ranking, options_.tau, rng);
    row.categories.resize(std::min(row.categories.size(), options_.categories_per_demand));
    row.messages.push_back(
        ReplyWith(CategoryListReply(row.categories, taxonomy_, options_.categories_per_demand)));
    built_.rows.push_back(std::move(row));
  }

  void AddTwoHop() {
    for (const Trace& trace : sources_.traces) {
      auto row = MakeTwoHopRow(trace, taxonomy_, prompts_, options_);
      if (row) {
        built_.rows.push_back(*std::move(row));
      } else {
        ++built_.skipped.traces_without_answer;
      }
    }
  }

  std::optional<std::string> Usable(const std::string& demand) {
    auto text = UsableDemand(demand);
    if (!text) ++built_.skipped.unusable_demands;
    return text;
  }

  const TrainingSources& sources_;
  const Taxonomy& taxonomy_;
  const PromptSet& prompts_;
  const RowOptions& options_;
  const Rng rng_;
  TrainingRows built_;
};

}  // namespace

std::string_view TrainingTaskName(TrainingTask task) {
  return kTaskNames[static_cast<std::size_t>(task)];
}

std::optional<TrainingTask> FindTrainingTask(std::string_view name) {
  const auto* const found = std::find(kTaskNames.begin(), kTaskNames.end(), name);
  if (found == kTaskNames.end()) return std::nullopt;
  return static_cast<TrainingTask>(found - kTaskNames.begin());
}

std::string_view RowSourceName(RowSource source) {
  return kSourceNames[static_cast<std::size_t>(source)];
}

Status RowOptions::Validate() const {
  if (tasks.empty()) return InvalidArgument("tasks: none is chosen");
  const std::unordered_set<TrainingTask> distinct(tasks.begin(), tasks.end());
  if (distinct.size() != tasks.size()) return InvalidArgument("tasks: one is named twice");
  if (demands_per_search == 0) return InvalidArgument("demands_per_search must be at least 1");
  if (categories_per_demand == 0) {
    return InvalidArgument("categories_per_demand must be at least 1");
  }
  if (orders == 0) return InvalidArgument("orders must be at least 1");
  if (!std::isfinite(tau) || tau <= 0) return InvalidArgument("tau must be above 0");
  if (max_searches == 0) return InvalidArgument("max_searches must be at least 1");
  if (max_search_bytes < 3) return InvalidArgument("max_search_bytes must be at least 3");
  return Ok();
}

SkippedSources& SkippedSources::operator+=(const SkippedSources& other) {
  searches_without_category += other.searches_without_category;
  unusable_demands += other.unusable_demands;
  demands_without_categories += other.demands_without_categories;
  traces_without_answer += other.traces_without_answer;
  return *this;
}

TrainingRows BuildTrainingRows(const TrainingSources& sources, const Taxonomy& taxonomy,
                               const PromptSet& prompts, const RowOptions& options) {
  TWOHOP_DCHECK(options.Validate().has_value());
  return RowBuilder(sources, taxonomy, prompts, options).Build();
}

std::vector<CategoryIndex> DrawOrder(std::span<const CategoryIndex> ranking, double tau, Rng& rng) {
  TWOHOP_DCHECK(tau > 0);
  std::vector<double> keys(ranking.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    // Minus the logarithm of an exponential variable is a Gumbel variable.
    keys[i] = -static_cast<double>(i) / tau - std::log(rng.Exponential(1.0));
  }
  std::vector<std::size_t> order(ranking.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return keys[a] > keys[b]; });
  std::vector<CategoryIndex> drawn;
  drawn.reserve(order.size());
  for (const std::size_t place : order) drawn.push_back(ranking[place]);
  return drawn;
}

std::vector<ChatMessage> AskForCategories(std::string_view demand, const PromptSet& prompts) {
  const std::array<PromptValue, 1> values{{{"demand", demand}}};
  return prompts.hop2.Render(values);
}

std::string CategoryListReply(std::span<const CategoryIndex> categories, const Taxonomy& taxonomy,
                              std::size_t limit) {
  Json labels = Json::array();
  for (const CategoryIndex category : categories.first(std::min(limit, categories.size()))) {
    labels.push_back(taxonomy.label(category));
  }
  return DumpJson(labels);
}

std::optional<std::string> UsableDemand(std::string_view text) {
  const std::size_t limit = ReplyLimits().text_bytes;
  if (text.size() > limit) return std::nullopt;
  std::string clean = CleanSearch(text, limit);
  if (clean.empty()) return std::nullopt;
  return clean;
}

}  // namespace twohop
