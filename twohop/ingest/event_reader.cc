#include "twohop/ingest/event_reader.h"

#include <utility>

#include "twohop/base/check.h"
#include "twohop/ingest/event_row.h"
#include "twohop/ingest/row_reader.h"

namespace twohop {

EventReader::EventReader(std::unique_ptr<ingest_internal::RowReader> rows, const EventRules& rules)
    : rows_(std::move(rows)), rules_(rules) {}
EventReader::EventReader(EventReader&&) noexcept = default;
EventReader::~EventReader() = default;

Result<EventReader> EventReader::Open(const std::filesystem::path& path, const EventRules& rules,
                                      RejectReport& rejects, FilePosition from) {
  TWOHOP_ASSIGN_OR_RETURN(auto rows, ingest_internal::RowReader::Open(
                                         path, ingest_internal::EventSchema(), rejects, from));
  return EventReader(std::move(rows), rules);
}

Result<EventBatch> EventReader::Next(std::size_t limit) {
  TWOHOP_DCHECK(limit > 0);
  EventBatch batch;
  while (batch.events.size() < limit) {
    TWOHOP_ASSIGN_OR_RETURN(ingest_internal::RawRow* const row, rows_->Next());
    if (row == nullptr) break;
    auto event = ingest_internal::MakeEvent(*row, rules_);
    if (event.has_value()) {
      batch.events.push_back(*std::move(event));
    } else {
      TWOHOP_RETURN_IF_ERROR(rows_->Reject(event.error()));
    }
  }
  batch.next = rows_->next();
  return batch;
}

std::uint64_t EventReader::bytes_read() const { return rows_->bytes_read(); }
std::uint64_t EventReader::file_bytes() const { return rows_->file_bytes(); }

}  // namespace twohop
