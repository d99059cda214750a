// Taking a user out of training data.

#pragma once

#include <cstdint>
#include <filesystem>

#include "twohop/base/result.h"
#include "twohop/domain/ids.h"

namespace twohop {

// Replaces `file`, whose lines are JSON objects with a "user_id" (traces and their rejects,
// labels), by one without the rows of `user`, in one step; returns how many they were. Other rows
// keep their bytes and their order. Without such a row the file is left alone.
//
// Errors: kNotFound if there is no such file; kInvalidArgument, as "<file>:<line>: ...", if a line
// is not an object with a "user_id": whose it is cannot be known, and nothing is changed; those of
// WriteFileAtomically.
Result<std::uint64_t> ForgetUserRows(const std::filesystem::path& file, const UserId& user);

}  // namespace twohop
