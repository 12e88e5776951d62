# keyrite_module, keyrite_tool, keyrite_test: what keeps every list file at ten lines.

# One precompiled header for all modules, made by the first of them.
function(keyrite_precompile target)
  if(NOT KEYRITE_PRECOMPILE)
    return()
  endif()
  if(target STREQUAL keyrite_base)
    target_precompile_headers(${target} PRIVATE "${PROJECT_SOURCE_DIR}/lib/base/precompiled.h")
  else()
    target_precompile_headers(${target} REUSE_FROM keyrite_base)
  endif()
endfunction()

# keyrite_module(NAME base SOURCES a.cc ... [TOKEN b.cc ...] DEPS keyrite::x ...)
# A static library keyrite_<name>, alias keyrite::<name>, include root lib/. DEPS are public: a module's headers name
# them. TOKEN: sources that need PKCS#11, compiled apart, so that a tool that works on files is linked without it. A module
# without sources is an interface library.
function(keyrite_module)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME" "SOURCES;TOKEN;DEPS")
  set(target "keyrite_${arg_NAME}")
  if(arg_SOURCES)
    add_library(${target} STATIC ${arg_SOURCES} ${arg_TOKEN})
    target_include_directories(${target} PUBLIC "${PROJECT_SOURCE_DIR}/lib")
    target_link_libraries(${target} PUBLIC ${arg_DEPS} PRIVATE keyrite_warnings keyrite_hardening)
    keyrite_precompile(${target})
    if(KEYRITE_UNITY)
      set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 12)
      if(arg_TOKEN)
        set_target_properties(${target} PROPERTIES UNITY_BUILD_MODE GROUP)
        set_source_files_properties(${arg_SOURCES} PROPERTIES UNITY_GROUP files)
        set_source_files_properties(${arg_TOKEN} PROPERTIES UNITY_GROUP token)
      endif()
    endif()
  else()
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE "${PROJECT_SOURCE_DIR}/lib")
    target_link_libraries(${target} INTERFACE ${arg_DEPS})
  endif()
  add_library(keyrite::${arg_NAME} ALIAS ${target})
endfunction()

# keyrite_tool(NAME generate-kek SOURCES main.cc ... DEPS keyrite::cli ...)
# A program under its own name, in the build tree's and the installed tree's libexec folder, and its man page
# keyrite-<name>.1, which the program writes itself (--help-man).
function(keyrite_tool)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME" "SOURCES;DEPS")
  add_executable(${arg_NAME} ${arg_SOURCES})
  set_target_properties(${arg_NAME} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY "${KEYRITE_BUILD_LIBEXECDIR}")
  target_link_libraries(${arg_NAME} PRIVATE keyrite::cli ${arg_DEPS}
                        keyrite_warnings keyrite_hardening)
  install(TARGETS ${arg_NAME} RUNTIME DESTINATION "${KEYRITE_LIBEXECDIR}")
  keyrite_man_page(${arg_NAME} "keyrite-${arg_NAME}")
  set_property(GLOBAL APPEND PROPERTY KEYRITE_TOOLS ${arg_NAME})
endfunction()

# keyrite_man_page(target page): runs the program after it is built and installs what it wrote: its page, and those of
# its commands, whose names only the program knows.
function(keyrite_man_page target page)
  set(man_folder "${PROJECT_BINARY_DIR}/man/${page}")
  add_custom_command(TARGET ${target} POST_BUILD
    COMMAND "${PROJECT_SOURCE_DIR}/scripts/cmake/write-man-pages" "$<TARGET_FILE:${target}>" ${page} "${man_folder}"
    BYPRODUCTS "${man_folder}/${page}.1" VERBATIM)
  install(DIRECTORY "${man_folder}/" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
endfunction()

# keyrite_format_page(site "summary"): the man page keyrite-site(5) of docs/formats/site.md.
function(keyrite_format_page name summary)
  set(source "${PROJECT_SOURCE_DIR}/docs/formats/${name}.md")
  set(writer "${PROJECT_SOURCE_DIR}/scripts/cmake/markdown-man-page")
  set(man_file "${PROJECT_BINARY_DIR}/man/man5/keyrite-${name}.5")
  file(MAKE_DIRECTORY "${PROJECT_BINARY_DIR}/man/man5")
  add_custom_command(OUTPUT "${man_file}"
    COMMAND ${Python3_EXECUTABLE} -B "${writer}" "${source}" keyrite-${name} 5 ${PROJECT_VERSION} "${summary}" > "${man_file}.new"
    COMMAND ${CMAKE_COMMAND} -E rename "${man_file}.new" "${man_file}"
    DEPENDS "${source}" "${writer}" VERBATIM)
  add_custom_target(man_page_${name} ALL DEPENDS "${man_file}")
  install(FILES "${man_file}" DESTINATION "${CMAKE_INSTALL_MANDIR}/man5")
endfunction()

# Half of the time that a build of everything took went into optimising tests. Their precompiled header is made with the
# same flags.
function(keyrite_unoptimised)
  foreach(target IN LISTS ARGV)
    set_target_properties(${target} PROPERTIES KEYRITE_UNOPTIMISED ON)
    target_compile_options(${target} PRIVATE -O0)
  endforeach()
endfunction()

# Each test file is in a namespace KEYRITE_TEST_FILE. In a unit of several files it is another name for each, so that two
# files may use one name for things of their own; else it is no name at all, so that the compiler sees what is unused.
function(keyrite_test_units target)
  list(LENGTH ARGN count)
  if(NOT KEYRITE_UNITY OR count EQUAL 1)
    set_source_files_properties(${ARGN} PROPERTIES COMPILE_DEFINITIONS "KEYRITE_TEST_FILE=" SKIP_UNITY_BUILD_INCLUSION ON)
    return()
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8
                        UNITY_BUILD_UNIQUE_ID KEYRITE_TEST_FILE)
  foreach(source IN LISTS ARGN)
    if(NOT source MATCHES "_test\\.cc$")
      set_source_files_properties(${source} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    endif()
  endforeach()
endfunction()

# What the sanitizers run: tests of the libraries in the test's own process.
add_custom_target(in_process_tests)

# keyrite_test(NAME base_test [LABEL unit|token|cli|...] [TIMEOUT seconds] SOURCES a_test.cc ... DEPS keyrite::base ...)
# A doctest program; every test case becomes one CTest test and one process, so that Cryptoki's global state is always
# fresh. A case that calls keyrite::test::skip() makes the process end with 77 (tests/support/skip.h).
function(keyrite_test)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME;LABEL;TIMEOUT" "SOURCES;DEPS")
  if(NOT arg_LABEL)
    set(arg_LABEL unit)
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  # What starts other clients runs long, so it begins first: what begins last leaves the other cores idle.
  set(cost 1)
  if(arg_LABEL STREQUAL outside)
    set(cost 100)
  endif()
  add_executable(${arg_NAME} ${arg_SOURCES})
  target_link_libraries(${arg_NAME} PRIVATE
    keyrite_doctest_main keyrite::test_support ${arg_DEPS} keyrite_warnings keyrite_hardening)
  keyrite_test_units(${arg_NAME} ${arg_SOURCES})
  target_precompile_headers(${arg_NAME} REUSE_FROM keyrite_test_precompiled)
  keyrite_unoptimised(${arg_NAME})
  if(arg_LABEL MATCHES "^(unit|token)$")
    add_dependencies(in_process_tests ${arg_NAME})
  endif()
  doctest_discover_tests(${arg_NAME}
    TEST_PREFIX "${arg_NAME}: "
    PROPERTIES LABELS ${arg_LABEL} TIMEOUT ${arg_TIMEOUT} COST ${cost} SKIP_RETURN_CODE 77)
endfunction()

# keyrite_must_not_compile(NAME crypto TARGET keyrite_crypto SOURCES copy.cc ...)
# One CTest test per file, which the compiler must refuse for the reason the file gives
# (tests/support/must_not_compile.py), with the include folders of the target. Nothing is built.
function(keyrite_must_not_compile)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME;TARGET" "SOURCES")
  set(folders "$<TARGET_PROPERTY:${arg_TARGET},INCLUDE_DIRECTORIES>")
  foreach(source IN LISTS arg_SOURCES)
    cmake_path(GET source STEM case)
    add_test(NAME "must not compile: ${arg_NAME} ${case}"
      COMMAND /usr/bin/python3 -B "${PROJECT_SOURCE_DIR}/tests/support/must_not_compile.py"
              "${CMAKE_CURRENT_SOURCE_DIR}/${source}" "${CMAKE_CXX_COMPILER}"
              "-I$<JOIN:${folders},;-I>"
      COMMAND_EXPAND_LISTS)
    set_tests_properties("must not compile: ${arg_NAME} ${case}" PROPERTIES LABELS unit TIMEOUT 120)
  endforeach()
endfunction()
