#include "twohop/towers/internal/checked_file.h"

#include <cstring>

#include <fmt/format.h>

#include "twohop/base/file.h"
#include "twohop/base/hash.h"

namespace twohop::towers_internal {
namespace {

// Layout: magic, version (u32), payload, XXH3 of everything before it (u64); little-endian.
template <typename T>
void AppendRaw(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

template <typename T>
T ReadRaw(std::string_view bytes, std::size_t at) {
  T value{};
  std::memcpy(&value, bytes.data() + at, sizeof(value));
  return value;
}

}  // namespace

Status WriteCheckedFile(const std::filesystem::path& path, const FileFormat& format,
                        std::string_view payload) {
  std::string bytes;
  bytes.reserve(format.magic.size() + payload.size() + sizeof(std::uint32_t) +
                sizeof(std::uint64_t));
  bytes.append(format.magic);
  AppendRaw(bytes, format.version);
  bytes.append(payload);
  AppendRaw(bytes, Hash64(bytes));
  return WriteFileAtomically(path, bytes);
}

Result<std::string> ReadCheckedFile(const std::filesystem::path& path, const FileFormat& format) {
  TWOHOP_ASSIGN_OR_RETURN(std::string bytes, ReadFile(path));
  const std::size_t head = format.magic.size() + sizeof(std::uint32_t);
  if (bytes.size() < head + sizeof(std::uint64_t) || !bytes.starts_with(format.magic)) {
    return DataLoss(
        fmt::format("{} is not a {} file, or only its beginning", path.string(), format.magic));
  }
  const std::size_t end = bytes.size() - sizeof(std::uint64_t);
  if (Hash64(std::string_view(bytes).substr(0, end)) != ReadRaw<std::uint64_t>(bytes, end)) {
    return DataLoss(fmt::format("{} is damaged: its checksum is wrong", path.string()));
  }
  const auto version = ReadRaw<std::uint32_t>(bytes, format.magic.size());
  if (version > format.version) {
    return Unimplemented(fmt::format("{} has format version {}, this program knows {} and older",
                                     path.string(), version, format.version));
  }
  return bytes.substr(head, end - head);
}

}  // namespace twohop::towers_internal
