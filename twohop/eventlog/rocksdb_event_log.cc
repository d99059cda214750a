#include "twohop/eventlog/rocksdb_event_log.h"

#include <utility>

#include "twohop/eventlog/rocksdb_log.h"

namespace twohop {

Result<std::unique_ptr<EventLog>> OpenRocksDbEventLog(const std::filesystem::path& dir,
                                                      OpenMode mode,
                                                      const EventLogOptions& options) {
  RocksOptions rocks;
  rocks.sync = options.sync;
  TWOHOP_ASSIGN_OR_RETURN(auto log, eventlog_internal::RocksDbLog::Open(dir, mode, rocks));
  return std::unique_ptr<EventLog>(std::move(log));
}

}  // namespace twohop
