# What a project of this folder needs of the real one.
set(TWOHOP_TESTS OFF)
add_library(twohop_warnings INTERFACE)
include("${TWOHOP_CMAKE_DIR}/TwohopModule.cmake")
set(EMPTY "${CMAKE_CURRENT_LIST_DIR}/empty.cc")
