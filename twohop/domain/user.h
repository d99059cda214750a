// Who a user is.

#pragma once

#include <string>

#include "twohop/domain/ids.h"

namespace twohop {

// What is known about a user apart from what they did. Empty fields mean "not known".
struct UserProfile {
  UserId id;
  std::string age_group;  // Free text, few distinct values: "25-34".
  std::string gender;     // Free text, few distinct values: "female".

  friend bool operator==(const UserProfile&, const UserProfile&) = default;
};

}  // namespace twohop
