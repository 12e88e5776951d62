// keyrite inventory reconcile on a token to which somebody did something beside keyrite: by
// softhsm2-util, and by Cryptoki itself (token_editor.py).
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "cli/stocked_site.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

struct EditedToken {
  StockedSite site{};
  std::string label{};
  std::string id{};
  EditedToken() {
    if (!site.ready()) return;
    const Json made = site.scene.must(
        "generate-kek", Words{"--tenant", "Acme", "--key", "payments", "--extractable"} + kOlga);
    label = made["label"].get<std::string>();
    id = made["id"].get<std::string>();
  }
  void edit(const std::string& words) const {
    const auto& token = *site.scene.room().token;
    site.shop().must("python3 " KEYRITE_SOURCE_DIR "/tests/cli/token_editor.py " KEYRITE_SOURCE_DIR
                     "/tests/faults '" +
                     token.module.path.value() + "' " + token.pin + " " + words);
  }
  // The findings; the exit code is 6 where there is one.
  [[nodiscard]] Json found() const {
    const auto done = site.run({"reconcile"});
    CAPTURE(done.err);
    const Json findings = parse_json(as_bytes(done.out), "output")["result"]["findings"];
    CHECK(done.exit_code == (findings.empty() ? 0 : 6));
    return findings;
  }
  [[nodiscard]] std::string words() const {
    std::string text;
    for (const auto& one : found()) text += one["finding"].get<std::string>() + " ";
    return text;
  }
  [[nodiscard]] std::string copy_state() const {
    return site.must({"show", "payments", "--tenant", "Acme"})["versions"][0]["copies"][0]["state"];
  }
};

TEST_CASE("A token that holds what registry and log have of it is in order, that is logged") {
  const EditedToken token;
  if (!token.site.ready()) return;
  CHECK(token.words() == "");
  const Json last = token.site.scene.entries().back();
  CHECK(last["act"] == "inventory-reconcile");
  CHECK(last["facts"]["findings"] == Json::array());
  CHECK(last["facts"]["objects"] == 1);
  (void)token.site.scene.verify();
}

TEST_CASE("A key that nobody logged, as softhsm2-util puts it there, is told of") {
  const EditedToken token;
  if (!token.site.ready()) return;
  token.site.shop().must(
      "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out new.pem 2>&1 && "
      "softhsm2-util --import new.pem --token TEST-soft --pin user-1234 --label new --id 0b0b");
  const Json found = token.found();
  REQUIRE(found.size() == 2);  // both halves
  for (const auto& one : found) {
    CHECK(one["finding"] == "unknown-key");
    CHECK(one["id"] == "0b0b");
    CHECK(one["label"] == "new");
    CHECK(one["detail"] == "rsa-2048");
  }
  // The log has the id, and never the label.
  token.site.shop().must("! grep -rqaw new site/transcript/log.jsonl");
}

TEST_CASE("A version that is missing is so in the registry, until it is found again") {
  const EditedToken token;
  if (!token.site.ready()) return;
  token.site.shop().must(
      "cp -a \"$(sed -n 's/^directories.tokendir = //p' \"$SOFTHSM2_CONF\")\" kept");
  token.edit("destroy '" + token.label + "'");
  CHECK(token.words() == "missing ");
  CHECK(token.copy_state() == "missing");
  CHECK(token.words() == "missing ");
  token.site.shop().must(
      "cp -a kept/. \"$(sed -n 's/^directories.tokendir = //p' \"$SOFTHSM2_CONF\")\"");
  CHECK(token.words() == "");
  CHECK(token.copy_state() == "present");
}

TEST_CASE("A copy under another id and label is found by its check value") {
  const EditedToken token;
  if (!token.site.ready()) return;
  token.edit("copy '" + token.label + "' innocent 0c0c");
  const Json found = token.found();
  REQUIRE(found.size() == 1);
  CHECK(found[0]["finding"] == "second-object");
  CHECK(found[0]["label"] == "innocent");
  CHECK(found[0]["number"] == 1);
  token.site.shaped("inventory-reconcile-result", {"reconcile"});
  // Neither moves the version's copy.
  CHECK(token.copy_state() == "present");
}

// rotate --abandon with the approvals of two officers.
ProgramRun abandon(const EditedToken& token) {
  const auto& scene = token.site.scene;
  const Words words = Words{"--tenant", "Acme", "--key", "payments", "--abandon"} + kOlga;
  scene.refused(scene.run("rotate", words), 7, "approval-needed");
  const auto statement = scene.statement();
  return scene.run("rotate", words + Words{"--approval", scene.sign("alice", statement),
                                           scene.sign("bob", statement)});
}

TEST_CASE("A version of which somebody has a copy in the token is not given up") {
  const EditedToken token;
  if (!token.site.ready()) return;
  token.edit("copy '" + token.label + "' innocent 0c0c");
  token.site.scene.refused(abandon(token), static_cast<int>(Kind::kUnknownOutcome), "key-remains");
  CHECK(token.words().find("destroyed-found") == std::string::npos);
}

TEST_CASE("What is left of a destroyed version, under whatever id, is an alarm") {
  const EditedToken token;
  if (!token.site.ready()) return;
  token.edit("copy '" + token.label + "' innocent 0c0c");
  token.site.shop().must(
      "cp -a \"$(sed -n 's/^directories.tokendir = //p' \"$SOFTHSM2_CONF\")\" kept");
  token.edit("destroy innocent");
  CHECK(abandon(token).exit_code == 0);
  // A backup of the token is put back.
  token.site.shop().must(
      "cp -a kept/. \"$(sed -n 's/^directories.tokendir = //p' \"$SOFTHSM2_CONF\")\"");
  const Json found = token.found();
  REQUIRE(found.size() >= 2);
  std::string ids;
  for (const auto& one : found) {
    CHECK(one["finding"] == "destroyed-found");
    ids += one["id"].get<std::string>() + " ";
  }
  CHECK(ids.find("0c0c") != std::string::npos);
  CHECK(ids.find(token.id) != std::string::npos);
}

TEST_CASE("A dry run looks and logs nothing") {
  const EditedToken token;
  if (!token.site.ready()) return;
  token.edit("copy '" + token.label + "' innocent 0c0c");
  const auto entries = token.site.scene.entries().size();
  const auto done = token.site.run({"reconcile", "--dry-run"});
  CHECK(done.out.find("second-object") != std::string::npos);
  CHECK(token.site.scene.entries().size() == entries);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
