#include "twohop/base/hash.h"

#include <array>
#include <cerrno>
#include <fstream>

#include <fmt/format.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "twohop/base/file.h"

namespace twohop {

std::uint64_t Hash64(std::string_view bytes, std::uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

std::string HashHex(std::uint64_t hash) { return fmt::format("{:016x}", hash); }

Hasher& Hasher::Add(std::string_view part) {
  value_ = Hash64(part, value_ ^ (part.size() * 0x9E3779B97F4A7C15ULL));
  return *this;
}

Hasher& Hasher::Add(std::uint64_t part) {
  std::array<char, 8> bytes{};
  for (char& byte : bytes) {
    byte = static_cast<char>(part & 0xFFU);
    part >>= 8U;
  }
  return Add(std::string_view(bytes.data(), bytes.size()));
}

Result<std::uint64_t> HashFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return ErrnoError(fmt::format("cannot open {}", path.string()), errno);
  std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state(XXH3_createState(),
                                                                 &XXH3_freeState);
  XXH3_64bits_reset(state.get());
  std::string buffer(std::size_t{1} << 20U, '\0');
  while (in) {
    in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    XXH3_64bits_update(state.get(), buffer.data(), static_cast<std::size_t>(in.gcount()));
  }
  if (!in.eof()) return Unavailable(fmt::format("cannot read {}", path.string()));
  return XXH3_64bits_digest(state.get());
}

}  // namespace twohop
