#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <string>

#include "support/command.h"
#include "support/program.h"

namespace keyrite {
namespace KEYRITE_TEST_FILE {

// scripts/install-packages among stand-ins for the system's programs: `dpkg-query` knows one state
// for every package, `id` says who we are, `apt-get` writes down what it was asked.
class Machine {
 public:
  Machine(const std::string& state, const std::string& user) {
    put("dpkg-query", "printf %s '" + state + "'");
    put("id", "echo " + user);
    put("apt-get", "echo \"$@\" >>\"" + asked() + "\"");
  }
  [[nodiscard]] test::ProgramRun install() const {
    const char* path = std::getenv("PATH");
    REQUIRE(path != nullptr);
    return test::run_program({KEYRITE_SOURCE_DIR "/scripts/install-packages"},
                             {.environment = {{"PATH", shop_.folder().string() + ":" + path}}});
  }
  [[nodiscard]] std::string asked() const { return (shop_.folder() / "asked").string(); }
  [[nodiscard]] std::string what_apt_was_asked() const {
    return as_text(shop_.must("cat asked 2>/dev/null || true"));
  }

 private:
  void put(const std::string& name, const std::string& line) const {
    const auto path = shop_.put(name, as_bytes("#!/bin/sh\n" + line + "\n"));
    REQUIRE(chmod(path.c_str(), 0700) == 0);
  }
  test::Workshop shop_{};
};

TEST_CASE("Where no package is missing nothing is installed and nothing said") {
  const Machine machine("installed", "1000");
  const auto run = machine.install();
  CHECK(run.exit_code == 0);
  CHECK(run.out.empty());
  CHECK(machine.what_apt_was_asked().empty());
}

TEST_CASE("Without root the one command to run is printed and nothing else happens") {
  const Machine machine("not-installed", "1000");
  const auto run = machine.install();
  CHECK(run.exit_code == 3);
  CHECK(run.out.find("sudo apt-get install -y --no-install-recommends g++ cmake ") == 0);
  CHECK(run.out.find('\n') == run.out.size() - 1);
  CHECK(run.err.empty());
  CHECK(machine.what_apt_was_asked().empty());
}

TEST_CASE("Root installs what is missing without being asked") {
  const Machine machine("not-installed", "0");
  CHECK(machine.install().exit_code == 0);
  const std::string asked = machine.what_apt_was_asked();
  CHECK(asked.find("update -q\n") == 0);
  CHECK(asked.find("install -qy --no-install-recommends g++ cmake ") != std::string::npos);
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite
