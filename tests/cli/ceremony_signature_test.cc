// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// People who come in by a signature: the log has what they signed, and whoever verifies it
// compares.
#include <doctest/doctest.h>

#include <string>

#include "cli/ceremony_site.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

constexpr std::string_view kFile = R"(format = "keyrite-ceremony"
version = 1
title = "Two officers come in"
purpose = "People come in by a signature."

[people]
check_in = "signature"

[[role]]
name = "security-officer"
people = 2

[[step]]
name = "agree"
kind = "confirm"
title = "Agree"
role = "security-officer"
text = "Read this aloud."
words = "we agree"
)";

struct SignedSite : CeremonySite {
  SignedSite() {
    if (ready()) shop().put("short.toml", as_bytes(kFile));
    bound = {};
  }
  // Signs the newest text that waits in the ceremony's folder, as `person`.
  [[nodiscard]] static std::string signing(const std::string& person) {
    return "f=$(ls -t site/ceremonies/*/check-in-*.txt | head -n 1); ssh-keygen -q -Y sign -n "
           "keyrite-check-in@keyrite -f " +
           person + " \"$f\"";
  }
  // A name, and the signatures that are brought for it, one after the other.
  static void came_in(Json& dialogue, const std::string& seat, const std::string& name,
                      const std::vector<std::string>& signers, const std::string& folder) {
    dialogue.push_back({{"expect", seat}});
    dialogue.push_back({{"send", name + "\n"}});
    for (const auto& signer : signers) {
      dialogue.push_back({{"expect", "Press Enter when it is signed"}});
      dialogue.push_back(
          {{"run", "cd '" + folder + "' && rm -f site/ceremonies/*/*.sig && " + signing(signer)}});
      dialogue.push_back({{"send", "\n"}});
    }
  }
  [[nodiscard]] Json held(const Json& dialogue) const {
    const auto done = run_program(
        Words{"python3", KEYRITE_SOURCE_DIR "/tests/support/at_terminal.py", dialogue.dump(), "--",
              tool_path("ceremony"), "run", file, "--json", "--site", scene.site()} +
        operator_words);
    INFO(done.err);
    REQUIRE(done.exit_code == 0);
    return parse_json(as_bytes(done.out), "at_terminal");
  }
};

TEST_CASE("Officers come in by their signatures, and others do not") {
  const SignedSite site;
  if (!site.ready()) return;
  const std::string folder = site.path(".");
  Json dialogue = Json::array();
  dialogue.push_back({{"expect", "HH:MM"}});
  dialogue.push_back({{"send", CeremonySite::coming_in().front().typed + "\n"}});
  // Another officer's signature, one of nobody's in the roster, then the right one.
  SignedSite::came_in(dialogue, "officer 1 of 2", "alice@example.org", {"bob", "mallory", "alice"},
                      folder);
  SignedSite::came_in(dialogue, "officer 2 of 2", "bob@example.org", {"bob"}, folder);
  dialogue.push_back({{"expect", "Type exactly: we agree"}});
  dialogue.push_back({{"expect", "> "}});
  dialogue.push_back({{"send", "we agree\n"}});
  const Json seen = site.held(dialogue);
  CAPTURE(seen["screen"].get<std::string>());
  CAPTURE(seen["err"].get<std::string>());
  REQUIRE(seen["exit"] == 0);
  CHECK(seen["screen"].get<std::string>().find("bob@example.org signed it") != std::string::npos);
  CHECK(site.differences() == "holds");
  // Each signature is good by OpenSSH itself, over a text that names ceremony, file and role.
  CHECK(site.python(
            "import subprocess\n"
            "for f in [f for f in results('ceremony-step') if f['kind'] == 'check-in']:\n"
            "    i = [e for e in log if e['event'] == 'intent' and f['signature_sha256'] in "
            "e['evidence']][0]\n"
            "    for one in i['evidence']:\n"
            "        text = open('site/transcript/evidence/' + one, 'rb').read()\n"
            "        if not text.startswith(b'keyrite check-in v1'): continue\n"
            "        p = subprocess.run(['ssh-keygen', '-Y', 'check-novalidate', '-n', "
            "'keyrite-check-in@keyrite', '-s', 'site/transcript/evidence/' + "
            "f['signature_sha256']], input=text, capture_output=True)\n"
            "        print(p.returncode, b'role security-officer' in text, f['ceremony'].encode() "
            "in text, end=';')") == "0 True True;0 True True;");
}

TEST_CASE("A seat whose signature is gone or was exchanged is found") {
  const SignedSite site;
  if (!site.ready()) return;
  Json dialogue = Json::array();
  dialogue.push_back({{"expect", "HH:MM"}});
  dialogue.push_back({{"send", CeremonySite::coming_in().front().typed + "\n"}});
  SignedSite::came_in(dialogue, "officer 1 of 2", "alice@example.org", {"alice"}, site.path("."));
  SignedSite::came_in(dialogue, "officer 2 of 2", "bob@example.org", {"bob"}, site.path("."));
  dialogue.push_back({{"expect", "Type exactly: we agree"}});
  dialogue.push_back({{"expect", "> "}});
  dialogue.push_back({{"send", "we agree\n"}});
  REQUIRE(site.held(dialogue)["exit"] == 0);
  const std::string signature = site.python(
      "print([f for f in results('ceremony-step') if f['kind'] == 'check-in'][0]"
      "['signature_sha256'], end='')");
  site.shop().must("mv site/transcript/evidence/" + signature + " kept");
  CHECK(site.differences() == "check-in-unproven");
  site.shop().must(
      "ssh-keygen -q -Y sign -n keyrite-check-in@keyrite -f alice < kept > "
      "site/transcript/evidence/" +
      signature);
  CHECK(site.differences() == "check-in-unproven");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
