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

// A variable that lets somebody read along, and the values with which it does not: an empty one is
// never a request, and for some neither are these levels (one digit each).
struct DebugVariable {
  std::string_view name{};
  std::string_view harmless_levels{};
};

constexpr std::array kDebugVariables{
    // spies that stand between us and the module
    DebugVariable{"PKCS11SPY"}, DebugVariable{"PKCS11SPY_OUTPUT"},
    DebugVariable{"PKCS11_LOGGER_LIBRARY_PATH"}, DebugVariable{"PKCS11_LOGGER_LOG_FILE_PATH"},
    // p11-kit, and OpenSSL's PKCS#11 provider
    DebugVariable{"P11_KIT_DEBUG"}, DebugVariable{"PKCS11_PROVIDER_DEBUG"},
    // OpenSC: APDUs, which hold the PIN
    DebugVariable{"OPENSC_DEBUG", "0"},
    // NSS: its module log goes through NSPR's
    DebugVariable{"NSS_DEBUG_PKCS11_MODULE"}, DebugVariable{"NSS_OUTPUT_FILE"},
    DebugVariable{"NSPR_LOG_MODULES"}, DebugVariable{"NSPR_LOG_FILE"},
    // nShield
    DebugVariable{"CKNFAST_DEBUG", "0"}, DebugVariable{"CKNFAST_DEBUGFILE"},
    DebugVariable{"CKNFAST_DEBUGDIR"},
    // YubiHSM 2: whatever the value
    DebugVariable{"YUBIHSM_PKCS11_DBG"}, DebugVariable{"YUBIHSM_PKCS11_DINOUT"},
    DebugVariable{"YUBIHSM_LIB_DBG"},
    // openCryptoki, Dinamo, and modules on a TPM (of whose levels 0 and 1 are errors and warnings)
    DebugVariable{"OPENCRYPTOKI_TRACE_LEVEL", "0"}, DebugVariable{"HSM_LOG_DIR"},
    DebugVariable{"TPM2_PKCS11_LOG_LEVEL", "01"}, DebugVariable{"SIMPLE_TPM_PK11_DEBUG"},
    DebugVariable{"SIMPLE_TPM_PK11_LOG_STDERR"}};

// Variables by which OpenSSL and glibc load code of somebody else's choice into this process, which
// then decides what a signature is.
constexpr std::array<std::string_view, 5> kCodeVariables{
    "OPENSSL_CONF", "OPENSSL_CONF_INCLUDE", "OPENSSL_MODULES", "OPENSSL_ENGINES", "GCONV_PATH"};

bool reads_along(const DebugVariable& variable, const std::string& value) {
  if (value.empty()) return false;
  return value.size() > 1 || variable.harmless_levels.find(value.front()) == std::string_view::npos;
}

void require(bool done, std::string_view what) {
  if (done) return;
  throw Error(
      Kind::kConfig, "host-not-hardened",
      fmt::format("cannot {}: {}", what, std::error_code(errno, std::generic_category()).message()),
      "run the tool where a process may give up its own privileges");
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
  for (const auto& known : kDebugVariables) {
    const auto value = variable(known.name);
    if (!value || !reads_along(known, *value)) continue;
    throw Error(Kind::kConfig, "debug-variable-set",
                fmt::format("the environment variable {} is set: what passes between this tool and "
                            "the token, PINs included, may be written down",
                            known.name),
                fmt::format("unset {} and run the command again", known.name));
  }
}

void refuse_code_variables(
    const std::function<std::optional<std::string>(std::string_view name)>& variable) {
  for (const auto& name : kCodeVariables) {
    const auto value = variable(name);
    if (!value || value->empty()) continue;
    throw Error(Kind::kConfig, "code-variable-set",
                fmt::format("the environment variable {} is set: it can load code into this tool, "
                            "which works with keys and judges signatures",
                            name),
                fmt::format("unset {} and run the command again", name));
  }
}

}  // namespace keyrite::cli
