// Users from files.

#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>

#include "twohop/base/progress.h"
#include "twohop/base/result.h"
#include "twohop/domain/user.h"
#include "twohop/ingest/reject_report.h"

namespace twohop {

inline constexpr std::size_t kUserBatch = 1000;

// Reads users from JSON lines, CSV or TSV (docs/formats.md) and hands them to `callback` in the
// order of the file, in batches of at most kUserBatch, none of them empty. Returns how many there
// were. A row that breaks a rule goes to `rejects`; of two rows with one id the first is kept.
//
// Keeps a hash of every id, some 40 bytes a user; everything else is constant memory.
//
// Errors: the first one that `callback` returns, which stops the reading; kNotFound if there is no
// such file; kInvalidArgument if its extension is not known, it is not a regular file, is empty, or
// its header lacks a column; those of RejectReport::Add; kUnavailable if it cannot be read.
Result<std::uint64_t> ForEachUser(
    const std::filesystem::path& path, RejectReport& rejects, Progress& progress,
    const std::function<Status(std::span<const UserProfile>)>& callback);

}  // namespace twohop
