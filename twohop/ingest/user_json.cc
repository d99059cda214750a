#include "twohop/ingest/user_json.h"

#include "twohop/ingest/json_row.h"
#include "twohop/ingest/user_row.h"

namespace twohop {

Result<UserProfile> ParseUserJson(const Json& json) {
  ingest_internal::RawRow row(ingest_internal::UserSchema());
  if (auto broken = ingest_internal::FillFromJson(json, row)) {
    return InvalidArgument(std::move(broken->message));
  }
  auto user = ingest_internal::MakeUser(row);
  if (!user.has_value()) return InvalidArgument(std::move(user.error().message));
  return *std::move(user);
}

}  // namespace twohop
