// Keys and values of the event log; for twohop/eventlog alone.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "twohop/base/result.h"
#include "twohop/domain/event.h"

namespace twohop::eventlog_internal {

// Eight bytes, big-endian: the order of keys is the order of offsets.
std::string OffsetKey(LogOffset offset);

// Nothing if it is not such a key.
std::optional<LogOffset> ParseOffsetKey(std::string_view key);

// The event with a checksum over itself and its place in the log.
std::string EventRecord(LogOffset offset, const Event& event);

// Errors, each naming the offset: kDataLoss if the record is damaged or belongs elsewhere;
// kUnimplemented if a newer version wrote it.
Result<Event> ParseEventRecord(LogOffset offset, std::string_view record);

}  // namespace twohop::eventlog_internal
