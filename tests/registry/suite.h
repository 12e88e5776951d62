// What a registry promises whatever engine keeps it: one function for each promise. An engine's own
// test hands in what opens it.
#pragma once

#include <string>
#include <vector>

#include "registry/scene.h"

namespace keyrite::test {

struct Promise {
  std::string name{};
  void (*hold)(const OpenRegistry& open){};
};
[[nodiscard]] const std::vector<Promise>& promises();
// Its two parts: tenants, keys, placements; and what is kept beside them.
[[nodiscard]] std::vector<Promise> key_promises();
[[nodiscard]] std::vector<Promise> record_promises();

}  // namespace keyrite::test
