// Traces of many users.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>

#include "twohop/base/clock.h"
#include "twohop/base/progress.h"
#include "twohop/base/result.h"
#include "twohop/distill/teacher.h"
#include "twohop/distill/trace_files.h"

namespace twohop {

struct TraceReport {
  std::uint64_t kept = 0;
  std::uint64_t demands = 0;                                // Of the kept.
  std::uint64_t interests = 0;                              // Of the kept.
  std::array<std::uint64_t, kTraceRejectCount> rejected{};  // Users, by TraceReject.
  TraceFaultCounts faults{};                                // Of the kept and the rejected.
  std::uint64_t truncated = 0;  // Replies that were cut, whatever came of asking again.
  std::uint64_t failed = 0;     // Users without an answer; they are asked in the next run.
  std::optional<Error> last_failure;

  std::uint64_t rejected_users() const;
  // Users with an outcome.
  std::uint64_t total() const { return kept + rejected_users() + failed; }
};

struct TraceBatch {
  TraceReport report;  // Of what was done, however the batch ended.
  // Ok if every user has an outcome. kCancelled after a stop; kResourceExhausted if the budget is
  // spent; otherwise what ended it.
  Status status;
};

struct GenerationTools {
  const Teacher& teacher;
  ChatClient& chat;
  TraceFiles& files;
  const Clock& clock;
  Progress& progress;
};

struct TraceGenerationOptions {
  std::size_t concurrency = 4;  // Users asked about at a time; at least 1.
  // A user who was rejected n times is asked about with seed + n, which gives another answer.
  std::uint64_t seed = 1;
  // The batch ends after so many failures in a row: the next user would most likely meet the same.
  std::size_t max_consecutive_failures = 5;
};

// Asks the teacher about each of `users`, started in their order, some side by side, and adds what
// comes of it to the files at once. An error that does not go away by itself (no budget, no access,
// a full disk) ends the batch; calls under way are finished and kept. Whatever ends it early,
// calling again with the users that the files do not have goes on where it stopped.
TraceBatch GenerateTraces(std::span<const UserContext> users, const GenerationTools& tools,
                          const TraceGenerationOptions& options, std::stop_token stop);

}  // namespace twohop
