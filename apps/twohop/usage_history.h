// What reasoning has used so far in a workspace, for estimates.

#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "twohop/base/result.h"
#include "twohop/llm/chat_client.h"
#include "twohop/nearline/refresh_policy.h"

namespace twohop::app {

struct MeasuredUsage {
  std::uint64_t users = 0;  // Who were answered.
  TokenUsage usage;
};

// What refreshes by this maker have used; nothing if there were none. A file that is not there or
// damaged is one without entries.
std::optional<MeasuredUsage> FindMeasuredUsage(const std::filesystem::path& file,
                                               const InterestMaker& maker);

// Adds to it, and keeps other makers' entries.
//
// Errors: those of WriteFileAtomically.
Status AddMeasuredUsage(const std::filesystem::path& file, const InterestMaker& maker,
                        const MeasuredUsage& more);

}  // namespace twohop::app
