// How often the configuration was taken up while serving, for /metrics.

#pragma once

#include <cstdint>

namespace twohop {

struct ConfigReloads {
  std::uint64_t taken = 0;    // Changes that are in force, or were.
  std::uint64_t refused = 0;  // Files that were wrong; the configuration before stayed in force.
  bool is_current = true;     // False while what stands in the file was refused.
};

}  // namespace twohop
