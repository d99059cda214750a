# cmake -DMESSAGE=<text> -P must_fail.cmake -- <command>...
#
# Fails unless the command fails and says the text. White space counts as one blank, since CMake and
# the compiler wrap their messages.
set(command "")
set(after_dashes FALSE)
math(EXPR last "${CMAKE_ARGC} - 1")
foreach(i RANGE ${last})
  if(after_dashes)
    list(APPEND command "${CMAKE_ARGV${i}}")
  elseif(CMAKE_ARGV${i} STREQUAL "--")
    set(after_dashes TRUE)
  endif()
endforeach()

execute_process(COMMAND ${command} RESULT_VARIABLE result OUTPUT_VARIABLE out ERROR_VARIABLE err)
string(REGEX REPLACE "[ \t\r\n]+" " " said "${out}${err}")
string(FIND "${said}" "${MESSAGE}" found)
if(result EQUAL 0)
  message(FATAL_ERROR "it succeeded, but should fail with: ${MESSAGE}")
elseif(found EQUAL -1)
  message(FATAL_ERROR "it failed without saying: ${MESSAGE}\nIt said:\n${out}${err}")
endif()
