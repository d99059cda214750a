#include "twohop/distill/trace.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "twohop/reasoning/category_names.h"

namespace twohop {
namespace {

// The elements of the list in `field`; all of them objects.
Result<const Json*> RequireObjects(const Json& json, std::string_view field) {
  const auto found = json.find(field);
  if (found == json.end() || !found->is_array()) {
    return InvalidArgument(fmt::format("\"{}\" must be a list", field));
  }
  const bool all_objects =
      std::all_of(found->begin(), found->end(), [](const Json& one) { return one.is_object(); });
  if (!all_objects) return InvalidArgument(fmt::format("\"{}\" must hold objects", field));
  return &*found;
}

Result<RecentSearch> ParseSearch(const Json& json) {
  TWOHOP_ASSIGN_OR_RETURN(std::string query, RequireString(json, "query"));
  TWOHOP_ASSIGN_OR_RETURN(const std::int64_t days, OptionalInteger(json, "days_ago", 0));
  if (query.empty()) return InvalidArgument("\"query\" is empty");
  if (days < 0) return InvalidArgument(fmt::format("\"days_ago\" is {}", days));
  return RecentSearch{.query = std::move(query), .age = std::chrono::days(days)};
}

bool HasSearched(const UserContext& user, std::string_view query) {
  return std::any_of(user.searches.begin(), user.searches.end(),
                     [&](const RecentSearch& search) { return search.query == query; });
}

Result<TraceDemand> ParseDemand(const Json& json, const UserContext& user) {
  TraceDemand demand;
  TWOHOP_ASSIGN_OR_RETURN(demand.text, RequireString(json, "text"));
  TWOHOP_ASSIGN_OR_RETURN(demand.searches, OptionalStrings(json, "from"));
  if (demand.text.empty()) return InvalidArgument("a demand has no text");
  if (demand.searches.empty()) {
    return InvalidArgument(fmt::format("demand \"{}\" is from no search", demand.text));
  }
  for (const std::string& search : demand.searches) {
    if (HasSearched(user, search)) continue;
    return InvalidArgument(fmt::format(
        "demand \"{}\" is from \"{}\", which the user did not search for", demand.text, search));
  }
  return demand;
}

Result<EdgeRelation> ParseRelation(const Json& json) {
  TWOHOP_ASSIGN_OR_RETURN(const std::string name, OptionalString(json, "relation", "co_hyponym"));
  const auto relation = FindEdgeRelation(name);
  if (!relation.has_value() || !IsLegalEdge(NodeKind::kDemand, *relation, NodeKind::kCategory)) {
    return InvalidArgument(fmt::format("\"{}\" is no relation of a demand and a category", name));
  }
  return *relation;
}

Result<TraceInterest> ParseInterest(const Json& json, const std::vector<std::string>& demand_ids,
                                    const Taxonomy& taxonomy) {
  TWOHOP_ASSIGN_OR_RETURN(const std::string name, RequireString(json, "category"));
  TWOHOP_ASSIGN_OR_RETURN(const CategoryIndex category, FindCategory(name, "category", taxonomy));
  TWOHOP_ASSIGN_OR_RETURN(const std::string from, RequireString(json, "from"));
  TWOHOP_ASSIGN_OR_RETURN(const EdgeRelation relation, ParseRelation(json));
  const auto demand = std::find(demand_ids.begin(), demand_ids.end(), from);
  if (demand == demand_ids.end()) {
    return InvalidArgument(fmt::format("interest \"{}\" is from no demand \"{}\"", name, from));
  }
  return TraceInterest{.category = category,
                       .demand = static_cast<std::size_t>(demand - demand_ids.begin()),
                       .relation = relation};
}

std::string DemandId(std::size_t position) { return fmt::format("d{}", position + 1); }

}  // namespace

Result<UserContext> ParseUserContext(const Json& json) {
  UserContext user;
  TWOHOP_ASSIGN_OR_RETURN(std::string id, RequireString(json, "user_id"));
  if (id.empty()) return InvalidArgument("\"user_id\" is empty");
  user.profile.id = UserId(std::move(id));
  TWOHOP_ASSIGN_OR_RETURN(user.profile.age_group, OptionalString(json, "age_group"));
  TWOHOP_ASSIGN_OR_RETURN(user.profile.gender, OptionalString(json, "gender"));
  TWOHOP_ASSIGN_OR_RETURN(user.clicked_level1, OptionalStrings(json, "clicked_level1"));
  TWOHOP_ASSIGN_OR_RETURN(const Json* const searches, RequireObjects(json, "searches"));
  for (const Json& search : *searches) {
    TWOHOP_ASSIGN_OR_RETURN(RecentSearch parsed, ParseSearch(search));
    user.searches.push_back(std::move(parsed));
  }
  if (user.searches.empty()) return InvalidArgument("\"searches\" is empty");
  return user;
}

Result<Trace> ParseTrace(const Json& json, const Taxonomy& taxonomy) {
  Trace trace;
  TWOHOP_ASSIGN_OR_RETURN(trace.user, ParseUserContext(json));
  TWOHOP_ASSIGN_OR_RETURN(trace.reasoning, OptionalString(json, "reasoning"));
  TWOHOP_ASSIGN_OR_RETURN(const Json* const demands, RequireObjects(json, "demands"));
  std::vector<std::string> ids;
  for (const Json& demand : *demands) {
    TWOHOP_ASSIGN_OR_RETURN(std::string id, RequireString(demand, "id"));
    TWOHOP_ASSIGN_OR_RETURN(TraceDemand parsed, ParseDemand(demand, trace.user));
    ids.push_back(std::move(id));
    trace.demands.push_back(std::move(parsed));
  }
  TWOHOP_ASSIGN_OR_RETURN(const Json* const interests, RequireObjects(json, "interests"));
  for (const Json& interest : *interests) {
    TWOHOP_ASSIGN_OR_RETURN(const TraceInterest parsed, ParseInterest(interest, ids, taxonomy));
    trace.interests.push_back(parsed);
  }
  return trace;
}

Json TraceToJson(const Trace& trace, const Taxonomy& taxonomy) {
  Json json = {{"user_id", trace.user.profile.id.value()},
               {"age_group", trace.user.profile.age_group},
               {"gender", trace.user.profile.gender},
               {"searches", Json::array()},
               {"clicked_level1", trace.user.clicked_level1},
               {"reasoning", trace.reasoning},
               {"demands", Json::array()},
               {"interests", Json::array()}};
  for (const RecentSearch& search : trace.user.searches) {
    json["searches"].push_back({{"query", search.query}, {"days_ago", search.age.count()}});
  }
  for (std::size_t i = 0; i < trace.demands.size(); ++i) {
    const TraceDemand& demand = trace.demands[i];
    json["demands"].push_back(
        {{"id", DemandId(i)}, {"text", demand.text}, {"from", demand.searches}});
  }
  for (const TraceInterest& interest : trace.interests) {
    json["interests"].push_back({{"category", taxonomy.label(interest.category)},
                                 {"from", DemandId(interest.demand)},
                                 {"relation", EdgeRelationName(interest.relation)}});
  }
  return json;
}

Result<JsonlRows<Trace>> ReadTraces(const std::filesystem::path& path, const Taxonomy& taxonomy) {
  return ReadJsonl<Trace>(path, [&](const Json& json) { return ParseTrace(json, taxonomy); });
}

}  // namespace twohop
