// Vectors as int8 with one factor per vector.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace twohop::ann_internal {

// Larger components are refused: with them, inner products of up to kMaxDim terms might overflow.
inline constexpr float kMaxMagnitude = 1e16F;
inline constexpr std::size_t kMaxDim = 65'536;

// True if every component is finite and at most kMaxMagnitude in magnitude.
bool IsSearchable(std::span<const float> vector);

// Writes codes[i] in [-127, 127] and returns the factor: vector[i] is about factor * codes[i].
// Codes beyond the vector's size become 0; so does a vector too small for a factor.
//
// REQUIRES: codes.size() >= vector.size(); IsSearchable(vector).
float Quantize(std::span<const float> vector, std::span<std::int8_t> codes);

// Writes one row's codes into its place in `groups`; see int8_kernels.h for the layout.
//
// REQUIRES: codes.size() is a multiple of kQuad.
void WriteRowCodes(std::span<const std::int8_t> codes, std::int8_t* groups, std::size_t row);

}  // namespace twohop::ann_internal
