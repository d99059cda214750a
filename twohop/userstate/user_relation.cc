#include "twohop/userstate/user_relation.h"

#include <vector>

#include "twohop/base/time_format.h"
#include "twohop/domain/pair_relation_json.h"

namespace twohop {
namespace {

std::vector<Level1Click> Level1Clicks(const UserState& user) {
  std::vector<Level1Click> clicks;
  for (const ClickRecord& click : user.clicks) {
    clicks.push_back({.item = click.item, .level1 = click.level1, .time = click.time});
  }
  return clicks;
}

}  // namespace

PairRelation RelateUser(const UserState& user, const Taxonomy& taxonomy, CategoryIndex category) {
  const std::vector<Level1Click> clicks = Level1Clicks(user);
  return RelatePair({.taxonomy = taxonomy,
                     .category = category,
                     .interests = user.interests ? &*user.interests : nullptr,
                     .clicks = clicks});
}

Json UserRelationToJson(const UserState& user, const Taxonomy& taxonomy, CategoryIndex category) {
  Json json = PairRelationToJson(RelateUser(user, taxonomy, category));
  json["user"] = user.profile.id.value();
  return json;
}

Json UserRelationsToJson(const UserState& user, const Taxonomy& taxonomy) {
  Json json = {{"user", user.profile.id.value()},
               {"interests_created", nullptr},
               {"relations", Json::array()}};
  if (!user.interests) return json;
  json["interests_created"] = FormatTime(user.interests->created);
  const std::vector<Level1Click> clicks = Level1Clicks(user);
  for (const PairRelation& one : RelateAllInterests(taxonomy, *user.interests, clicks)) {
    json["relations"].push_back(PairRelationToJson(one));
  }
  return json;
}

}  // namespace twohop
