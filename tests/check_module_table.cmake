# cmake -DTABLE=<file> -DPAGE=<file> -P check_module_table.cmake
#
# Fails unless the part of PAGE between its markers is the content of TABLE.
file(READ "${TABLE}" table)
file(READ "${PAGE}" page)
set(begin "<!-- module table -->\n")
set(end "<!-- end -->")
string(FIND "${page}" "${begin}" begin_at)
string(FIND "${page}" "${end}" end_at)
if(begin_at EQUAL -1 OR end_at LESS begin_at)
  message(FATAL_ERROR "${PAGE} lacks its markers: ${begin} ... ${end}")
endif()
string(LENGTH "${begin}" begin_length)
math(EXPR from "${begin_at} + ${begin_length}")
math(EXPR length "${end_at} - ${from}")
string(SUBSTRING "${page}" ${from} ${length} shown)
if(NOT shown STREQUAL table)
  message(FATAL_ERROR "${PAGE} shows another module table than the build; "
    "run scripts/update_module_table.\nThe build has:\n${table}")
endif()
