// The event log in RocksDB, in this process.

#pragma once

#include <filesystem>
#include <memory>

#include "twohop/base/open_mode.h"
#include "twohop/base/result.h"
#include "twohop/eventlog/event_log.h"

namespace twohop {

struct EventLogOptions {
  SyncPolicy sync = SyncPolicy::kNone;  // kEveryWrite: one fsync for each Append and Commit.
};

// Opens the log in `dir`. Opened for reading, it ends where the log ended at that moment.
//
// On disk: column family `events`, offset (8 bytes, big-endian) → checksummed WriteEvent record;
// `ids`, event id → offset (varint), behind a Bloom filter; `consumers`, name → offset (varint);
// `meta`, "format" → version of this layout (varint).
//
// Takes at most some 32 MB of cache and 32 MB of write buffers.
//
// Errors, each naming the folder: kNotFound if it is opened for reading and not there;
// kFailedPrecondition if another process has it open for writing, or it is another kind of store;
// kUnimplemented if a newer version wrote it; kDataLoss if it is damaged; kResourceExhausted if the
// disk is full; kUnavailable for any other I/O failure.
Result<std::unique_ptr<EventLog>> OpenRocksDbEventLog(const std::filesystem::path& dir,
                                                      OpenMode mode,
                                                      const EventLogOptions& options = {});

}  // namespace twohop
