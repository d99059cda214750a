// Inner products of one int8 query with many int8 rows: a version per instruction set.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace twohop::ann_internal {

// Rows are stored in groups of this many, a quad at a time: four components of row 0, four of row
// 1,
// ..., four of row 15, then the next four components of each. So every lane of a register works on
// a row of its own, and nothing is summed across lanes.
inline constexpr std::size_t kGroupRows = 16;
inline constexpr std::size_t kQuad = 4;
inline constexpr std::size_t kQuadBytes = kGroupRows * kQuad;  // Of a group; a cache line.

// A dimension as stored: the next multiple of kQuad, the rest filled with zeros.
constexpr std::size_t QuadsOf(std::size_t dim) { return (dim + kQuad - 1) / kQuad; }

// Writes out[r] = the inner product of row r with `query`, for r in [0, group_count * kGroupRows).
// `groups` is int8 [group_count, quads, kGroupRows, kQuad]; `query` is int8 [quads * kQuad].
//
// REQUIRES: all components lie in [-127, 127]: with -128 the AVX2 version would saturate.
using Int8DotFunction = void (*)(const std::int8_t* groups, std::size_t group_count,
                                 std::size_t quads, const std::int8_t* query, std::int32_t* out);

struct Int8Kernel {
  std::string_view name;  // "portable", "avx2", "avx512vnni"
  Int8DotFunction dot;
};

// Those that this machine can run, slowest first; never empty. All give the same numbers.
std::span<const Int8Kernel> SupportedKernels();

// The last of them.
const Int8Kernel& BestKernel();

void DotPortable(const std::int8_t* groups, std::size_t group_count, std::size_t quads,
                 const std::int8_t* query, std::int32_t* out);

#if defined(__x86_64__)
// REQUIRES: the CPU has AVX2.
void DotAvx2(const std::int8_t* groups, std::size_t group_count, std::size_t quads,
             const std::int8_t* query, std::int32_t* out);
// REQUIRES: the CPU has AVX-512 F, BW and VNNI.
void DotAvx512Vnni(const std::int8_t* groups, std::size_t group_count, std::size_t quads,
                   const std::int8_t* query, std::int32_t* out);
#endif

}  // namespace twohop::ann_internal
