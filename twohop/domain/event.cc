#include "twohop/domain/event.h"

#include <array>
#include <limits>
#include <utility>

#include <fmt/format.h>

namespace twohop {
namespace {

constexpr std::uint64_t kRecordVersion = 1;

// In the order of their numbers, which run from 1 without a gap.
constexpr std::array<std::pair<EventType, std::string_view>, 9> kNames = {{
    {EventType::kSearch, "search"},
    {EventType::kExposure, "exposure"},
    {EventType::kClick, "click"},
    {EventType::kDwell, "dwell"},
    {EventType::kLike, "like"},
    {EventType::kComment, "comment"},
    {EventType::kFavourite, "favourite"},
    {EventType::kShare, "share"},
    {EventType::kFollow, "follow"},
}};

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

bool HasItem(EventType type) { return type != EventType::kSearch; }

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
  if (in.failed()) return DataLoss("event record is damaged");
  return event;
}

}  // namespace twohop
