// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// A ceremony at a token that is gone for a moment: nothing is decided by that.
#include <doctest/doctest.h>

#include <csignal>
#include <string>
#include <utility>
#include <vector>

#include "cli/ceremony_site.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using Asked = CeremonySite::Asked;

std::string hint_in(const Json& seen) {
  return parse_json(as_bytes(seen["out"].get<std::string>()), "output")["error"]["hint"];
}

// The token is there again, and the ceremony goes on with the step "make".
Json resumed_at_make(CeremonySite& site) {
  site.with.environment.clear();
  auto after = CeremonySite::coming_in();
  const auto steps = CeremonySite::steps();
  after.insert(after.end(), steps.begin() + 1, steps.end());
  return site.at_terminal({"resume"}, after);
}

TEST_CASE("A token that is gone during an act leaves its step open, and resume does it") {
  const std::vector<std::pair<std::string, std::string>> answers{
      {"0x32", "ckr-device-removed"},
      {"0xe0", "ckr-token-not-present"},
      {"0xb3", "ckr-session-handle-invalid"},
      {"0x30", "ckr-device-error"}};
  for (const auto& one : answers) {
    CAPTURE(one.second);
    CeremonySite site{KEYRITE_FAULTY_MODULE};
    if (!site.ready()) return;
    // The file has no other way on than to abort.
    site.shop().must("sed -i '/on_failure/d' short.toml");
    site.with.environment["KEYRITE_TEST_FAULT"] = "C_GenerateKey 1 0 " + one.first + " answer";
    auto asked = CeremonySite::coming_in();
    asked.insert(asked.end(), {{"Type exactly: we agree", "we agree"}, {"Type exactly: go", "go"}});
    const Json seen = site.hold(asked);
    CAPTURE(seen["screen"].get<std::string>());
    CHECK(seen["exit"] == 4);
    CHECK(code_in(seen) == one.second);
    CHECK(hint_in(seen).find("nothing was decided") != std::string::npos);
    CHECK(hint_in(seen).find("keyrite ceremony resume " + site.id()) != std::string::npos);
    CHECK(site.told() == "1 done;");
    const Json resumed = resumed_at_make(site);
    CAPTURE(resumed["screen"].get<std::string>());
    CAPTURE(resumed["err"].get<std::string>());
    REQUIRE(resumed["exit"] == 0);
    CHECK(site.differences() == "holds");
  }
}

TEST_CASE("A plan says that the token could not be asked, and refuses nothing") {
  CeremonySite site{KEYRITE_FAULTY_MODULE};
  if (!site.ready()) return;
  site.with.environment["KEYRITE_TEST_FAULT"] = "C_FindObjectsInit 2 0 0x32 answer";
  const auto plan = site.run(Words{"plan", site.file} + site.bound);
  CAPTURE(plan.err);
  CHECK(plan.exit_code == 4);
  CHECK(plan.err.find("could not be asked") != std::string::npos);
  CHECK(plan.err.find("REFUSED") == std::string::npos);
  const Json acts = parse_json(as_bytes(plan.out), "output")["result"]["acts"];
  CHECK(acts[0]["refused"].is_null());
  CHECK(acts[0]["not_asked"] == "ckr-device-removed");
}

TEST_CASE("A key that a killed run made is taken over when the ceremony goes on") {
  CeremonySite site{KEYRITE_FAULTY_MODULE};
  if (!site.ready()) return;
  // The key is there, and its first use kills the run.
  site.with.environment["KEYRITE_TEST_FAULT"] = "C_EncryptInit 1 1 0x9 signal";
  auto asked = CeremonySite::coming_in();
  asked.insert(asked.end(), {{"Type exactly: we agree", "we agree"}, {"Type exactly: go", "go"}});
  CHECK(site.hold(asked)["exit"] == 128 + SIGKILL);
  const Json resumed = resumed_at_make(site);
  CAPTURE(resumed["screen"].get<std::string>());
  CAPTURE(resumed["err"].get<std::string>());
  REQUIRE(resumed["exit"] == 0);
  CHECK(resumed["screen"].get<std::string>().find("No other one is made") != std::string::npos);
  CHECK(site.told() == "1 done;2 done;3 done;4 done;5 done;6 not-chosen;7 done;");
  CHECK(site.differences() == "holds");
  // The id of the interrupted try is that of the result, and the log says how it came to that.
  CHECK(
      site.python("i = [e for e in log if e['event'] == 'intent' and e['act'] == 'generate-kek']\n"
                  "r = results('generate-kek')\n"
                  "print(len(i), i[0]['keys'][0]['id'] == i[1]['keys'][0]['id'] == "
                  "r[0]['key_id'], r[0]['made_before'], len(r[0]['check_values']) > 0, end='')") ==
      "2 True True True");
}

TEST_CASE("An abort that is interrupted is logged, listed, and goes on with its teardown") {
  CeremonySite site;
  if (!site.ready()) return;
  auto asked = CeremonySite::coming_in();
  asked.push_back({"Type exactly: we agree", "q"});
  REQUIRE(site.hold(asked)["exit"] == 7);
  const auto stands = [&] {
    const auto list = site.run({"list"});
    CAPTURE(list.err);
    return parse_json(as_bytes(list.out), "output")["result"]["ceremonies"][0];
  };
  CHECK(stands()["stands"] == "under-way");
  CHECK(stands()["title"] == "A short ceremony");
  const Json left =
      site.at_terminal({"abort", "--reason", "the lamp broke"}, {}, "Press Enter", SIGKILL);
  CHECK(left["exit"] == 128 + SIGKILL);
  CHECK(stands()["stands"] == "being-aborted");
  CHECK(site.run({"list"}).err.find("being aborted since") != std::string::npos);
  CHECK(site.differences() ==
        "not-over step-missing step-missing step-missing step-missing "
        "step-missing step-missing step-missing");
  CHECK(site.python("a = [f for f in results('ceremony-step') if f['kind'] == 'abort']\n"
                    "print(len(a), json.load(open('site/texts/' + a[0]['text_sha256']))['text'], "
                    "end='')") == "1 the lamp broke");
  const Json resumed = site.at_terminal({"resume"}, {{"Press Enter", ""}});
  CAPTURE(resumed["screen"].get<std::string>());
  CHECK(resumed["exit"] == 1);
  CHECK(code_in(resumed) == "ceremony-aborted");
  CHECK(site.told() == "8 done;");
  CHECK(site.differences() == "aborted");
  CHECK(stands()["stands"] == "aborted");
  // The minutes have the reason; the log does not prove that the file was run.
  CHECK(site.run({"report", "--out", site.path("minutes.html")}).exit_code == 6);
  CHECK(site.python("print('the lamp broke' in open('minutes.html').read(), end='')") == "True");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
