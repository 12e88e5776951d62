// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What a certificate says, and what it must not say, for each way in which a shred can end.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "unit/certificate/destroyed_scene.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using certificate::Statement;

bool any_has(const std::vector<std::string>& sentences, const std::string& words) {
  return std::ranges::any_of(
      sentences, [&](const std::string& one) { return one.find(words) != std::string::npos; });
}

// One thing is pending, and its sentence has these words.
void pends(const Statement& statement, const std::string& words) {
  CAPTURE(words);
  CHECK(statement.kind == "interim-statement");
  REQUIRE(statement.pending.size() == 1);
  CAPTURE(statement.pending.front());
  CHECK(any_has(statement.pending, words));
}

std::string all_text(const Statement& statement) {
  std::string text = statement.headline;
  for (const auto* list :
       {&statement.proven, &statement.declared, &statement.pending, &statement.not_proven}) {
    for (const auto& one : *list) text += "\n" + one;
  }
  return text;
}

TEST_CASE("A version that is destroyed, looked for and closed is a certificate") {
  DestroyedScene scene;
  scene.shred();
  const auto statement = scene.statement();
  CHECK(statement.kind == "certificate");
  CHECK(statement.pending.empty());
  CHECK(statement.headline.starts_with("Key destruction was performed and verified."));
  CHECK(any_has({statement.headline}, "supports cryptographic erase (NIST SP 800-88) if"));
  CHECK(any_has(statement.proven, "approved by alice@example.org and bob@example.org"));
  CHECK(any_has(statement.proven, "It was requested at 2026-11-01T08:00:00Z."));
  CHECK(any_has(statement.proven, "Example HSM 5, serial number 2a1d1007eba29520, firmware 7.4"));
  CHECK(any_has(statement.proven, "the log's own key among them"));
  CHECK(any_has(statement.proven, "by check value, by public half"));
  CHECK(any_has(statement.proven, "12 wrapped data keys"));
}

TEST_CASE("What the document does not prove is always said") {
  DestroyedScene scene;
  scene.shred();
  const auto statement = scene.statement();
  for (const char* words : {"Backups of the HSM", "Backups of the registry", "Bundles:",
                            "Plaintext data keys", "Clouds:", "Operations that began before",
                            "other programs with the same PIN", "only the whole log shows"}) {
    CAPTURE(words);
    CHECK(any_has(statement.not_proven, words));
  }
}

TEST_CASE("It never says what nobody can know") {
  for (const char* outcome : {"absent", "still-there"}) {
    DestroyedScene scene;
    scene.add_key();
    scene.make_version("unknown");
    scene.wrap_for("google", "2026-12-01T00:00:00Z");
    scene.place("deleted");
    scene.condemn();
    scene.destroy(outcome);
    scene.close();
    const std::string text = all_text(scene.statement());
    for (const char* words :
         {"GDPR", "rreversibl", "ll copies", "ata destroyed", "data was destroyed"}) {
      CAPTURE(words);
      CHECK(text.find(words) == std::string::npos);
    }
  }
}

TEST_CASE("A copy that is still there, or was not looked for, is pending") {
  for (const char* outcome : {"still-there", "not-destroyed", "not-looked"}) {
    DestroyedScene scene;
    scene.add_key();
    scene.make_version();
    scene.condemn();
    scene.destroy(outcome);
    scene.close();
    pends(scene.statement(), std::string("the last look ended with \"") + outcome);
  }
  DestroyedScene never;
  never.add_key();
  never.make_version();
  never.condemn();
  never.close();
  pends(never.statement(), "nobody looked for it there");
}

TEST_CASE("An object that is back after it was absent is pending again") {
  DestroyedScene scene;
  scene.shred();
  scene.destroy("still-there", "not-tried", kSerial, 1);
  pends(scene.statement(), "still-there");
}

TEST_CASE("A look that found objects, or a canary that opened, shows no absence") {
  DestroyedScene found;
  found.add_key();
  found.make_version();
  found.condemn();
  found.destroy("absent", "opens-nowhere", kSerial, 1);
  found.close();
  pends(found.statement(), "not shown absent");
  DestroyedScene opened;
  opened.add_key();
  opened.make_version();
  opened.condemn();
  opened.destroy("absent", "opened");
  opened.close();
  pends(opened.statement(), "not shown absent");
}

TEST_CASE("A look at another token shows nothing about this one") {
  DestroyedScene scene;
  scene.add_key();
  scene.make_version();
  scene.condemn();
  scene.destroy("absent", "opens-nowhere", "another-serial");
  scene.close();
  pends(scene.statement(), "nobody looked for it there");
}

TEST_CASE("A version that no entry closes is pending") {
  DestroyedScene scene;
  scene.add_key();
  scene.make_version();
  scene.condemn();
  scene.destroy();
  pends(scene.statement(), "No entry closes version 1");
}

TEST_CASE("What the log's key does not vouch for condemns nothing") {
  DestroyedScene scene;
  scene.add_key();
  scene.make_version();
  scene.condemn(false);
  scene.destroy();
  scene.close();
  CHECK(scene.facts().versions.empty());
  CHECK(any_has(scene.statement().pending, "No version was condemned"));
}

TEST_CASE("What anybody may have written moves no copy to a token where it was looked for") {
  DestroyedScene scene;
  scene.add_key();
  scene.make_version();
  scene.condemn();
  scene.tell("inventory-adopt",
             {{"changes", Json::array({{{"copy",
                                         {{"id", kCopyId},
                                          {"form", "token"},
                                          {"key", kKeyId},
                                          {"number", 1},
                                          {"state", "present"},
                                          {"token_serial", "another"}}}}})}},
             false);
  scene.destroy("absent", "opens-nowhere", "another");
  scene.close();
  pends(scene.statement(), "serial number 2a1d1007eba29520 is not shown absent");
}

TEST_CASE("A version is made once, and its origin is what the log's key vouches for") {
  const auto made_again = [](DestroyedScene& scene) {
    scene.tell("key-add",
               {{"changes", Json::array({{{"version",
                                           {{"key", kKeyId},
                                            {"number", 1},
                                            {"state", "pre-activation"},
                                            {"cka_id", "ffff"},
                                            {"origin", "logged"}}}}})}},
               false);
  };
  DestroyedScene after;
  after.add_key();
  after.make_version("unknown");
  made_again(after);
  after.condemn();
  CHECK(after.facts().versions.front().cka_id == "62b0c1cbaf53438ff671f34993743eb8");
  CHECK(after.facts().versions.front().origin == "unknown");
  DestroyedScene before;
  before.add_key();
  made_again(before);
  before.make_version();
  before.condemn();
  CHECK(any_has(before.statement().not_proven, "the log says: not vouched for"));
}

TEST_CASE("A run that did not look says nothing of what it saw") {
  DestroyedScene scene;
  scene.add_key();
  scene.make_version();
  scene.condemn();
  scene.destroy("not-looked", "not-tried");
  const auto statement = scene.statement();
  CHECK(any_has(statement.proven, "No look shows whether version 1"));
  CHECK(!any_has(statement.proven, "logged in and saw"));
}

TEST_CASE("A version of the key that lives on makes it an interim statement") {
  DestroyedScene scene;
  scene.shred();
  scene.tell("rotate", {{"changes", Json::array({{{"version",
                                                   {{"key", kKeyId},
                                                    {"number", 2},
                                                    {"state", "active"},
                                                    {"cka_id", "0a"},
                                                    {"origin", "logged"}}}}})}});
  pends(scene.statement(), "Version 2 of key 1345dc6338cb1d203e9242f33940f172 was not condemned");
  scene.scope().key = kKeyId;
  scene.scope().number = 1;
  CHECK(scene.statement().kind == "certificate");
}

TEST_CASE("A destination that has not answered is pending, and so is one that will delete it") {
  struct Case {
    const char* state;
    const char* until;
    const char* words;
  };
  for (const auto& one :
       {Case{"imported", "", "no answer says that it is gone. The log has it as imported"},
        Case{"serving", "", "The log has it as serving"}, Case{"proven", "", "as proven"},
        Case{"disabled", "", "as disabled"}, Case{"accepted", "", "as accepted"},
        Case{"different", "", "as different"},
        Case{"deletion-scheduled", "2026-12-29T00:00:00Z",
             "deletes it on 2026-12-29T00:00:00Z. Until then it may be restored"}}) {
    DestroyedScene scene;
    scene.shred();
    scene.place(one.state, one.until);
    pends(scene.statement(), one.words);
  }
}

TEST_CASE("An answer that it is deleted is declared, and says who vouches for it") {
  DestroyedScene scene;
  scene.shred();
  scene.place("deleted");
  const auto statement = scene.statement();
  CHECK(statement.kind == "certificate");
  CHECK(any_has(statement.declared, "deleted"));
  CHECK(!any_has(statement.declared, "does not vouch"));
  DestroyedScene unvouched;
  unvouched.shred();
  unvouched.place("deleted", {}, false);
  CHECK(any_has(unvouched.statement().declared, "does not vouch for this entry"));
}

TEST_CASE("A destination that was given up says by which reason") {
  DestroyedScene scene;
  scene.shred();
  scene.place("serving");
  const std::string decision =
      scene.decide_destination({{"retired_ms", 1}, {"retired_reason", "the vault is gone"}});
  const auto statement = scene.verified(scene.file(scene.document({}, {decision}))).statement;
  CHECK(statement.kind == "certificate");
  CHECK(any_has(statement.declared, "AWS (111122223333 alias/acme eu-west-1"));
  CHECK(any_has(statement.declared, "given up: \"the vault is gone\""));
}

TEST_CASE("A bundle that was carried away says until when an import would bring the key back") {
  struct Case {
    const char* provider;
    const char* words;
  };
  for (const auto& one :
       {Case{"aws",
             "until 2026-12-01T00:00:00Z, when its import parameters expire, by the rule of AWS"},
        Case{"google", "by the rule of Google"},
        Case{"azure", "until the wrapping key at Azure is purged, which Azure must answer"}}) {
    DestroyedScene scene;
    scene.add_key();
    scene.make_version();
    scene.wrap_for(one.provider, "2026-12-01T00:00:00Z");
    scene.condemn();
    scene.destroy();
    scene.close();
    const auto statement = scene.statement();
    CAPTURE(one.provider);
    CHECK(statement.kind == "certificate");
    CHECK(any_has(statement.not_proven, kManifestSha256));
    CHECK(any_has(statement.not_proven, one.words));
  }
}

TEST_CASE("A key whose origin is not in the log may be elsewhere") {
  for (const char* origin : {"unknown", "token"}) {
    DestroyedScene scene;
    scene.add_key();
    scene.make_version(origin);
    scene.condemn();
    scene.destroy();
    scene.close();
    const auto statement = scene.statement();
    CHECK(any_has(statement.not_proven, "A copy may exist where it came from"));
    CHECK(!any_has(statement.proven, "was made in a token of this log"));
  }
}

TEST_CASE("A private key on a curve may be there under another id") {
  for (const auto& [type, said] :
       {std::pair{"ec-p256", true}, {"ed25519", true}, {"rsa-3072", false}}) {
    DestroyedScene scene;
    scene.add_key(type);
    scene.make_version();
    scene.condemn();
    CHECK(any_has(scene.statement().not_proven, "private key on a curve") == said);
  }
}

TEST_CASE("Another list of data keys than the approved one is said") {
  DestroyedScene scene;
  scene.add_key();
  scene.make_version();
  scene.condemn();
  scene.destroy();
  scene.close(std::string(64, '9'));
  CHECK(any_has(scene.statement().not_proven, "another list of data keys"));
  DestroyedScene none;
  none.add_key();
  none.make_version();
  none.condemn();
  none.destroy();
  none.close("");
  CHECK(none.statement().kind == "certificate");
  CHECK(!any_has(none.statement().not_proven, "another list of data keys"));
  CHECK(none.facts().closings.front().deks == std::nullopt);
}

TEST_CASE("Names are said to be the registry's, and nothing is said where there are none") {
  DestroyedScene scene;
  scene.shred();
  const auto named = scene.statement({.tenant = "Acme", .keys = {{kKeyId, "payments"}}});
  CHECK(any_has(named.proven, "version 1 of key \"payments\" (1345dc63...)"));
  CHECK(any_has(named.declared, "The names come from the site's registry"));
  CHECK(!any_has(scene.statement().declared, "The names come"));
}

TEST_CASE("Another tenant's keys are no part of it") {
  DestroyedScene scene;
  scene.shred();
  scene.scope().tenant = std::string(32, '1');
  CHECK(scene.document().entries.empty());
  CHECK(scene.facts().versions.empty());
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
