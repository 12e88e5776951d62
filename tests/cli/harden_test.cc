#include <doctest/doctest.h>

#include <string>

#include "base/json.h"
#include "support/program.h"
#include "support/skip.h"

namespace keyrite {
namespace KEYRITE_TEST_FILE {

using test::run_program;

TEST_CASE("A variable that lets somebody read along is refused, an empty one is not") {
  for (const std::string name : {"PKCS11SPY",
                                 "PKCS11SPY_OUTPUT",
                                 "PKCS11_LOGGER_LIBRARY_PATH",
                                 "PKCS11_LOGGER_LOG_FILE_PATH",
                                 "P11_KIT_DEBUG",
                                 "PKCS11_PROVIDER_DEBUG",
                                 "OPENSC_DEBUG",
                                 "NSS_DEBUG_PKCS11_MODULE",
                                 "NSS_OUTPUT_FILE",
                                 "NSPR_LOG_MODULES",
                                 "NSPR_LOG_FILE",
                                 "CKNFAST_DEBUG",
                                 "CKNFAST_DEBUGFILE",
                                 "CKNFAST_DEBUGDIR",
                                 "YUBIHSM_PKCS11_DBG",
                                 "YUBIHSM_PKCS11_DINOUT",
                                 "YUBIHSM_LIB_DBG",
                                 "OPENCRYPTOKI_TRACE_LEVEL",
                                 "HSM_LOG_DIR",
                                 "TPM2_PKCS11_LOG_LEVEL",
                                 "SIMPLE_TPM_PK11_DEBUG",
                                 "SIMPLE_TPM_PK11_LOG_STDERR"}) {
    CAPTURE(name);
    const auto run = run_program({KEYRITE_PROBE, "work", "done", "--json"},
                                 {.environment = {{name, "/usr/lib/other.so"}}});
    CHECK(run.exit_code == 3);
    CHECK(parse_json(as_bytes(run.out), "output")["error"]["code"] == "debug-variable-set");
    CHECK(run.err.find("unset " + name) != std::string::npos);
    CHECK(run_program({KEYRITE_PROBE, "work", "done"}, {.environment = {{name, ""}}}).exit_code ==
          0);
  }
}

TEST_CASE("A variable by which OpenSSL or glibc loads code is refused, an empty one is not") {
  for (const std::string name : {"OPENSSL_CONF", "OPENSSL_CONF_INCLUDE", "OPENSSL_MODULES",
                                 "OPENSSL_ENGINES", "GCONV_PATH"}) {
    CAPTURE(name);
    const auto run =
        run_program({KEYRITE_PROBE, "work", "done", "--json"}, {.environment = {{name, "/tmp/x"}}});
    CHECK(run.exit_code == 3);
    CHECK(parse_json(as_bytes(run.out), "output")["error"]["code"] == "code-variable-set");
    CHECK(run_program({KEYRITE_PROBE, "work", "done"}, {.environment = {{name, ""}}}).exit_code ==
          0);
  }
}

TEST_CASE("A log level at which no call is written down is not refused and any other is") {
  const auto exit_code = [](const std::string& name, const std::string& value) {
    return run_program({KEYRITE_PROBE, "work", "done"}, {.environment = {{name, value}}}).exit_code;
  };
  for (const std::string name : {"OPENSC_DEBUG", "CKNFAST_DEBUG", "OPENCRYPTOKI_TRACE_LEVEL"}) {
    CAPTURE(name);
    CHECK(exit_code(name, "0") == 0);
    CHECK(exit_code(name, "1") == 3);
    CHECK(exit_code(name, "00") == 3);
  }
  CHECK(exit_code("TPM2_PKCS11_LOG_LEVEL", "1") == 0);
  CHECK(exit_code("TPM2_PKCS11_LOG_LEVEL", "2") == 3);
  CHECK(exit_code("YUBIHSM_PKCS11_DBG", "0") == 3);
}

TEST_CASE("A tool started with its standard streams closed does not take a file for one") {
  const auto run = run_program({KEYRITE_PROBE, "work", "done"}, {.closed = {0, 1, 2}});
  CHECK(run.exit_code == 0);
  CHECK(run.out.empty());
  CHECK(run.err.empty());
}

TEST_CASE("A tool that cannot protect its own process does not start") {
  // Without /dev/null a missing standard stream cannot be filled.
  const std::string start = "mount -t tmpfs none /dev && exec \"$0\" work done --json <&-";
  for (const std::string how : {"-m", "-rm"}) {
    if (run_program({"unshare", how, "sh", "-c", "mount -t tmpfs none /dev"}).exit_code != 0)
      continue;
    const auto run = run_program({"unshare", how, "sh", "-c", start, KEYRITE_PROBE});
    CHECK(run.exit_code == 3);
    CHECK(parse_json(as_bytes(run.out), "output")["error"]["code"] == "host-not-hardened");
    return;
  }
  test::skip("this user cannot make a mount namespace");
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite
