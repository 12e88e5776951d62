#include "cli/harden.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

#include "base/error.h"
#include "crypto/secret_bytes.h"

namespace keyrite::cli {
namespace {

// Each lets somebody read along: OpenSC's spy and debug log, p11-kit's debug output, the PKCS#11
// logging proxy, NSS's module log, openCryptoki's and nShield's traces.
constexpr std::array<std::string_view, 8> kDebugVariables{
    "PKCS11SPY",     "PKCS11SPY_OUTPUT",           "OPENSC_DEBUG",
    "P11_KIT_DEBUG", "PKCS11_LOGGER_LIBRARY_PATH", "NSS_DEBUG_PKCS11_MODULE",
    "CKNFAST_DEBUG", "OPENCRYPTOKI_TRACE_LEVEL"};

void require(bool done, std::string_view what) {
  if (done) return;
  throw Error(
      Kind::kConfig, "host-not-hardened",
      fmt::format("cannot {}: {}", what, std::error_code(errno, std::generic_category()).message()),
      "run where a process may give up its own privileges");
}

void open_standard_streams() {
  for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; ++descriptor) {
    if (fcntl(descriptor, F_GETFD) != -1) continue;
    require(open("/dev/null", O_RDWR) == descriptor, "open /dev/null for a closed stream");
  }
}

std::vector<std::string> lock_secret_memory() {
  if (crypto::initialise_secure_heap()) return {};
  return {"secrets may be swapped out: memory cannot be locked (raise the limit with ulimit -l)"};
}

}  // namespace

std::vector<std::string> harden_process() {
  open_standard_streams();
  const rlimit no_core{0, 0};
  require(setrlimit(RLIMIT_CORE, &no_core) == 0, "forbid core dumps");
  require(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0, "become not dumpable");
  require(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "forbid new privileges");
  umask(S_IRWXG | S_IRWXO);
  require(std::signal(SIGPIPE, SIG_IGN) != SIG_ERR, "ignore SIGPIPE");
  return lock_secret_memory();
}

void refuse_debug_variables(
    const std::function<std::optional<std::string>(std::string_view name)>& variable) {
  for (const auto name : kDebugVariables) {
    const auto value = variable(name);
    if (!value || value->empty()) continue;
    throw Error(Kind::kConfig, "debug-variable-set",
                fmt::format("the environment variable {} is set: what passes between this tool and "
                            "the token, PINs included, may be written down",
                            name),
                fmt::format("unset {} and run again", name));
  }
}

}  // namespace keyrite::cli
