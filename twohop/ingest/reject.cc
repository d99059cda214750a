#include "twohop/ingest/reject.h"

#include <array>
#include <cstddef>

namespace twohop {
namespace {

// In the order of RowFault.
constexpr std::array<std::string_view, kRowFaultCount> kNames = {
    "too_long",  "not_text",         "broken",       "not_an_object", "missing_field", "wrong_type",
    "bad_value", "unknown_category", "unknown_item", "future_time",   "duplicate_id",
};

}  // namespace

std::string_view RowFaultName(RowFault reason) { return kNames[static_cast<std::size_t>(reason)]; }

}  // namespace twohop
