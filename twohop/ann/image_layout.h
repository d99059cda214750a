// Where the sections of an index image lie.

#pragma once

#include <cstddef>
#include <cstdint>

#include "twohop/ann/index_image.h"

namespace twohop::ann_internal {

inline constexpr std::array<char, 8> kImageMagic = {'t', 'w', 'o', 'h', 'o', 'p', 'I', 'X'};
inline constexpr std::uint32_t kPlainVersion = 1;
inline constexpr std::uint32_t kImageVersion = 2;  // The newest.

// Offsets in bytes from the start of the file. Sums of a damaged header cannot overflow: see
// HeaderIsPlausible.
struct ImageLayout {
  explicit ImageLayout(const ImageHeader& header);

  std::size_t partitions = sizeof(ImageHeader);
  std::size_t items = 0;
  std::size_t factors = 0;
  std::size_t codes = 0;
  std::size_t vectors = 0;
  std::size_t ids = 0;  // From here on `end` in version 1.
  std::size_t cells = 0;
  std::size_t center_factors = 0;
  std::size_t center_codes = 0;
  std::size_t end = 0;
};

// Every count fits its index type.
bool HeaderIsPlausible(const ImageHeader& header);

}  // namespace twohop::ann_internal
