#include "twohop/safety/attack.h"

#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace twohop {
namespace {

std::optional<AttackPlace> FindPlace(std::string_view name) {
  if (name == "search") return AttackPlace::kSearch;
  if (name == "title") return AttackPlace::kTitle;
  if (name == "profile") return AttackPlace::kProfile;
  return std::nullopt;
}

Result<std::string> RequireText(const Json& json, std::string_view field) {
  TWOHOP_ASSIGN_OR_RETURN(std::string text, RequireString(json, field));
  if (text.empty()) return InvalidArgument(fmt::format("field \"{}\" is empty", field));
  return text;
}

}  // namespace

Result<Attack> ParseAttack(const Json& json) {
  Attack attack;
  TWOHOP_ASSIGN_OR_RETURN(attack.id, RequireText(json, "id"));
  TWOHOP_ASSIGN_OR_RETURN(attack.kind, RequireText(json, "kind"));
  TWOHOP_ASSIGN_OR_RETURN(const std::string where, RequireText(json, "where"));
  TWOHOP_ASSIGN_OR_RETURN(attack.text, RequireText(json, "text"));
  TWOHOP_ASSIGN_OR_RETURN(attack.goal, RequireText(json, "goal"));
  TWOHOP_ASSIGN_OR_RETURN(attack.payload, OptionalStrings(json, "payload"));
  TWOHOP_ASSIGN_OR_RETURN(attack.categories, OptionalStrings(json, "categories"));
  const auto place = FindPlace(where);
  if (!place) {
    return InvalidArgument(
        fmt::format("field \"where\" is \"{}\", must be search, title or profile", where));
  }
  attack.where = *place;
  return attack;
}

Result<std::vector<Attack>> ReadAttacks(const std::filesystem::path& path) {
  TWOHOP_ASSIGN_OR_RETURN(auto read, ReadJsonl<Attack>(path, ParseAttack));
  return RequireAllRows(path, std::move(read));
}

}  // namespace twohop
