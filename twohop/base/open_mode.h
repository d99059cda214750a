// How a store on disk is opened.

#pragma once

#include <cstdint>

namespace twohop {

enum class OpenMode : std::uint8_t {
  kReadWrite,  // Makes the store if it is not there. One process at a time.
  kReadOnly,   // Sees the state of the moment of opening; others may write meanwhile.
};

}  // namespace twohop
