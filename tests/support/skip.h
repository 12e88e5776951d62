// Loud skips. A test that cannot run here says so and the process ends with 77, which CTest counts
// as skipped; with KEYRITE_REQUIRE_ALL=1 in the environment (CI) the same is a failure. A case that
// failed stays failed. One thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace keyrite::test {

// Prints "SKIPPED: reason" and marks the process as skipped; under KEYRITE_REQUIRE_ALL=1 fails the
// running test case. The caller returns afterwards: `if (!softhsm) { skip("..."); return; }`.
void skip(const std::string& reason);
[[nodiscard]] bool was_skipped();

// The folder of outside vectors (environment KEYRITE_VECTORS, else KEYRITE_VECTORS_DIR), or nullopt
// after skip() was called: `const auto folder = vectors_folder("wycheproof"); if (!folder)
// return;`.
[[nodiscard]] std::optional<std::filesystem::path> vectors_folder(const std::string& name);

}  // namespace keyrite::test
