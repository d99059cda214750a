// Events from files of any size.

#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "twohop/base/result.h"
#include "twohop/domain/event.h"
#include "twohop/ingest/event_json.h"
#include "twohop/ingest/file_position.h"
#include "twohop/ingest/reject_report.h"

namespace twohop {

namespace ingest_internal {
class RowReader;
}

struct EventBatch {
  std::vector<Event> events;  // In the order of the file.
  FilePosition next;          // Where a later reader goes on after these events.
};

// Streams events from JSON lines, CSV or TSV (docs/formats.md) in constant memory. A row that
// breaks a rule goes to the report. Events with the same id are not told apart here: the event log
// keeps the first.
//
// Not thread-safe.
class EventReader {
 public:
  // Starts at `from`, which a batch of the same, unchanged file gave. What the rules and `rejects`
  // refer to must outlive the reader.
  //
  // Errors: kNotFound if there is no such file; kInvalidArgument if its extension is not known, it
  // is not a regular file, is empty, its header lacks a column, or `from` is not the start of a
  // line; kUnavailable if it cannot be read.
  static Result<EventReader> Open(const std::filesystem::path& path, const EventRules& rules,
                                  RejectReport& rejects, FilePosition from = {});

  EventReader(EventReader&&) noexcept;
  ~EventReader();

  // The next `limit` events, fewer at the end of the file; none means the end. REQUIRES: limit > 0.
  //
  // Errors: those of RejectReport::Add; kInvalidArgument if the whole file turns out to hold no
  // row; kUnavailable if it cannot be read. After an error the reader must not be used again.
  Result<EventBatch> Next(std::size_t limit);

  std::uint64_t bytes_read() const;
  std::uint64_t file_bytes() const;

 private:
  EventReader(std::unique_ptr<ingest_internal::RowReader> rows, const EventRules& rules);

  std::unique_ptr<ingest_internal::RowReader> rows_;
  EventRules rules_;
};

}  // namespace twohop
