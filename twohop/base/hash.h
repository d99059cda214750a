// Fingerprints (XXH3): stable across machines and releases, not cryptographic.

#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "twohop/base/result.h"

namespace twohop {

std::uint64_t Hash64(std::string_view bytes, std::uint64_t seed = 0);

// 16 lower-case hexadecimal digits.
std::string HashHex(std::uint64_t hash);

// Builds one fingerprint from many parts; where one part ends and the next begins matters.
//
// Not thread-safe.
class Hasher {
 public:
  Hasher& Add(std::string_view part);
  Hasher& Add(std::uint64_t part);
  std::uint64_t value() const { return value_; }
  std::string hex() const { return HashHex(value_); }

 private:
  std::uint64_t value_ = 0;
};

// The hash of a file's content; streams it.
//
// Errors: kNotFound if there is no such file; kUnavailable if it cannot be read.
Result<std::uint64_t> HashFile(const std::filesystem::path& path);

}  // namespace twohop
