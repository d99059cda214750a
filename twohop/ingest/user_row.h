// The rules for a user, whatever it was read from.

#pragma once

#include "twohop/domain/user.h"
#include "twohop/ingest/raw_row.h"
#include "twohop/ingest/reject.h"

namespace twohop::ingest_internal {

const RowSchema& UserSchema();

// Moves the values out of `row`, a row of UserSchema.
RowResult<UserProfile> MakeUser(RawRow& row);

}  // namespace twohop::ingest_internal
