#include "twohop/ann/int8_kernels.h"

#include <vector>

namespace twohop::ann_internal {
namespace {

std::vector<Int8Kernel> DetectKernels() {
  std::vector<Int8Kernel> kernels = {{"portable", &DotPortable, &SelectPortable}};
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2")) kernels.push_back({"avx2", &DotAvx2, &SelectPortable});
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vnni")) {
    kernels.push_back({"avx512vnni", &DotAvx512Vnni, &SelectAvx512});
  }
#endif
  return kernels;
}

}  // namespace

std::span<const Int8Kernel> SupportedKernels() {
  static const std::vector<Int8Kernel> kernels = DetectKernels();
  return kernels;
}

const Int8Kernel& BestKernel() { return SupportedKernels().back(); }

}  // namespace twohop::ann_internal
