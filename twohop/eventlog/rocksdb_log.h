// The class behind OpenRocksDbEventLog; for twohop/eventlog alone.

#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "twohop/base/mutex.h"
#include "twohop/eventlog/event_log.h"
#include "twohop/rocks/rocks_database.h"

namespace twohop::eventlog_internal {

// See rocksdb_event_log.h for the layout and the errors of opening.
class RocksDbLog final : public EventLog {
 public:
  static Result<std::unique_ptr<RocksDbLog>> Open(const std::filesystem::path& dir, OpenMode mode,
                                                  const RocksOptions& options);

  Result<AppendResult> Append(std::span<const Event> events) override;
  Result<LogBatch> Read(LogOffset from, std::size_t limit) const override;
  LogOffset end() const override { return LogOffset(end_.load(std::memory_order_acquire)); }
  Status Commit(std::string_view consumer, LogOffset next) override;
  Result<LogOffset> Committed(std::string_view consumer) const override;

 private:
  explicit RocksDbLog(std::unique_ptr<RocksDatabase> database) : database_(std::move(database)) {}

  Status FindEnd();
  // Those whose id is neither in the log nor earlier in `events`, in order.
  Result<std::vector<const Event*>> LeaveOutKnown(std::span<const Event> events) const;
  Status LeaveOutStored(std::span<const Event* const> events,
                        std::vector<const Event*>& kept) const;
  rocksdb::Status FillBatch(std::span<const Event* const> events, rocksdb::WriteBatch& batch) const;
  tl::unexpected<Error> MissingAt(LogOffset offset, const rocksdb::Status& why) const;

  std::unique_ptr<RocksDatabase> database_;
  // Held over the writes themselves: looking an id up and writing it must be one step. Readers
  // never take either.
  Mutex append_mutex_;
  Mutex commit_mutex_;
  std::atomic<std::uint64_t> end_ = 0;  // Grows after what it covers was written.
};

}  // namespace twohop::eventlog_internal
