#include "twohop/ingest/event_row.h"

#include <array>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/binary.h"
#include "twohop/base/hash.h"
#include "twohop/base/text.h"
#include "twohop/base/time_format.h"
#include "twohop/ingest/field_reader.h"

namespace twohop::ingest_internal {
namespace {

enum Field : std::uint8_t {
  kUser,
  kType,
  kTime,
  kId,
  kItem,
  kQuery,
  kDwell,
  kChannel,
  kPosition,
  kCategory,
  kDemand,
  kVerdict
};

constexpr std::array<std::string_view, 12> kFields = {
    "user",     "type",    "time",     "id",       "item",   "query",
    "dwell_ms", "channel", "position", "category", "demand", "verdict"};

constexpr Milliseconds kMaxDwell = std::chrono::hours(24);

EventType ReadType(FieldReader& fields) {
  const std::string name = fields.RequiredId(kType);
  if (const auto type = FindEventType(name)) return *type;
  fields.Fail(RowFault::kBadValue,
              fmt::format("no event type is called \"{}\"", Ellipsize(name, 40)));
  return EventType::kSearch;
}

TimePoint ReadTime(FieldReader& fields, const EventRules& rules) {
  const TimePoint time = fields.RequiredTime(kTime);
  if (time > rules.now + kMaxEventLead) {
    fields.Fail(RowFault::kFutureTime, fmt::format("time {} is more than a day ahead of now, {}",
                                                   FormatTime(time), FormatTime(rules.now)));
  }
  return time;
}

// Other events may have fields of these names that mean something else: there they are not read.
void ReadFeedback(FieldReader& fields, Event& event) {
  event.category_id = fields.RequiredId(kCategory);
  event.demand = fields.Text(kDemand, kMaxDemandBytes);
  const std::string name = fields.RequiredId(kVerdict);
  const auto verdict = ParseFeedbackVerdict(name);
  if (verdict.has_value()) {
    event.verdict = *verdict;
  } else {
    fields.Fail(RowFault::kBadValue,
                fmt::format("field \"verdict\": {}", verdict.error().message()));
  }
}

// Reads every field, so that a wrong type is found even where the value is not used.
void ReadDetails(FieldReader& fields, Event& event) {
  ItemId item(fields.OptionalId(kItem));
  std::string query = fields.Text(kQuery, kMaxQueryBytes);
  const auto dwell = fields.Integer(kDwell, 0, kMaxDwell.count());
  std::string channel = fields.OptionalId(kChannel);
  const auto position = fields.Integer(kPosition, 0, std::numeric_limits<std::uint32_t>::max());
  if (event.type == EventType::kFeedback) return ReadFeedback(fields, event);
  if (event.type == EventType::kSearch) {
    event.query = std::move(query);
    return;
  }
  event.item = std::move(item);
  event.channel = std::move(channel);
  event.position = static_cast<std::uint32_t>(position.value_or(0));
  if (event.type == EventType::kDwell) event.dwell = Milliseconds(dwell.value_or(-1));
}

// The id becomes the one that the category itself has: feedback on a deeper node is on its
// category.
void CheckCategory(FieldReader& fields, Event& event, const Taxonomy& taxonomy) {
  if (const auto category = taxonomy.FindById(event.category_id)) {
    event.category_id = taxonomy.at(*category).id;
  } else {
    fields.Fail(RowFault::kUnknownCategory,
                fmt::format("category \"{}\" is not in the taxonomy", event.category_id));
  }
}

void CheckDetails(FieldReader& fields, Event& event, const Catalog& catalog) {
  if (event.type == EventType::kFeedback) return CheckCategory(fields, event, catalog.taxonomy());
  if (event.type == EventType::kSearch) {
    if (event.query.empty()) fields.Fail(RowFault::kMissingField, "a search needs a \"query\"");
    return;
  }
  const std::string& item = event.item.value();
  if (item.empty()) {
    fields.Fail(RowFault::kMissingField,
                fmt::format("an event of type {} needs an \"item\"", EventTypeName(event.type)));
  } else if (!catalog.Find(item)) {
    fields.Fail(RowFault::kUnknownItem, fmt::format("item \"{}\" is not in the catalogue", item));
  } else if (event.dwell < Milliseconds(0)) {
    fields.Fail(RowFault::kMissingField, "an event of type dwell needs \"dwell_ms\"");
  }
}

// Lengths are part of what is hashed: ("ab", "c") and ("a", "bc") are different events.
EventId DerivedId(const Event& event) {
  BinaryWriter identity;
  identity.Bytes(event.user.value());
  identity.Unsigned(static_cast<std::uint64_t>(event.type));
  identity.Signed(event.time.time_since_epoch().count());
  identity.Bytes(event.item.value());
  identity.Bytes(event.query);
  if (event.type == EventType::kFeedback) {
    identity.Bytes(event.category_id);
    identity.Unsigned(static_cast<std::uint64_t>(event.verdict));
  }
  return EventId("h" + HashHex(Hash64(identity.str())));
}

}  // namespace

const RowSchema& EventSchema() {
  static constexpr RowSchema kSchema{.fields = kFields, .required_columns = 3};
  return kSchema;
}

RowResult<Event> MakeEvent(RawRow& row, const EventRules& rules) {
  FieldReader fields(row);
  Event event;
  event.user = UserId(fields.RequiredId(kUser));
  event.type = ReadType(fields);
  event.time = ReadTime(fields, rules);
  event.received = rules.received;
  event.id = EventId(fields.OptionalId(kId));
  ReadDetails(fields, event);
  CheckDetails(fields, event, rules.catalog);
  if (fields.failed()) return tl::unexpected(fields.TakeReject());
  if (event.id.value().empty()) event.id = DerivedId(event);
  return event;
}

}  // namespace twohop::ingest_internal
