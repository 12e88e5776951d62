// libFuzzer's entry. One program has all targets, since linking it takes longer than compiling one;
// KEYRITE_FUZZ_TARGET names the one that runs (an option would be lost when -merge starts it anew).
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "fuzz/target.h"

namespace {

const keyrite::fuzz::Target& chosen() {
  const char* name = std::getenv("KEYRITE_FUZZ_TARGET");
  const auto* target = name == nullptr ? nullptr : keyrite::fuzz::target_named(name);
  if (target == nullptr) {
    std::fputs("KEYRITE_FUZZ_TARGET names no target; these are all:\n", stderr);
    for (const auto& one : keyrite::fuzz::targets()) std::puts(std::string(one.name).c_str());
    std::exit(2);
  }
  return *target;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

// Broken, and whatever else is thrown, ends the process: libFuzzer keeps the input.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const keyrite::fuzz::Target& target = chosen();
  static_cast<void>(target.run({data, size}));
  return 0;
}
