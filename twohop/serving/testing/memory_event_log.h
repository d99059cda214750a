// An event log in memory that can be full.

#pragma once

#include <optional>
#include <vector>

#include "twohop/base/mutex.h"
#include "twohop/eventlog/event_log.h"

namespace twohop {

// Keeps what is appended. Consumers are kUnimplemented.
//
// Thread-safe.
class MemoryEventLog final : public EventLog {
 public:
  std::vector<Event> events() const;
  // Every Append() fails like this from now on.
  void FailWith(Error error);

  Result<AppendResult> Append(std::span<const Event> events) override;
  Result<LogBatch> Read(LogOffset from, std::size_t limit) const override;
  LogOffset end() const override;
  Status Commit(std::string_view consumer, LogOffset next) override;
  Result<LogOffset> Committed(std::string_view consumer) const override;

 private:
  mutable Mutex mutex_;
  std::vector<Event> events_ TWOHOP_GUARDED_BY(mutex_);
  std::optional<Error> error_ TWOHOP_GUARDED_BY(mutex_);
};

}  // namespace twohop
