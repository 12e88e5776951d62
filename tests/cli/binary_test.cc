#include <doctest/doctest.h>

#include <string>

#include "support/program.h"

namespace keyrite {
namespace KEYRITE_TEST_FILE {

std::string readelf(const std::string& what, const std::string& program) {
  const auto run = test::run_program({"readelf", "--wide", what, program});
  REQUIRE(run.exit_code == 0);
  return run.out;
}

TEST_CASE("Programs are position independent, bound at start, without executable stack") {
  const std::string dispatcher = KEYRITE_DISPATCHER;
  CHECK(readelf("-h", dispatcher).find("DYN (") != std::string::npos);
  const std::string dynamic = readelf("-d", dispatcher);
  CHECK(dynamic.find("BIND_NOW") != std::string::npos);
  const std::string segments = readelf("-l", dispatcher);
  CHECK(segments.find("GNU_RELRO") != std::string::npos);
  const auto stack = segments.find("GNU_STACK");
  REQUIRE(stack != std::string::npos);
  CHECK(segments.substr(stack, segments.find('\n', stack) - stack).find("RWE") ==
        std::string::npos);
}

TEST_CASE("What needs no token is not linked with PKCS#11") {
  CHECK(readelf("-d", KEYRITE_DISPATCHER).find("p11-kit") == std::string::npos);
  CHECK(readelf("-d", KEYRITE_PROBE).find("p11-kit") != std::string::npos);
  for (const std::string tool : {"verify-import", "transcript", "approve"})
    CHECK(readelf("-d", test::tool_path(tool)).find("p11-kit") == std::string::npos);
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite
