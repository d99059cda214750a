#include "twohop/serving/testing/memory_event_log.h"

#include <algorithm>
#include <utility>

namespace twohop {

std::vector<Event> MemoryEventLog::events() const {
  MutexLock lock(mutex_);
  return events_;
}

void MemoryEventLog::FailWith(Error error) {
  MutexLock lock(mutex_);
  error_ = std::move(error);
}

Result<AppendResult> MemoryEventLog::Append(std::span<const Event> events) {
  MutexLock lock(mutex_);
  if (error_.has_value()) return tl::unexpected<Error>(*error_);
  AppendResult result;
  for (const Event& event : events) {
    const bool known = std::any_of(events_.begin(), events_.end(),
                                   [&](const Event& other) { return other.id == event.id; });
    ++(known ? result.duplicates : result.appended);
    if (!known) events_.push_back(event);
  }
  result.next = LogOffset(events_.size());
  return result;
}

Result<LogBatch> MemoryEventLog::Read(LogOffset, std::size_t) const {
  return Unimplemented("a log for appending alone");
}

LogOffset MemoryEventLog::end() const {
  MutexLock lock(mutex_);
  return LogOffset(events_.size());
}

Status MemoryEventLog::Commit(std::string_view, LogOffset) {
  return Unimplemented("a log without consumers");
}

Result<LogOffset> MemoryEventLog::Committed(std::string_view) const {
  return Unimplemented("a log without consumers");
}

}  // namespace twohop
