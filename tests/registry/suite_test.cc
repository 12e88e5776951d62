// The suite, at SQLite.
#include "registry/suite.h"

#include <doctest/doctest.h>

#include "support/command.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

void hold_at_sqlite(std::size_t first, std::size_t until) {
  REQUIRE(until <= promises().size());
  for (std::size_t i = first; i < until; ++i) {
    const Workshop shop;
    const std::string path = shop.put("registry.sqlite", {});
    INFO(promises()[i].name);
    promises()[i].hold([&] { return std::make_unique<registry::Registry>(path); });
    registry::Registry(path).check();
  }
}

TEST_CASE("SQLite keeps what a registry promises of tenants, keys and versions") {
  hold_at_sqlite(0, 4);
}
TEST_CASE("SQLite keeps what a registry promises of wrapped keys and places") {
  hold_at_sqlite(4, 9);
}
TEST_CASE("SQLite keeps what a registry promises of names, logs and values") {
  hold_at_sqlite(9, promises().size());
  CHECK(promises().size() == 15);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
