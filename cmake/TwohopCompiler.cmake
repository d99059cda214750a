# Warnings, sanitizers, ccache and linker: everything that holds for each of our targets.

find_program(TWOHOP_CCACHE ccache)
if(TWOHOP_CCACHE)
  # Paths relative to the source tree let build directories share what they compiled.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      "${CMAKE_COMMAND}" -E env "CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}" CCACHE_NOHASHDIR=1
      "${TWOHOP_CCACHE}")
endif()

find_program(TWOHOP_MOLD mold)
if(TWOHOP_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

if(TWOHOP_SANITIZE)
  add_compile_options(-fsanitize=${TWOHOP_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${TWOHOP_SANITIZE})
endif()

add_library(twohop_warnings INTERFACE)
target_compile_options(twohop_warnings INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor -Wold-style-cast
  -Werror
  # Designated initialisers name what they set; the rest has its default.
  -Wno-missing-field-initializers
  # GCC 12 reports a false overlap in `"k" + std::to_string(i)` (GCC bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety>)
if(TWOHOP_SANITIZE)
  # Sanitized builds of GCC 12 report false uninitialised uses inside std::optional and variants.
  target_compile_options(twohop_warnings INTERFACE -Wno-maybe-uninitialized)
endif()
