// How a store on disk is opened.

#pragma once

#include <cstdint>

namespace twohop {

enum class OpenMode : std::uint8_t {
  kReadWrite,  // Makes the store if it is not there. One process at a time.
  kReadOnly,   // Sees the state of the moment of opening; others may write meanwhile.
};

enum class SyncPolicy : std::uint8_t {
  kNone,        // Writes survive a crash of the process; if the whole machine stops, the last
                // seconds of them may be lost.
  kEveryWrite,  // Writes survive a crash of the machine. Costs one fsync each.
};

}  // namespace twohop
