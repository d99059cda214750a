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

// Writes out[q * group_count * kGroupRows + r] = the inner product of row r with query q, for r in
// [0, group_count * kGroupRows) and q in [0, query_count). `groups` is int8 [group_count, quads,
// kGroupRows, kQuad]; `queries` is int8 [query_count, quads * kQuad]. Rows are read once for up to
// eight queries, so that several in one call cost less than one by one.
//
// REQUIRES: all components lie in [-127, 127]: with -128 the AVX2 version would saturate.
using Int8DotFunction = void (*)(const std::int8_t* groups, std::size_t group_count,
                                 std::size_t quads, const std::int8_t* queries,
                                 std::size_t query_count, std::int32_t* out);

// Writes the rows r of [0, count) whose score, float(dots[r]) * factors[r], is at least
// `threshold`, ascending, with their scores, and returns how many. Most of a scan ends here,
// without a branch per row. `rows` and `scores` have room for `count`.
//
// REQUIRES: count is a multiple of kGroupRows.
using SelectFunction = std::size_t (*)(const std::int32_t* dots, const float* factors,
                                       std::size_t count, float threshold, std::uint32_t* rows,
                                       float* scores);

struct Int8Kernel {
  std::string_view name;  // "portable", "avx2", "avx512vnni"
  Int8DotFunction dot;
  SelectFunction select;
};

// Those that this machine can run, slowest first; never empty. All give the same numbers.
std::span<const Int8Kernel> SupportedKernels();

// The last of them.
const Int8Kernel& BestKernel();

void DotPortable(const std::int8_t* groups, std::size_t group_count, std::size_t quads,
                 const std::int8_t* queries, std::size_t query_count, std::int32_t* out);
std::size_t SelectPortable(const std::int32_t* dots, const float* factors, std::size_t count,
                           float threshold, std::uint32_t* rows, float* scores);

#if defined(__x86_64__)
// REQUIRES: the CPU has AVX2.
void DotAvx2(const std::int8_t* groups, std::size_t group_count, std::size_t quads,
             const std::int8_t* queries, std::size_t query_count, std::int32_t* out);
// REQUIRES: the CPU has AVX-512 F, BW and VNNI.
void DotAvx512Vnni(const std::int8_t* groups, std::size_t group_count, std::size_t quads,
                   const std::int8_t* queries, std::size_t query_count, std::int32_t* out);
std::size_t SelectAvx512(const std::int32_t* dots, const float* factors, std::size_t count,
                         float threshold, std::uint32_t* rows, float* scores);
#endif

}  // namespace twohop::ann_internal
