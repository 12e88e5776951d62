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

// A file or folder of published test vectors, which are not part of this repository: `name` begins
// with the project ("wycheproof/aes_kwp_test.json"). Looked for in the folder that the
// environment's KEYRITE_VECTORS names; without it where CMake's KEYRITE_VECTORS_DIR points. nullopt
// after skip() said whose files they are: `const auto file = vectors("wycheproof/..."); if (!file)
// return;`.
[[nodiscard]] std::optional<std::filesystem::path> vectors(const std::string& name);

}  // namespace keyrite::test
