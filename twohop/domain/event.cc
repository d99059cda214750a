#include "twohop/domain/event.h"

#include <array>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/text.h"

namespace twohop {
namespace {

constexpr std::uint64_t kRecordVersion = 2;

// In the order of their numbers, which run from 1 without a gap.
constexpr std::array<std::pair<EventType, std::string_view>, 10> kNames = {{
    {EventType::kSearch, "search"},
    {EventType::kExposure, "exposure"},
    {EventType::kClick, "click"},
    {EventType::kDwell, "dwell"},
    {EventType::kLike, "like"},
    {EventType::kComment, "comment"},
    {EventType::kFavourite, "favourite"},
    {EventType::kShare, "share"},
    {EventType::kFollow, "follow"},
    {EventType::kFeedback, "feedback"},
}};

// Likewise.
constexpr std::array<std::pair<FeedbackVerdict, std::string_view>, 3> kVerdictNames = {{
    {FeedbackVerdict::kAccept, "accept"},
    {FeedbackVerdict::kReject, "reject"},
    {FeedbackVerdict::kNotThisDirection, "not_this_direction"},
}};

// Other types do not pay for these fields. Version 1 has no such events.
void WriteFeedback(const Event& event, BinaryWriter& out) {
  out.Bytes(event.category_id);
  out.Bytes(event.demand);
  out.Unsigned(static_cast<std::uint64_t>(event.verdict));
}

void ReadFeedback(BinaryReader& in, Event& event) {
  event.category_id = std::string(in.Bytes());
  event.demand = std::string(in.Bytes());
  event.verdict = static_cast<FeedbackVerdict>(in.UnsignedIn(1, kVerdictNames.size()));
}

}  // namespace

std::string_view EventTypeName(EventType type) {
  for (const auto& [known, name] : kNames) {
    if (known == type) return name;
  }
  return "unknown";
}

std::optional<EventType> FindEventType(std::string_view name) {
  for (const auto& [type, known] : kNames) {
    if (known == name) return type;
  }
  return std::nullopt;
}

std::string_view FeedbackVerdictName(FeedbackVerdict verdict) {
  for (const auto& [known, name] : kVerdictNames) {
    if (known == verdict) return name;
  }
  return "unknown";
}

Result<FeedbackVerdict> ParseFeedbackVerdict(std::string_view name) {
  for (const auto& [verdict, known] : kVerdictNames) {
    if (known == name) return verdict;
  }
  return InvalidArgument(
      fmt::format("a verdict is \"accept\", \"reject\" or \"not_this_direction\", not \"{}\"",
                  Ellipsize(name, 40)));
}

bool HasItem(EventType type) { return type != EventType::kSearch && type != EventType::kFeedback; }

void WriteEvent(const Event& event, BinaryWriter& out) {
  out.Unsigned(kRecordVersion);
  out.Bytes(event.id.value());
  out.Bytes(event.user.value());
  out.Unsigned(static_cast<std::uint64_t>(event.type));
  out.Signed(event.time.time_since_epoch().count());
  out.Signed(event.received.time_since_epoch().count());
  out.Bytes(event.item.value());
  out.Bytes(event.query);
  out.Signed(event.dwell.count());
  out.Bytes(event.channel);
  out.Unsigned(event.position);
  if (event.type == EventType::kFeedback) WriteFeedback(event, out);
}

Result<Event> ReadEvent(BinaryReader& in) {
  const std::uint64_t version = in.Unsigned();
  if (in.failed() || version == 0) return DataLoss("event record is damaged");
  if (version > kRecordVersion) {
    return Unimplemented(fmt::format("event record of version {}", version));
  }
  Event event;
  event.id = EventId(std::string(in.Bytes()));
  event.user = UserId(std::string(in.Bytes()));
  event.type = static_cast<EventType>(in.UnsignedIn(1, kNames.size()));
  event.time = TimePoint(Milliseconds(in.Signed()));
  event.received = TimePoint(Milliseconds(in.Signed()));
  event.item = ItemId(std::string(in.Bytes()));
  event.query = std::string(in.Bytes());
  event.dwell = Milliseconds(in.Signed());
  event.channel = std::string(in.Bytes());
  event.position =
      static_cast<std::uint32_t>(in.UnsignedIn(0, std::numeric_limits<std::uint32_t>::max()));
  if (event.type == EventType::kFeedback) ReadFeedback(in, event);
  if (in.failed()) return DataLoss("event record is damaged");
  return event;
}

}  // namespace twohop
