// The durable record of what users did.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "twohop/base/result.h"
#include "twohop/domain/event.h"

namespace twohop {

struct LoggedEvent {
  LogOffset offset;
  Event event;
};

struct LogBatch {
  std::vector<LoggedEvent> events;  // In log order.
  LogOffset next;                   // Where the following read starts, and what to commit.
};

struct AppendResult {
  LogOffset next;  // The end of the log after this call.
  std::uint64_t appended = 0;
  std::uint64_t duplicates = 0;  // Left out: their id was in the log, or earlier in this call.
};

// An append-only, totally ordered log of events, each id once.
//
// Delivery is at least once: a consumer that crashes between handling events and committing their
// offset sees them again, so handlers must be idempotent.
//
// Implementations are thread-safe. Appends are serialised; reads never wait for appends.
class EventLog {
 public:
  virtual ~EventLog() = default;

  // Appends `events` in order, leaving out those whose id is known: appending the same events again
  // changes nothing. When this returns, they survive a crash of the process. Either all new ones
  // are appended or none is.
  //
  // Errors: kResourceExhausted if the disk is full; kUnavailable for any other I/O failure, after
  // which the log stays readable; kFailedPrecondition if the log was opened for reading only.
  virtual Result<AppendResult> Append(std::span<const Event> events) = 0;

  // Returns the first `limit` events at or after `from`, fewer at the end of the log. No events
  // means that `from` is the end; it is not an error.
  //
  // Errors: kNotFound if `from` is past the end; kDataLoss if a stored record is damaged, naming
  // its offset.
  virtual Result<LogBatch> Read(LogOffset from, std::size_t limit) const = 0;

  // One past the last event.
  virtual LogOffset end() const = 0;

  // Records that `consumer` has handled every event before `next`. Never moves backwards: a smaller
  // offset than the one recorded is ignored.
  //
  // Errors: kInvalidArgument if `next` is past the end; those of Append.
  virtual Status Commit(std::string_view consumer, LogOffset next) = 0;

  // The offset at which `consumer` resumes; 0 for a consumer that never committed.
  virtual Result<LogOffset> Committed(std::string_view consumer) const = 0;
};

}  // namespace twohop
