# Hardening as one interface target. FORTIFY needs an optimising build and does not go with the sanitizers; -U comes
# first because Debian's own build flags may have defined another level.
include(CheckPIESupported)
check_pie_supported()

add_library(keyrite_hardening INTERFACE)
# Tests are compiled without optimisation in every build type: what they test is not.
set(KEYRITE_OPTIMISED
    "$<AND:$<CONFIG:Release,RelWithDebInfo,MinSizeRel>,$<NOT:$<BOOL:$<TARGET_PROPERTY:KEYRITE_UNOPTIMISED>>>>")
target_compile_definitions(keyrite_hardening INTERFACE _GLIBCXX_ASSERTIONS)
target_link_options(keyrite_hardening INTERFACE
  -Wl,--as-needed -Wl,-z,relro,-z,now,-z,noexecstack)
target_compile_options(keyrite_hardening INTERFACE "-ffile-prefix-map=${PROJECT_SOURCE_DIR}/=")

if(KEYRITE_COVERAGE)
  target_compile_options(keyrite_hardening INTERFACE --coverage)
  target_compile_definitions(keyrite_hardening INTERFACE KEYRITE_COVERAGE)
  target_link_options(keyrite_hardening INTERFACE --coverage)
endif()

if(KEYRITE_FUZZ)
  # Counts what an input reaches; the driver itself is linked into keyrite_fuzz alone.
  target_compile_options(keyrite_hardening INTERFACE -fsanitize=fuzzer-no-link)
endif()

if(KEYRITE_SANITIZE)
  target_compile_options(keyrite_hardening INTERFACE
    "-fsanitize=${KEYRITE_SANITIZE}" -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(keyrite_hardening INTERFACE "-fsanitize=${KEYRITE_SANITIZE}")
else()
  target_compile_options(keyrite_hardening INTERFACE
    -fstack-protector-strong -fstack-clash-protection -fcf-protection=full
    $<${KEYRITE_OPTIMISED}:-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=3>
    $<$<CXX_COMPILER_ID:GNU>:-ftrivial-auto-var-init=zero>
    $<$<CXX_COMPILER_ID:Clang>:-ftrivial-auto-var-init=pattern>)
endif()
