#include "apps/twohop-train/passive_openmp.h"

#include <cstdlib>

#include <unistd.h>

namespace twohop::app {

void UsePassiveOpenMp(char** argv) {
  if (std::getenv("OMP_WAIT_POLICY") != nullptr) return;  // NOLINT(concurrency-mt-unsafe)
  ::setenv("OMP_WAIT_POLICY", "PASSIVE", 0);              // NOLINT(concurrency-mt-unsafe)
  ::execv("/proc/self/exe", argv);  // Comes back only if it fails; then waiting costs more.
}

}  // namespace twohop::app
