# Warnings as one interface target.
add_library(keyrite_warnings INTERFACE)
target_compile_options(keyrite_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wold-style-cast -Wcast-qual
  -Wnon-virtual-dtor -Woverloaded-virtual -Wformat=2 -Wimplicit-fallthrough -Wundef
  -Wnull-dereference -Wdouble-promotion
  $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond -Wduplicated-branches -Wlogical-op -Wuseless-cast
    -Wcast-align=strict>
  $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety>
  # In a unit of several test files each is in a namespace with a name (keyrite_test_units), so its functions need none.
  $<$<NOT:$<BOOL:$<TARGET_PROPERTY:UNITY_BUILD_UNIQUE_ID>>>:-Wmissing-declarations>
  $<$<BOOL:${KEYRITE_WERROR}>:-Werror>)
# g++ 12 raises these about correct standard library code once it inlines: shown, never fatal.
target_compile_options(keyrite_warnings INTERFACE
  $<$<AND:$<BOOL:${KEYRITE_WERROR}>,$<CXX_COMPILER_ID:GNU>>:-Wno-error=maybe-uninitialized
    -Wno-error=stringop-overflow -Wno-error=restrict -Wno-error=null-dereference
    -Wno-error=array-bounds -Wno-error=stringop-overread -Wno-error=free-nonheap-object>)
