#include <doctest/doctest.h>

#include <string>

#include "base/json.h"
#include "support/program.h"

namespace keyrite {
namespace {

using test::run_program;

TEST_CASE("A variable that lets somebody read along is refused, an empty one is not") {
  for (const std::string name : {"PKCS11SPY", "PKCS11SPY_OUTPUT", "OPENSC_DEBUG", "P11_KIT_DEBUG",
                                 "PKCS11_LOGGER_LIBRARY_PATH", "NSS_DEBUG_PKCS11_MODULE",
                                 "CKNFAST_DEBUG", "OPENCRYPTOKI_TRACE_LEVEL"}) {
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

TEST_CASE("A tool started with its standard streams closed does not take a file for one") {
  const auto run = run_program({KEYRITE_PROBE, "work", "done"}, {.closed = {0, 1, 2}});
  CHECK(run.exit_code == 0);
  CHECK(run.out.empty());
  CHECK(run.err.empty());
}

}  // namespace
}  // namespace keyrite
