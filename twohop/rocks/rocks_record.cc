#include "twohop/rocks/rocks_record.h"

#include <cstdint>
#include <cstring>

#include "twohop/base/hash.h"

namespace twohop {
namespace {

std::uint32_t ChecksumOf(std::string_view key, std::string_view payload) {
  return static_cast<std::uint32_t>(Hash64(payload, Hash64(key)));
}

}  // namespace

std::string SealRecord(std::string_view key, std::string_view payload) {
  const std::uint32_t checksum = ChecksumOf(key, payload);
  std::string record(sizeof(checksum) + payload.size(), '\0');
  std::memcpy(record.data(), &checksum, sizeof(checksum));
  payload.copy(record.data() + sizeof(checksum), payload.size());
  return record;
}

std::optional<std::string_view> OpenRecord(std::string_view key, std::string_view record) {
  std::uint32_t stored = 0;
  if (record.size() < sizeof(stored)) return std::nullopt;
  std::memcpy(&stored, record.data(), sizeof(stored));
  const std::string_view payload = record.substr(sizeof(stored));
  if (stored != ChecksumOf(key, payload)) return std::nullopt;
  return payload;
}

}  // namespace twohop
