// Where the sections of an index image lie.

#pragma once

#include <cstddef>
#include <cstdint>

#include "twohop/ann/index_image.h"

namespace twohop::ann_internal {

inline constexpr std::array<char, 8> kImageMagic = {'t', 'w', 'o', 'h', 'o', 'p', 'I', 'X'};
inline constexpr std::uint32_t kImageVersion = 1;

// Offsets in bytes from the start of the file. Sums of a damaged header cannot overflow: see
// HeaderIsPlausible.
struct ImageLayout {
  explicit ImageLayout(const ImageHeader& header);

  std::size_t partitions = sizeof(ImageHeader);
  std::size_t items = 0;
  std::size_t factors = 0;
  std::size_t codes = 0;
  std::size_t vectors = 0;
  std::size_t end = 0;
};

// Every count fits its index type.
bool HeaderIsPlausible(const ImageHeader& header);

}  // namespace twohop::ann_internal
