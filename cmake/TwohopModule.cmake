# Modules, their layers, and the rules between them.
#
# A module sees the headers of the modules it names in DEPS (and of theirs) and of nobody else: each
# has an include root of its own that holds just its folder, so a wrong #include does not compile,
# and a wrong DEPS entry does not configure.

define_property(GLOBAL PROPERTY TWOHOP_MODULES BRIEF_DOCS "names of all modules, bottom layer first")

# twohop_module(<name>
#   LAYER   <n>            0 is the bottom
#   ABOUT   "<sentence>"   for the module table
#   SOURCES <file>...
#   [PART_OF <module>]     lives in a folder of <module> and may use it
#   [DEPS   twohop::<m>...]  modules of lower layers
#   [EXTERNAL <target>...]   libraries that our headers include
#   [PRIVATE_EXTERNAL <target>...]  libraries that only our sources include
#   [TESTS <file>...]      one test program, <name>_test
#   [TEST_DEPS <target>...]
#   [TESTING <file>...]    fakes and fixtures for others' tests: twohop::<name>_testing
#   [TESTING_DEPS <target>...]
#   [BENCHMARKS <file>...] one program each
# )
function(twohop_module name)
  cmake_parse_arguments(PARSE_ARGV 1 M "" "LAYER;ABOUT;PART_OF"
    "SOURCES;DEPS;EXTERNAL;PRIVATE_EXTERNAL;TESTS;TEST_DEPS;TESTING;TESTING_DEPS;BENCHMARKS")
  if(M_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "twohop_module(${name}): unknown argument ${M_UNPARSED_ARGUMENTS}")
  endif()
  _twohop_check_layers(${name} "${M_LAYER}" "${M_PART_OF}" ${M_DEPS})
  _twohop_register(${name} "${M_LAYER}" "${M_ABOUT}" "${M_PART_OF}" "${M_DEPS}")

  add_library(twohop_${name} STATIC ${M_SOURCES})
  add_library(twohop::${name} ALIAS twohop_${name})
  target_link_libraries(twohop_${name} PUBLIC ${M_DEPS} ${M_EXTERNAL}
    PRIVATE twohop_warnings ${M_PRIVATE_EXTERNAL})
  if(M_PART_OF)
    target_link_libraries(twohop_${name} PUBLIC twohop::${M_PART_OF})
  else()
    _twohop_add_include_root(${name})
  endif()

  if(NOT TWOHOP_TESTS)
    return()
  endif()
  if(M_TESTING)
    add_library(twohop_${name}_testing STATIC ${M_TESTING})
    add_library(twohop::${name}_testing ALIAS twohop_${name}_testing)
    target_link_libraries(twohop_${name}_testing PUBLIC twohop::${name} ${M_TESTING_DEPS}
      PRIVATE twohop_warnings)
  endif()
  if(M_TESTS)
    twohop_test(${name}_test LABEL unit SOURCES ${M_TESTS} DEPS twohop::${name} ${M_TEST_DEPS})
    if(M_TESTING)
      target_link_libraries(${name}_test PRIVATE twohop::${name}_testing)
    endif()
  endif()
  foreach(file IN LISTS M_BENCHMARKS)
    get_filename_component(program "${file}" NAME_WE)
    add_executable(${program} ${file})
    target_link_libraries(${program} PRIVATE twohop::${name} twohop_warnings ${M_TEST_DEPS}
      benchmark::benchmark benchmark::benchmark_main)
  endforeach()
endfunction()

# twohop_test(<name> LABEL unit|integration SOURCES <file>... [DEPS <target>...])
function(twohop_test name)
  cmake_parse_arguments(PARSE_ARGV 1 T "" "LABEL" "SOURCES;DEPS")
  add_executable(${name} ${T_SOURCES})
  target_link_libraries(${name} PRIVATE ${T_DEPS} twohop_warnings GTest::gmock GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE TWOHOP_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  # Integration tests run whole programs and models under sanitizers, on machines that may be busy.
  set(timeout 300)
  if(T_LABEL STREQUAL integration)
    set(timeout 900)
  endif()
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
    # By itself UBSan reports and goes on, and the test passes.
    PROPERTIES LABELS ${T_LABEL} TIMEOUT ${timeout} ENVIRONMENT "UBSAN_OPTIONS=halt_on_error=1")
endfunction()

function(_twohop_check_layers name layer part_of)
  foreach(dep IN LISTS ARGN)
    string(REGEX REPLACE "^twohop::" "" dep_name "${dep}")
    get_property(dep_layer GLOBAL PROPERTY TWOHOP_LAYER_${dep_name})
    if("${dep_layer}" STREQUAL "")
      message(FATAL_ERROR "twohop_module(${name}): ${dep} is not a module declared before it")
    endif()
    if(NOT dep_layer LESS layer AND NOT dep_name STREQUAL part_of)
      message(FATAL_ERROR
        "twohop_module(${name}): layer ${layer} may not depend on ${dep}, "
        "which is in layer ${dep_layer}")
    endif()
  endforeach()
endfunction()

function(_twohop_register name layer about part_of deps)
  string(REPLACE "twohop::" "" dep_names "${deps}")
  if(part_of)
    list(APPEND dep_names ${part_of})
  endif()
  set(reachable ${dep_names})
  foreach(dep IN LISTS dep_names)
    get_property(below GLOBAL PROPERTY TWOHOP_REACHABLE_${dep})
    list(APPEND reachable ${below})
  endforeach()
  list(REMOVE_DUPLICATES reachable)
  set_property(GLOBAL APPEND PROPERTY TWOHOP_MODULES ${name})
  set_property(GLOBAL PROPERTY TWOHOP_LAYER_${name} "${layer}")
  set_property(GLOBAL PROPERTY TWOHOP_ABOUT_${name} "${about}")
  set_property(GLOBAL PROPERTY TWOHOP_DEPS_${name} "${dep_names}")
  set_property(GLOBAL PROPERTY TWOHOP_REACHABLE_${name} "${reachable}")
endfunction()

# The include root of a module is a folder that holds one link, twohop/<name>.
function(_twohop_add_include_root name)
  set(root "${PROJECT_BINARY_DIR}/include/${name}")
  file(MAKE_DIRECTORY "${root}/twohop")
  file(CREATE_LINK "${CMAKE_CURRENT_SOURCE_DIR}" "${root}/twohop/${name}" SYMBOLIC)
  file(GLOB headers CONFIGURE_DEPENDS "${root}/twohop/${name}/*.h")
  target_sources(twohop_${name} PUBLIC FILE_SET HEADERS BASE_DIRS "${root}" FILES ${headers})
  # Every public header compiles alone: target all_verify_interface_header_sets.
  set_target_properties(twohop_${name} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
endfunction()

# Stops if `from` reaches `to` through any chain of dependencies.
function(twohop_forbid_path from to)
  get_property(reachable GLOBAL PROPERTY TWOHOP_REACHABLE_${from})
  if(to IN_LIST reachable)
    message(FATAL_ERROR "twohop::${from} must not reach twohop::${to}, but does: ${reachable}")
  endif()
endfunction()

# Writes the table of docs/architecture.md; a test compares the two.
function(twohop_write_module_table file)
  set(table "| layer | module | what it is for | uses |\n| --- | --- | --- | --- |\n")
  get_property(modules GLOBAL PROPERTY TWOHOP_MODULES)
  foreach(name IN LISTS modules)
    get_property(layer GLOBAL PROPERTY TWOHOP_LAYER_${name})
    get_property(about GLOBAL PROPERTY TWOHOP_ABOUT_${name})
    get_property(deps GLOBAL PROPERTY TWOHOP_DEPS_${name})
    list(JOIN deps ", " deps)
    string(APPEND table "| ${layer} | `${name}` | ${about} | ${deps} |\n")
  endforeach()
  file(WRITE "${file}" "${table}")
endfunction()
