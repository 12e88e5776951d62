// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What the approval of a ceremony covers: the request of its step, field by field, and nothing
// else.
#include "act/internal/ceremony_gate.h"

#include <doctest/doctest.h>

#include "support/failure.h"
#include "unit/transcript/log_scene.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

const std::string kId(32, 'c');
const std::string kFile(64, 'f');

// A ceremony whose step 2 makes a key, and whose step 3 rotates one.
struct Approved {
  act::OpenedCeremony opened{};
  act::Intent intent{.act = "generate-kek"};
  act::AskedRequest asked{};
  act::CeremonyUse use{.id = kId, .file_sha256 = kFile, .step = 2};
  approval::Threshold needed{{"security-officer", 2}};
  TimePoint now{std::chrono::days(2)};

  Approved() {
    opened.intent = {{"also", {"generate-kek", "rotate"}},
                     {"approval",
                      {{"by",
                        {{{"identity", "alice"}, {"roles", {"security-officer"}}},
                         {{"identity", "bob"}, {"roles", {"security-officer", "auditor"}}}}}}},
                     {"inputs",
                      {{"step.2.act", "generate-kek"},
                       {"step.2.label", "pseudonym"},
                       {"step.2.type", "aes-256"},
                       {"step.2.id", "fresh"},
                       {"step.3.act", "rotate"},
                       {"step.3.keys", {"key-one"}}}}};
    opened.facts = {{"ceremony", kId}, {"file_sha256", kFile}, {"until", "1970-01-04T00:00:00Z"}};
    asked.json["request"] = {{"label", "pseudonym"}, {"type", "aes-256"}};
  }
  [[nodiscard]] std::string code() const {
    std::string covered;
    const auto failed = failure_of([&] {
      covered = act::covers(opened, intent, asked, needed, use, now) ? "covered" : "by itself";
    });
    return failed.code == "no error" ? covered : failed.code;
  }
};

TEST_CASE("An act is covered where each field is as it was approved") {
  Approved one;
  CHECK(one.code() == "covered");
  one.asked.json["request"]["id"] = "0a0b";  // bound later
  CHECK(one.code() == "covered");
  one.asked.json["request"]["label"] = "another";
  CHECK(one.code() == "ceremony-other-step");
  one.asked.json["request"] = {{"label", "pseudonym"}, {"type", "aes-256"}, {"extractable", true}};
  CHECK(one.code() == "ceremony-other-step");
  one.asked.json["request"] = {{"label", "pseudonym"}};
  CHECK(one.code() == "ceremony-other-step");
}

TEST_CASE("Another step has no request that fits") {
  Approved one;
  one.use.step = 4;
  CHECK(one.code() == "ceremony-other-step");
}

TEST_CASE("A command of several acts is held to its keys") {
  Approved one;
  one.use.step = 3;
  one.intent = {.act = "generate-kek", .covers = {.keys = {"key-one"}}};
  CHECK(one.code() == "covered");
  one.intent.covers.keys.emplace_back("key-two");
  CHECK(one.code() == "ceremony-other-step");
  // Nobody knows which keys it is about.
  one.intent.covers.keys.clear();
  CHECK(one.code() == "ceremony-other-step");
}

TEST_CASE("An operation that the statement does not show needs approvals of its own") {
  Approved one;
  one.intent.act = "shred";
  CHECK(one.code() == "by itself");
  one.intent = {.act = "generate-kek", .also = {"trust-wrapping-key"}};
  CHECK(one.code() == "by itself");
}

TEST_CASE("A ceremony that is over, of another file or of too few covers nothing") {
  const auto with = [](const std::function<void(Approved&)>& change) {
    Approved one;
    change(one);
    return one.code();
  };
  CHECK(with([](Approved& one) { one.opened.closed = true; }) == "ceremony-closed");
  CHECK(with([](Approved& one) { one.use.file_sha256 = std::string(64, 'e'); }) ==
        "ceremony-other-file");
  CHECK(with([](Approved& one) { one.now = TimePoint(std::chrono::days(4)); }) ==
        "ceremony-over-time");
  CHECK(with([](Approved& one) { one.needed["security-officer"] = 3; }) == "ceremony-too-few");
  CHECK(with([](Approved& one) { one.needed["custodian"] = 1; }) == "ceremony-too-few");
  CHECK(with([](Approved& one) { one.opened.intent.erase("approval"); }) == "ceremony-too-few");
}

TEST_CASE("A ceremony is one that the signed log opened, with a vouch of the log's key") {
  LogScene scene(3);
  // Anybody can write these lines: no vouch is in them.
  for (const char* event : {"intent", "result"}) {
    scene.lines().push_back(Json{
        {"act", "ceremony-open"},
        {"event", event},
        {"facts", {{"ceremony", kId}}},
        {"outcome", "done"},
        {"run", "1"}}.dump());
  }
  const site::Site site{.folder = scene.shop().folder().native(), .log_key = scene.ed25519()};
  const auto code = [&](const transcript::TreeHead& head) {
    scene.write(scene.checkpoint(scene.lines().size()));
    scene.shop().must("mkdir -p transcript && cp log.jsonl transcript/");
    return failure_of([&] { (void)act::opened_ceremony(site, kId, head); }).code;
  };
  const auto head = head_of(scene.lines(), scene.lines().size());
  CHECK(code(head) == "ceremony-not-opened");
  scene.lines().at(1) = R"({"act":"x"})";
  CHECK(code(head) == "ceremony-log-changed");
  scene.lines().resize(2);
  CHECK(code(head) == "ceremony-log-changed");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
