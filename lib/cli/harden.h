// What every tool does to its own process before anything else. Process-wide; called once, before
// threads start.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keyrite::cli {

// Opens missing standard streams on /dev/null (a PIN file must never become descriptor 2), sets no
// core dumps, not dumpable (which also keeps processes of the same user from tracing it), no new
// privileges, umask 077; ignores SIGPIPE; sets up locked memory for secrets. Returns warnings for
// people. Error kConfig "host-not-hardened" when the system refuses one of them.
[[nodiscard]] std::vector<std::string> harden_process();

// Error kConfig "debug-variable-set" when the environment asks a PKCS#11 module, p11-kit or a spy
// between them to write down what passes through, PINs included. An empty variable counts as not
// set, and so does a level at which nothing of that is written.
void refuse_debug_variables(
    const std::function<std::optional<std::string>(std::string_view name)>& variable);

// Error kConfig "code-variable-set" when the environment makes OpenSSL or glibc load code of
// somebody else's choice (openssl-env(7), iconv(1)). To be called before anything of crypto is. An
// empty variable counts as not set.
void refuse_code_variables(
    const std::function<std::optional<std::string>(std::string_view name)>& variable);

}  // namespace keyrite::cli
