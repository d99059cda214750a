#include "twohop/base/binary.h"

#include <bit>
#include <cstring>

#include <fmt/format.h>

namespace twohop {

static_assert(std::endian::native == std::endian::little, "records are little-endian");

void BinaryWriter::Unsigned(std::uint64_t value) {
  while (value >= 0x80U) {
    out_.push_back(static_cast<char>((value & 0x7FU) | 0x80U));
    value >>= 7U;
  }
  out_.push_back(static_cast<char>(value));
}

void BinaryWriter::Signed(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  Unsigned((bits << 1U) ^ (value < 0 ? ~std::uint64_t{0} : 0));
}

void BinaryWriter::Float(float value) {
  out_.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

void BinaryWriter::Double(double value) {
  out_.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

void BinaryWriter::Bytes(std::string_view value) {
  Unsigned(value.size());
  out_.append(value);
}

void BinaryWriter::Floats(std::span<const float> values) {
  Unsigned(values.size());
  out_.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
}

std::string_view BinaryReader::Take(std::size_t size) {
  if (failed_ || size > data_.size()) {
    failed_ = true;
    return {};
  }
  const std::string_view taken = data_.substr(0, size);
  data_.remove_prefix(size);
  return taken;
}

std::uint64_t BinaryReader::Unsigned() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const std::string_view byte = Take(1);
    if (failed_) return 0;
    const auto bits = static_cast<std::uint8_t>(byte[0]);
    value |= static_cast<std::uint64_t>(bits & 0x7FU) << shift;
    if (bits < 0x80U) return value;
  }
  failed_ = true;
  return 0;
}

std::uint64_t BinaryReader::UnsignedIn(std::uint64_t lowest, std::uint64_t highest) {
  const std::uint64_t value = Unsigned();
  if (value < lowest || value > highest) failed_ = true;
  return failed_ ? 0 : value;
}

std::int64_t BinaryReader::Signed() {
  const std::uint64_t bits = Unsigned();
  return static_cast<std::int64_t>((bits >> 1U) ^ (0 - (bits & 1U)));
}

float BinaryReader::Float() {
  float value = 0;
  const std::string_view bytes = Take(sizeof(value));
  if (!failed_) std::memcpy(&value, bytes.data(), sizeof(value));
  return value;
}

double BinaryReader::Double() {
  double value = 0;
  const std::string_view bytes = Take(sizeof(value));
  if (!failed_) std::memcpy(&value, bytes.data(), sizeof(value));
  return value;
}

std::string_view BinaryReader::Bytes() { return Take(Unsigned()); }

std::vector<float> BinaryReader::Floats() {
  const std::uint64_t count = Unsigned();
  if (count > data_.size() / sizeof(float)) {
    failed_ = true;
    return {};
  }
  const std::string_view bytes = Take(count * sizeof(float));
  std::vector<float> values(count);
  if (!bytes.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

std::size_t BinaryReader::Count() {
  const std::uint64_t count = Unsigned();
  if (count > data_.size()) failed_ = true;
  return failed_ ? 0 : count;
}

Status BinaryReader::Finish() const {
  if (failed_) return DataLoss(fmt::format("record of {} bytes is damaged", size_));
  if (!data_.empty()) {
    return DataLoss(fmt::format("record of {} bytes has {} too many", size_, data_.size()));
  }
  return Ok();
}

}  // namespace twohop
