// Compact binary records: what the stores write and read back.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "twohop/base/result.h"

namespace twohop {

// Appends values to a string: integers as LEB128 varints (signed ones zigzag), floats as
// little-endian IEEE 754, strings and arrays with their length in front.
//
// Not thread-safe.
class BinaryWriter {
 public:
  void Unsigned(std::uint64_t value);
  void Signed(std::int64_t value);
  void Float(float value);
  void Double(double value);
  void Bytes(std::string_view value);
  void Floats(std::span<const float> values);

  const std::string& str() const& { return out_; }
  std::string str() && { return std::move(out_); }

 private:
  std::string out_;
};

// Reads what BinaryWriter wrote, in the same order. Damaged or short input never reads out of
// bounds: the first failure sticks, later reads give zeros and empty strings, and Finish() reports
// it. A reader of a record therefore reads all fields and checks once.
//
// Not thread-safe. `data` must outlive the reader and the views that Bytes() returns.
class BinaryReader {
 public:
  explicit BinaryReader(std::string_view data) : data_(data), size_(data.size()) {}

  std::uint64_t Unsigned();
  // An integer of [lowest, highest]; any other one is damage.
  std::uint64_t UnsignedIn(std::uint64_t lowest, std::uint64_t highest);
  std::int64_t Signed();
  float Float();
  double Double();
  std::string_view Bytes();
  std::vector<float> Floats();

  // A count of elements that each take at least one byte; 0 if the rest cannot hold that many, so
  // that a damaged length never reserves memory.
  std::size_t Count();

  bool failed() const { return failed_; }

  // Errors: kDataLoss if any read failed or bytes are left over.
  Status Finish() const;

 private:
  std::string_view Take(std::size_t size);

  std::string_view data_;
  std::size_t size_;
  bool failed_ = false;
};

}  // namespace twohop
