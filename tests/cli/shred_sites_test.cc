// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// One statement for two sites: officers sign it once, each site takes it once and for its own list,
// and every other use of it is refused.
#include <doctest/doctest.h>

#include <string>

#include "cli/two_sites.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

TEST_CASE("Two sites take one statement, which lists both of them with their tokens") {
  const TwoSites at;
  if (!at.ready()) return;
  const auto words = at.approved();
  CHECK(as_text(at.site.shop().must(
            "python3 -c \"import json; sites = "
            "json.load(open('carried/request.json'))['inputs']['sites']; print(*(one['origin'] + ' "
            "' + str(one['data_keys']) + ' ' + str(len(one['tokens'])) for one in sites), sep='; "
            "', end='')\"")) == "keyrite.example/other 2 1; keyrite.example/test 3 1");
  const auto shown = run_program({tool_path("approve"), "show", at.path("carried/statement.json")});
  CHECK(shown.out.find(kOtherOrigin) != std::string::npos);
  CHECK(shown.out.find(at.other_vkey) != std::string::npos);

  const Json first = at.site.shred(words);
  CHECK(first["state"] == "destroyed");
  CHECK(first["other_sites"] == Json::array({kOtherOrigin}));
  // The key of the other site is untouched by that, and frozen.
  CHECK(at.must_at_other("inventory", {"reconcile"})["findings"].empty());

  const Json second = at.must_at_other("shred", at.carried());
  CHECK(second["state"] == "destroyed");
  CHECK(second["at_token"][0]["outcome"] == "absent");
  CHECK(second["other_sites"] == Json::array({"keyrite.example/test"}));
  // One statement in both logs, and in each of them once.
  CHECK(as_text(at.site.shop().must(R"py(python3 -c "
import json
used = [[e['approval']['statement_sha256'] for e in map(json.loads, open(site + '/transcript/log.jsonl')) if 'approval' in e]
        for site in ('site', 'other')]
print(used[0] == used[1], len(used[0]), len(used[1]), end='')")py")) == "True 1 1");
  CHECK(at.site.scene.verify()["unsigned_entries"] == 0);
  const auto verified = at.verify_other();
  CAPTURE(verified.err);
  CHECK(verified.exit_code == 0);
  for (const char* site : {"site", "other"}) {
    const auto exported =
        run_program({tool_path("transcript"), "export", at.path(site), "--vkey",
                     std::string(site) == "site" ? at.site.scene.vkey() : at.other_vkey, "--out",
                     at.path(std::string("export-") + site), "--json"});
    CAPTURE(exported.err);
    CHECK(exported.exit_code == 0);
  }
}

TEST_CASE("At a site that the statement does not have as it is, nobody acts under it") {
  const TwoSites at;
  if (!at.ready()) return;
  (void)at.approved();
  at.refused_at_other(at.changed("here['origin'] = 'keyrite.example/third'"), 6,
                      "shred-site-not-named");
  at.refused_at_other(at.changed("here['vkey'] = request['inputs']['sites'][1]['vkey']"), 6,
                      "shred-site-not-named");
  at.refused_at_other(at.changed("here['tokens'][0]['serial'] = '0123456789abcdef'"), 6,
                      "shred-token-not-named");
  at.refused_at_other(at.changed("here['list_sha256'] = '0' * 64"), 1, "shred-changed");
  at.refused_at_other(at.changed("here['data_keys'] += 1"), 1, "shred-changed");
  TwoSites::malformed(at.at_other("shred", at.changed("here['more'] = 1")),
                      "shredlist-unknown-field");
  at.refused_at_other(at.changed("del request['inputs']['sites']"), 6, "shred-statement-other");
  // What is changed elsewhere has another SHA-256, and nobody signed that.
  at.refused_at_other(at.changed("statement['tool_version'] = 'keyrite 9'"), 6,
                      "approvals-for-nothing");
  at.site.shop().must(
      "rm -rf changed && cp -r carried changed && sed -i s/keyrite.example/keyrite.EXAMPLE/ "
      "changed/request.json");
  at.refused_at_other(at.carried("changed"), 6, "request-other");
  at.site.shop().must("cp carried/request.json changed && echo >> changed/names.json");
  at.refused_at_other(at.carried("changed"), 6, "names-other");
  // Also where what was changed cannot be read any more; the hint is for whoever carries the
  // folder.
  at.site.shop().must("echo x >> changed/names.json");
  at.refused_at_other(at.carried("changed"), 6, "names-other");
  at.site.shop().must("cp carried/names.json changed && : > changed/request.json");
  at.refused_at_other(at.carried("changed"), 6, "request-other");
  CHECK(at.at_other("shred", at.carried("changed"))
            .out.find("copy the folder of the statement anew") != std::string::npos);
  at.site.shop().must("cp carried/request.json changed");
  at.site.shop().must("rm changed/names.json");
  at.refused_at_other(at.carried("changed"), 6, "shred-statement-other");
  (void)at.changed("");
  at.site.shop().must(R"py(python3 -c "
import json
one = json.load(open('changed/statement.json'))
one |= {'version': 1, 'script_sha256': one.pop('request_sha256'), 'kek_label': ''}
for name in ('kek_ref', 'names_sha256', 'operator'):
    del one[name]
json.dump(one, open('changed/statement.json', 'w'), sort_keys=True, separators=(',', ':'))")py");
  at.refused_at_other(at.carried("changed"), 6, "shred-statement-other");
  at.site.shop().must("rm -rf changed && cp -r carried changed && rm changed/*.sshsig");
  at.refused_at_other(at.carried("changed"), 2, "approvals-none-in-folder");
  at.site.shop().must("rm -rf changed && cp -r carried changed && rm changed/bob.sshsig");
  at.refused_at_other(at.carried("changed"), 7, "approval-incomplete");
  // Nothing of all this destroyed anything.
  CHECK(at.must_at_other("shred", at.carried())["state"] == "destroyed");
}

TEST_CASE("Another command, another roster and another policy are not what was signed") {
  const TwoSites at;
  if (!at.ready()) return;
  (void)at.approved();
  at.refused_at_other(
      {"--tenant", "Acme", "--reason", "another one", "--statement", at.path("carried")}, 6,
      "statement-other-request");
  at.refused_at_other(at.carried() + Words{"--requested-at", "2026-05-04T10:00:00Z"}, 6,
                      "statement-other-request");
  at.refused_at_other(at.carried() + Words{"--key", "payments"}, 6, "statement-other-request");
  at.site.shop().must(
      "cp other/site.toml kept && sed -i 's/security-officer = 2/security-officer "
      "= 3/' other/site.toml");
  at.refused_at_other(at.carried(), 6, "statement-other-threshold");
  at.site.shop().put("nobody.py", as_bytes(R"py(
text = open('kept').read()
lines = [f'{name} = "nobody"' for name in ('rotate-compromised', 'shred', 'trust-wrapping-key')]
open('other/site.toml', 'w').write(text[:text.index('[approvals.needed')] +
                                   '\n'.join(['[approvals.needed]'] + lines) + '\n')
)py"));
  at.site.shop().must("python3 nobody.py");
  at.refused_at_other(at.carried(), 3, "statement-for-sites");
  at.site.shop().must("cp kept other/site.toml && echo '# another' >> other/roster.toml");
  at.refused_at_other(at.carried(), 6, "statement-other-roster");
}

TEST_CASE("The site that asks takes a list with the vkey alone that was noted") {
  const TwoSites at;
  if (!at.ready()) return;
  at.list_other();
  at.site.refused(at.site.left + Words{"--other-site", at.path("other.json")}, 2, "shred-sites");
  at.site.refused(at.site.left + Words{"--other-site", at.path("other.json"), "--other-vkey",
                                       at.site.scene.vkey()},
                  6, "shred-site-vkey");
  at.site.refused(at.for_both() + Words{"--other-site", at.path("other.json")}, 2, "shred-sites");
  at.site.refused(at.for_both() + Words{"--statement", at.path("carried")}, 2, "shred-sites");
  at.site.refused(at.for_both() + Words{"--unfreeze"}, 2, "shred-sites");
  const auto with = [&](const std::string& change) {
    at.site.shop().must("python3 -c \"import json; one = json.load(open('other.json')); " + change +
                        "; json.dump(one, open('changed.json', 'w'))\"");
    return at.site.left +
           Words{"--other-site", at.path("changed.json"), "--other-vkey", at.other_vkey};
  };
  TwoSites::malformed(at.site.run(with("one['format'] = 'x'")), "shredlist-format");
  TwoSites::malformed(at.site.run(with("one['version'] = 2")), "shredlist-version");
  TwoSites::malformed(at.site.run(with("one['more'] = 2")), "shredlist-unknown-field");
  TwoSites::malformed(at.site.run(with("one['site']['list_sha256'] = 'x'")), "shredlist-invalid");
  TwoSites::malformed(at.site.run(with("one['site']['data_keys'] = -1")), "shredlist-invalid");
  at.site.refused(with("one['site']['origin'] = 'keyrite.example/third'"), 6, "shred-site-vkey");
  // A list that is written once stays what it is.
  at.refused_at_other(at.site.left + Words{"--site-list", at.path("other.json")}, 2,
                      "output-exists");
}

TEST_CASE("A token of the other site that keeps the key leaves it pending there alone") {
  const TwoSites at(KEYRITE_FAULTY_MODULE);
  if (!at.ready()) return;
  (void)at.site.shred(at.approved());
  const auto kept =
      at.at_other("shred", at.carried(),
                  {.environment = {{"KEYRITE_TEST_FAULT", "C_DestroyObject 1 0 0x0 answer"}}});
  CHECK(kept.exit_code == 7);
  CHECK(parse_json(as_bytes(kept.out), "output")["result"]["state"] == "pending");
  // Without the statement: it was used, and what it decided stands.
  CHECK(at.must_at_other("shred", at.site.left)["state"] == "destroyed");
  CHECK(at.verify_other().exit_code == 0);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
