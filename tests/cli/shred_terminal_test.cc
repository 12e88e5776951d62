// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// shred at a terminal: the names are typed, and what changes while somebody types is found out.
#include <doctest/doctest.h>

#include <string>

#include "cli/shred_site.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

// The shred of the words at a terminal of its own, by this dialogue.
Json at_terminal(const ShredSite& site, const Json& dialogue, const Words& words) {
  const auto done = run_program(Words{"python3", KEYRITE_SOURCE_DIR "/tests/support/at_terminal.py",
                                      dialogue.dump(), "--", tool_path("shred"), "--site",
                                      site.scene.site(), "--json"} +
                                words + site.operator_words);
  INFO(done.err);
  REQUIRE(done.exit_code == 0);
  return parse_json(as_bytes(done.out), "at_terminal");
}

std::string code_of(const Json& seen) {
  return parse_json(as_bytes(seen["out"].get<std::string>()), "output")["error"]["code"];
}

const Words kPayments{"--key", "payments"};

TEST_CASE("The names of tenant and key are typed, and another one destroys nothing") {
  const ShredSite site;
  if (!site.ready()) return;
  const auto words = site.approved(site.left + kPayments);
  Json seen = at_terminal(site, {{{"expect", "name of the tenant"}}, {{"send", "acme\n"}}}, words);
  CHECK(seen["exit"] == 2);
  CHECK(code_of(seen) == "shred-not-confirmed");
  CHECK(site.objects() == "4");
  seen = at_terminal(site,
                     {{{"expect", "unreadable afterwards: 3 data key(s)"}},
                      {{"expect", "name of the tenant"}},
                      {{"send", "Acme\n"}},
                      {{"expect", "name of the key"}},
                      {{"send", "payments\n"}}},
                     words);
  CAPTURE(seen["screen"].get<std::string>());
  CHECK(seen["exit"] == 0);
  CHECK(site.states() == "1 destroyed;");
}

TEST_CASE("What is not frozen any more when the name was typed is not shredded") {
  const ShredSite site;
  if (!site.ready()) return;
  const auto words = site.approved(site.left);
  const auto thaw = "'" + tool_path("shred") + "' --site '" + site.scene.site() +
                    "' --tenant Acme --reason x --unfreeze --operator olga@example.org";
  site.shop().put("thaw.sh", as_bytes(thaw + " 2> thawed\n"));
  const Json seen = at_terminal(site,
                                {{{"expect", "name of the tenant"}},
                                 {{"run", "cd '" + site.path("") + "' && sh thaw.sh"}},
                                 {{"send", "Acme\n"}}},
                                words);
  CHECK(seen["exit"] == 1);
  CHECK(code_of(seen) == "shred-changed");
  CHECK(site.objects() == "4");
  CHECK(site.opens("Acme", "Acme.deks"));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
