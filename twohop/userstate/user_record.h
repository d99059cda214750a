// What the store of user states writes under a user's id; for twohop/userstate alone.

#pragma once

#include <string>
#include <string_view>

#include "twohop/base/result.h"
#include "twohop/domain/debate_record.h"
#include "twohop/domain/latent_interest.h"
#include "twohop/domain/user.h"
#include "twohop/userstate/user_activity.h"

namespace twohop::userstate_internal {

// Records start with a checksum over themselves and the user's id, then a version.
//
// Errors of the Parse functions, each naming the user: kDataLoss if the record is damaged or
// another user's; kUnimplemented if a newer version wrote it.

std::string ProfileRecord(const UserProfile& profile);
Result<UserProfile> ParseProfileRecord(const UserId& user, std::string_view record);

// Categories repeat among the clicks; each is written once.
std::string ActivityRecord(const UserId& user, const UserActivity& activity);
Result<UserActivity> ParseActivityRecord(const UserId& user, std::string_view record);

std::string InterestRecord(const UserId& user, const InterestSet& interests);
Result<InterestSet> ParseInterestRecord(const UserId& user, std::string_view record);

// JSON inside: minutes are read by people, seldom, and grow new fields.
std::string RecordOfDebate(const UserId& user, const DebateRecord& debate);
Result<DebateRecord> ParseRecordOfDebate(const UserId& user, std::string_view record);

}  // namespace twohop::userstate_internal
