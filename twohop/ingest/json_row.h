// A raw row from JSON.

#pragma once

#include <optional>
#include <string_view>

#include "twohop/base/json.h"
#include "twohop/ingest/raw_row.h"
#include "twohop/ingest/reject.h"

namespace twohop::ingest_internal {

// Fills `row` from one JSON object without building a tree. Of a name that occurs twice, the last
// value counts. Gives the reject if the text is not one JSON object; the row is then undefined.
//
// REQUIRES: `text` holds no NUL byte (the library takes it for the end of the text).
std::optional<Reject> ParseJsonRow(std::string_view text, RawRow& row);

// The same from a tree.
std::optional<Reject> FillFromJson(const Json& json, RawRow& row);

}  // namespace twohop::ingest_internal
