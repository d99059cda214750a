// Rows of an event file: an event that is accepted keeps the documented limits, and is the one that
// the HTTP API would have made of the same JSON.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "twohop/base/check.h"
#include "twohop/base/text.h"
#include "twohop/base/time_format.h"
#include "twohop/ingest/event_json.h"
#include "twohop/ingest/event_row.h"
#include "twohop/ingest/json_row.h"
#include "twohop/ingest/row_reader.h"
#include "twohop/ingest/testing/sample_community.h"

namespace {

using namespace twohop;

void CheckEvent(const Event& event, const EventRules& rules) {
  TWOHOP_CHECK(!event.id.value().empty() && !event.user.value().empty());
  TWOHOP_CHECK(event.time <= rules.now + kMaxEventLead);
  TWOHOP_CHECK(event.received == rules.received);
  TWOHOP_CHECK((event.type == EventType::kSearch) != event.query.empty());
  TWOHOP_CHECK(HasItem(event.type) == rules.catalog.Find(event.item.value()).has_value());
  TWOHOP_CHECK((event.type == EventType::kFeedback) ==
               rules.catalog.taxonomy().FindById(event.category_id).has_value());
  TWOHOP_CHECK(event.demand.size() <= kMaxDemandBytes && IsValidUtf8(event.demand));
  TWOHOP_CHECK(event.query.size() <= kMaxQueryBytes && IsValidUtf8(event.query));
  TWOHOP_CHECK(event.query.find_first_of("\n\r\t\x7F") == std::string::npos);
  TWOHOP_CHECK(event.dwell >= Milliseconds(0));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Catalog catalog = SampleCatalog();
  static const EventRules rules{.catalog = catalog,
                                .now = TimePoint(Milliseconds(1'770'000'000'000)),
                                .received = TimePoint(Milliseconds(1'770'000'000'001))};
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  if (ingest_internal::CheckLine({.number = 1, .offset = 0, .text = line})) return 0;
  ingest_internal::RawRow row(ingest_internal::EventSchema());
  const auto broken = ingest_internal::ParseJsonRow(line, row);
  const auto json = ParseJson(line);
  if (broken && broken->reason == RowFault::kBroken) {
    TWOHOP_CHECK(!json.has_value());
    return 0;
  }
  if (broken || !json.has_value()) return 0;

  const auto event = ingest_internal::MakeEvent(row, rules);
  const auto from_api = ParseEventJson(*json, rules);
  TWOHOP_CHECK(event.has_value() == from_api.has_value());
  if (!event.has_value()) return 0;
  TWOHOP_CHECK(*event == *from_api);
  CheckEvent(*event, rules);
  return 0;
}
