#include <doctest/doctest.h>

#include <filesystem>

#include "cli/approved_site.h"

namespace keyrite::test {

TEST_CASE("A module planted in an exported folder is not run by the commands of VERIFY.txt") {
  const ApprovedSite site;
  REQUIRE(site.export_it().exit_code == 0);
  for (const char* module : {"argparse", "base64", "hashlib", "json", "os", "sys", "re"}) {
    site.shop().put("out/" + std::string(module) + ".py",
                    as_bytes("open('PWNED', 'w')\nprint('right')\nraise SystemExit(0)\n"));
  }
  // Every command but those that only hash: what a planted file may not do is run.
  site.shop().must(
      R"(cd out && sed -n 's/^    //p' VERIFY.txt > commands && sh commands > said 2>&1; :)");
  CHECK_FALSE(std::filesystem::exists(site.shop().folder() / "out/PWNED"));
  site.shop().must("grep -q '^right: 12 entries' out/said");
}

}  // namespace keyrite::test
