// A real token's function table, copied so that a test can replace entries: how faults and lies are
// put into a token that has none. The replaced functions are plain functions, so what they need
// stands in globals of the test.
#pragma once

#include <p11-kit/pkcs11.h>

#include <string>

namespace keyrite::test {

// The module's own table. Loads it; fails the running test case when that does not work.
[[nodiscard]] CK_FUNCTION_LIST* real_table(const std::string& module_path);
// Closes every session of this process in every slot, as a token does that loses them.
void drop_all_sessions(const std::string& module_path);
// That of NSS softoken in FIPS mode.
[[nodiscard]] CK_FUNCTION_LIST* fips_table(const std::string& module_path);

}  // namespace keyrite::test
