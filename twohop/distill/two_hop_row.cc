#include "twohop/distill/two_hop_row.h"

#include <algorithm>
#include <array>
#include <utility>

#include "twohop/base/json.h"
#include "twohop/base/text.h"
#include "twohop/reasoning/category_space.h"
#include "twohop/reasoning/reply_parser.h"
#include "twohop/reasoning/search_text.h"
#include "twohop/reasoning/user_text.h"

namespace twohop {
namespace {

// The order of fields matters: the model writes a demand before the categories that follow from it.
using OrderedJson = nlohmann::ordered_json;

bool HasClicked(const UserContext& user, const std::string& level1) {
  return std::find(user.clicked_level1.begin(), user.clicked_level1.end(), level1) !=
         user.clicked_level1.end();
}

// The numbers, from 1, of the demand's searches in the prompt; those that were cut are left out.
std::vector<std::size_t> NumbersOf(const TraceDemand& demand,
                                   const std::vector<std::string>& searches,
                                   const RowOptions& options) {
  std::vector<std::size_t> numbers;
  for (std::size_t i = 0; i < searches.size(); ++i) {
    const bool is_one =
        std::any_of(demand.searches.begin(), demand.searches.end(), [&](const std::string& search) {
          return NormalizeName(CleanSearch(search, options.max_search_bytes)) ==
                 NormalizeName(searches[i]);
        });
    if (is_one) numbers.push_back(i + 1);
  }
  return numbers;
}

// Builds the reply of one trace.
class ReplyBuilder {
 public:
  ReplyBuilder(const Trace& trace, const Taxonomy& taxonomy, const RowOptions& options)
      : trace_(trace),
        taxonomy_(taxonomy),
        options_(options),
        searches_(
            CleanSearches(trace.user.searches, options.max_searches, options.max_search_bytes)) {}

  OrderedJson Build() {
    OrderedJson demands = OrderedJson::array();
    for (std::size_t i = 0; i < trace_.demands.size(); ++i) {
      if (demands.size() == ReplyLimits().demands) break;
      if (auto demand = BuildDemand(i)) demands.push_back(*std::move(demand));
    }
    return demands;
  }

  std::vector<CategoryIndex>& categories() { return categories_; }

 private:
  std::optional<OrderedJson> BuildDemand(std::size_t position) {
    const TraceDemand& demand = trace_.demands[position];
    const std::optional<std::string> text = UsableDemand(demand.text);
    const std::vector<std::size_t> numbers = NumbersOf(demand, searches_, options_);
    if (!text || numbers.empty()) return std::nullopt;
    OrderedJson categories = CategoriesOf(position);
    if (categories.empty()) return std::nullopt;
    return OrderedJson{{"from", numbers}, {"demand", *text}, {"categories", std::move(categories)}};
  }

  OrderedJson CategoriesOf(std::size_t demand) {
    OrderedJson categories = OrderedJson::array();
    for (const TraceInterest& interest : trace_.interests) {
      const std::string& level1 = taxonomy_.at(interest.category).level1;
      if (interest.demand != demand || HasClicked(trace_.user, level1)) continue;
      if (categories.size() == ReplyLimits().categories_per_demand) break;
      categories.push_back({{"name", taxonomy_.label(interest.category)},
                            {"relation", EdgeRelationName(interest.relation)}});
      categories_.push_back(interest.category);
    }
    return categories;
  }

  const Trace& trace_;
  const Taxonomy& taxonomy_;
  const RowOptions& options_;
  const std::vector<std::string> searches_;
  std::vector<CategoryIndex> categories_;
};

}  // namespace

std::vector<ChatMessage> AskForBothHops(const UserContext& user, const Taxonomy& taxonomy,
                                        const PromptSet& prompts, const RowOptions& options) {
  const std::string level1 =
      Level1Text(taxonomy, std::vector<bool>(taxonomy.level1_count(), true), "nothing");
  const std::string profile = ProfileText(user.profile);
  const std::string shown =
      Level1Text(taxonomy, MarkLevel1(taxonomy, user.clicked_level1), "nothing");
  const std::string searches = NumberedSearches(
      CleanSearches(user.searches, options.max_searches, options.max_search_bytes));
  const std::array<PromptValue, 4> values{
      {{"level1", level1}, {"profile", profile}, {"shown", shown}, {"searches", searches}}};
  return prompts.two_hop.Render(values);
}

std::optional<TrainingRow> MakeTwoHopRow(const Trace& trace, const Taxonomy& taxonomy,
                                         const PromptSet& prompts, const RowOptions& options) {
  ReplyBuilder builder(trace, taxonomy, options);
  OrderedJson demands = builder.Build();
  if (demands.empty()) return std::nullopt;
  TrainingRow row{.task = TrainingTask::kTwoHop,
                  .source = RowSource::kTraces,
                  .subject = trace.user.profile.id.value(),
                  .messages = AskForBothHops(trace.user, taxonomy, prompts, options),
                  .categories = std::move(builder.categories())};
  const OrderedJson reply = {{"demands", std::move(demands)}};
  row.messages.push_back({.role = ChatRole::kAssistant,
                          .content = reply.dump(-1, ' ', /*ensure_ascii=*/false,
                                                OrderedJson::error_handler_t::replace)});
  return row;
}

}  // namespace twohop
