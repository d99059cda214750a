#include "twohop/eventlog/log_record.h"

#include <cstddef>
#include <cstdint>

#include <fmt/format.h>

#include "twohop/base/binary.h"
#include "twohop/rocks/rocks_record.h"

namespace twohop::eventlog_internal {

std::string OffsetKey(LogOffset offset) {
  std::string key(sizeof(std::uint64_t), '\0');
  std::uint64_t rest = offset.value();
  for (std::size_t i = key.size(); i-- > 0; rest >>= 8U) key[i] = static_cast<char>(rest & 0xFFU);
  return key;
}

std::optional<LogOffset> ParseOffsetKey(std::string_view key) {
  if (key.size() != sizeof(std::uint64_t)) return std::nullopt;
  std::uint64_t offset = 0;
  for (const char byte : key) offset = (offset << 8U) | static_cast<std::uint8_t>(byte);
  return LogOffset(offset);
}

std::string EventRecord(LogOffset offset, const Event& event) {
  BinaryWriter out;
  WriteEvent(event, out);
  return SealRecord(OffsetKey(offset), out.str());
}

Result<Event> ParseEventRecord(LogOffset offset, std::string_view record) {
  const auto payload = OpenRecord(OffsetKey(offset), record);
  if (!payload.has_value()) {
    return DataLoss(fmt::format("bad checksum of the event at offset {}", offset.value()));
  }
  BinaryReader in(*payload);
  Result<Event> event = ReadEvent(in);
  if (!event.has_value()) {
    return Annotate(event, fmt::format("event at offset {}", offset.value()));
  }
  return event;
}

}  // namespace twohop::eventlog_internal
