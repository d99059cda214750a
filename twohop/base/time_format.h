// Times as people and files write them.

#pragma once

#include <string>
#include <string_view>

#include "twohop/base/clock.h"
#include "twohop/base/result.h"

namespace twohop {

// RFC 3339 in UTC to the millisecond: "2026-01-31T08:05:09.120Z".
std::string FormatTime(TimePoint time);

// Reads RFC 3339 ("2026-01-31T08:05:09Z", fraction and "+08:00" allowed, blank for "T") and a whole
// number of seconds or, from 100,000,000,000 on, milliseconds since 1970.
//
// Errors: kInvalidArgument, naming the text.
Result<TimePoint> ParseTime(std::string_view text);

// "850 ms", "12.3 s", "4 min 05 s".
std::string FormatDuration(std::chrono::nanoseconds duration);

}  // namespace twohop
