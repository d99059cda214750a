// The rules for an event, whatever it was read from.

#pragma once

#include "twohop/domain/event.h"
#include "twohop/ingest/event_json.h"
#include "twohop/ingest/raw_row.h"
#include "twohop/ingest/reject.h"

namespace twohop::ingest_internal {

const RowSchema& EventSchema();

// Moves the values out of `row`, a row of EventSchema.
RowResult<Event> MakeEvent(RawRow& row, const EventRules& rules);

}  // namespace twohop::ingest_internal
