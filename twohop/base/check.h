// Assertions for what only a bug in this project can cause; never for input, files or the network.

#pragma once

namespace twohop::base_internal {

[[noreturn]] void CheckFailed(const char* file, int line, const char* condition);

}  // namespace twohop::base_internal

// Stops the process with file, line and the condition's text if it is false.
#define TWOHOP_CHECK(condition) \
  (static_cast<bool>(condition) \
       ? static_cast<void>(0)   \
       : ::twohop::base_internal::CheckFailed(__FILE__, __LINE__, #condition))

// The same in debug builds; not evaluated in release builds.
#ifdef NDEBUG
#define TWOHOP_DCHECK(condition) static_cast<void>(sizeof((condition) ? 1 : 0))
#else
#define TWOHOP_DCHECK(condition) TWOHOP_CHECK(condition)
#endif
