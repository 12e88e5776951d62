# What a person building keyrite can choose, and what every target is built with.
option(KEYRITE_BENCH "Build the programs that scripts/bench times" OFF)
option(KEYRITE_FUZZ "Build tests/fuzz for libFuzzer (clang; on in the fuzz preset)" OFF)
option(KEYRITE_WERROR "Treat warnings as errors (on in the CI presets)" OFF)
option(KEYRITE_UNITY "Compile the sources of a module twelve at a time (on in the ci and release presets)" OFF)
option(KEYRITE_PRECOMPILE "Precompile what nearly every source includes (on in the ci preset)" OFF)
option(KEYRITE_COVERAGE "Count the lines that are run (scripts/coverage)" OFF)
set(KEYRITE_COMMIT "" CACHE STRING "The commit that is built, which --version --json names; a package sets it")
option(KEYRITE_STAMP_COMMIT "Ask git for that commit where KEYRITE_COMMIT is empty (on in the release preset)" OFF)
set(KEYRITE_LINKER "" CACHE STRING "Linker, as in -fuse-ld= (mold in the presets for work and CI); the compiler's own where it is not there")
set(KEYRITE_SANITIZE "" CACHE STRING "Sanitizers, as in -fsanitize=: \"address,undefined\", \"thread\"")
set(KEYRITE_VECTORS_DIR "${PROJECT_SOURCE_DIR}/../shared/vectors" CACHE PATH
    "Folder of published test vectors (environment KEYRITE_VECTORS wins); without them their tests say where they are")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "Build type" FORCE)
endif()

find_program(KEYRITE_CCACHE ccache)
mark_as_advanced(KEYRITE_CCACHE)
if(KEYRITE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Without this ccache keeps nothing that is compiled with a precompiled header.
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros "${KEYRITE_CCACHE}")
endif()

# A hundred test programs are linked: most of the time that this takes is the linker's.
find_program(KEYRITE_LINKER_PROGRAM NAMES ld.${KEYRITE_LINKER} ${KEYRITE_LINKER})
mark_as_advanced(KEYRITE_LINKER_PROGRAM)
if(KEYRITE_LINKER AND KEYRITE_LINKER_PROGRAM)
  add_link_options("-fuse-ld=${KEYRITE_LINKER}")
endif()

# Configured again after each commit, so that no program names an older one.
if(KEYRITE_STAMP_COMMIT AND NOT KEYRITE_COMMIT AND EXISTS "${PROJECT_SOURCE_DIR}/.git/logs/HEAD")
  execute_process(COMMAND git -C "${PROJECT_SOURCE_DIR}" rev-parse HEAD
                  OUTPUT_VARIABLE KEYRITE_COMMIT OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/.git/logs/HEAD")
endif()

# The build tree has the layout of the installed tree, so that the dispatcher finds the tools by the same relative path.
set(KEYRITE_LIBEXECDIR "${CMAKE_INSTALL_LIBEXECDIR}/keyrite")
set(KEYRITE_BUILD_BINDIR "${PROJECT_BINARY_DIR}/${CMAKE_INSTALL_BINDIR}")
set(KEYRITE_BUILD_LIBEXECDIR "${PROJECT_BINARY_DIR}/${KEYRITE_LIBEXECDIR}")
