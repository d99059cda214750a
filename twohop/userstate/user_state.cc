#include "twohop/userstate/user_state.h"

#include <set>
#include <string_view>

namespace twohop {

std::vector<std::string> ClickedLevel1(const UserState& state) {
  std::set<std::string_view> names;
  for (const ClickRecord& click : state.clicks) {
    if (!click.level1.empty()) names.insert(click.level1);
  }
  return {names.begin(), names.end()};
}

}  // namespace twohop
