// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Ceremonies whose steps are commands of several acts: what "go" says of them, and that the
// approval of a ceremony is for the keys that there were when it was begun.
#include <doctest/doctest.h>

#include <string>

#include "cli/ceremony_site.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using Asked = CeremonySite::Asked;

constexpr std::string_view kHead = R"(format = "keyrite-ceremony"
version = 1
title = "Keys of a tenant"
purpose = "One command of several acts."

[[role]]
name = "operator"

[[role]]
name = "witness"

[[step]]
name = "agree"
kind = "confirm"
title = "Agree"
role = "operator"
text = "Read this aloud."
words = "we agree"

[[step]]
name = "work"
title = "Do it"
role = "operator"
)";

struct TenantCeremony : CeremonySite {
  explicit TenantCeremony(const std::string& act) {
    if (!ready()) return;
    shop().put("short.toml", as_bytes(std::string(kHead) + act));
    bound = {};
    must("tenant", {"add", "Acme"});
    add_key("payments");
  }
  void must(const std::string& tool, const Words& words) const {
    (void)scene.must(tool, words + operator_words);
  }
  void add_key(const std::string& name) const {
    must("key", {"add", name, "--tenant", "Acme", "--type", "aes-256"});
    must("generate-kek", {"--tenant", "Acme", "--key", name});
    must("key", {"activate", name, "--tenant", "Acme"});
  }
  // As the token's own list has it.
  [[nodiscard]] std::string serial() const {
    return as_text(
        shop().must("softhsm2-util --show-slots | sed -n 's/^ *Serial number: "
                    "*\\([0-9a-f]\\{4,\\}\\) *$/\\1/p' "
                    "| head -n 1 | tr -d '\\n'"));
  }
  [[nodiscard]] Words signed_now() const {
    const auto statement = path(
        as_text(shop().must("printf %s \"$(ls -t site/approvals/*/statement.json | head -n 1)\"")));
    return {"--approval", scene.sign("alice", statement), scene.sign("bob", statement)};
  }
};

// What the screen says between the announcement of the step and "go".
std::string before_go(const Json& seen) {
  const auto screen = seen["screen"].get<std::string>();
  const auto step = screen.find("Step 2 of 2");
  REQUIRE(step != std::string::npos);
  return in_one_line(screen.substr(step, screen.find("Type exactly: go", step) - step));
}

void says(const std::string& text, const std::string& words) {
  CAPTURE(text);
  CAPTURE(words);
  CHECK(text.find(words) != std::string::npos);
}

TEST_CASE("Before a rotation goes, the screen names tenant, key, token, and what is for ever") {
  const TenantCeremony site(R"(act = "rotate"
[step.with]
tenant = "Acme"
key = "payments"
force = true
)");
  if (!site.ready()) return;
  auto asked = CeremonySite::coming_in();
  asked.insert(asked.end(), {{"Type exactly: we agree", "we agree"}, {"Type exactly: go", "q"}});
  const std::string text = before_go(site.hold(asked));
  says(text, "keyrite rotate tenant: Acme key: payments");
  says(text, "(SoftHSM v2, serial " + site.serial() + ")");
  says(text,
       "What it will do: payments (Acme): the next version is to be made; version 1 is active now");
  says(text,
       "This cannot be undone: a new version is made, and the version before is deactivated.");
  CHECK(site.told() == "1 done;");
}

TEST_CASE("Before a compromised version is left, the screen says that it never comes back") {
  const TenantCeremony site(R"(act = "rotate"
[step.with]
tenant = "Acme"
key = "payments"
key-version = "1"
compromised = true
reason = "a leak"
)");
  if (!site.ready()) return;
  auto asked = CeremonySite::coming_in();
  asked.insert(asked.end(), {{"Type exactly: we agree", "we agree"}, {"Type exactly: go", "q"}});
  const std::string text = before_go(site.hold(asked));
  says(text, "version 1 is to be marked as compromised");
  says(text,
       "This cannot be undone: a compromised version never becomes active again; a new version "
       "is made");
}

constexpr const char* kShred = R"(act = "shred"
[step.with]
tenant = "Acme"
reason = "they left us"
)";

TEST_CASE("Before a shred goes, the screen names each version, its token, and what is for ever") {
  const TenantCeremony site(kShred);
  if (!site.ready()) return;
  site.add_key("archive");
  auto asked = CeremonySite::coming_in();
  asked.insert(asked.end(), {{"Type exactly: we agree", "we agree"}, {"Type exactly: go", "q"}});
  const std::string text = before_go(site.hold(asked));
  says(text, "keyrite shred tenant: Acme reason: they left us");
  for (const char* key : {"payments", "archive"})
    says(text, std::string("version 1 of the key \"") + key + "\": active");
  says(text, "token " + site.serial() + ": present");
  says(text, "unreadable afterwards: 0 data key(s)");
  says(text,
       "This cannot be undone: keys are destroyed: what only they open is unreadable for ever.");
}

TEST_CASE("A key that came after the ceremony was approved is not destroyed by its approval") {
  TenantCeremony site(kShred);
  if (!site.ready()) return;
  site.shop().must(
      "printf '\n[approvals.needed.shred-destroy]\nsecurity-officer = 2\n' >> site/site.toml");
  site.scene.refused(site.run({"approve", site.file}), 7, "approval-needed");
  auto asked = CeremonySite::coming_in();
  asked.push_back({"Type exactly: we agree", "q"});
  CHECK(site.at_terminal(Words{"run", site.file} + site.signed_now(), asked)["exit"] == 7);
  site.add_key("later");
  // The list of what becomes unreadable has both keys, and its officers sign it.
  asked.back() = {"Type exactly: we agree", "we agree"};
  asked.insert(asked.end(), {{"Type exactly: go", "go"}, {"that is to be shredded", "Acme"}});
  const Json waits = site.at_terminal({"resume"}, asked);
  CAPTURE(waits["screen"].get<std::string>());
  CHECK(code_in(waits) == "approval-needed");
  auto again = CeremonySite::coming_in();
  again.insert(
      again.end(),
      {{"Type exactly: go", "go"}, {"that is to be shredded", "Acme"}, {"no other way on", "q"}});
  const Json seen = site.at_terminal(Words{"resume"} + site.signed_now(), again);
  CAPTURE(seen["screen"].get<std::string>());
  says(in_one_line(seen["screen"].get<std::string>()), "code: ceremony-other-step");
  CHECK(site.python("print([e['outcome'] for e in log if e.get('act') == 'shred-destroy' and "
                    "e['event'] == 'result'], end='')")
            .find("done") == std::string::npos);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
