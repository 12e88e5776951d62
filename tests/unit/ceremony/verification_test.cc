// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What a log must say so that a ceremony's file was run wholly and in its order.
#include "ceremony/verification.h"

#include <doctest/doctest.h>

#include <functional>
#include <string>

#include "base/bytes.h"
#include "ceremony/file.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using ceremony::Story;

constexpr std::string_view kFile = R"(format = "keyrite-ceremony"
version = 1
title = "T"
purpose = "P"
[[role]]
name = "operator"
[[input]]
name = "label"
help = "the label"
[[step]]
name = "agree"
kind = "confirm"
title = "Agree"
role = "operator"
text = "Agree."
words = "yes we do"
[[step]]
name = "make"
act = "generate-kek"
title = "Make"
role = "operator"
on_failure = "retry"
[step.with]
type = "aes-256"
label = "${label}"
[[step]]
name = "way"
kind = "choose"
title = "Way"
role = "operator"
text = "Choose."
[[step.alternative]]
words = "short"
text = "short"
[[step.alternative]]
words = "long"
text = "long"
[[step]]
name = "walk"
kind = "note"
title = "Walk"
role = "operator"
text = "Walk."
only_if = "way=long"
[[teardown]]
name = "lock"
kind = "note"
title = "Lock"
role = "operator"
text = "Lock."
)";

// A story that holds: a name has this pseudonym.
struct Told {
  ceremony::Ceremony file{ceremony::read_ceremony(as_bytes(kFile), "file")};
  Story story{};
  std::string name{std::string(32, 'a')};

  Told() {
    story = {.id = std::string(32, 'c'),
             .intent_entry = 1,
             .entry = 2,
             .intent = {{"request",
                         {{"bind.label", name}, {"file_sha256", file.sha256}, {"mode", "live"}}},
                        {"inputs",
                         {{"step.2.act", "generate-kek"},
                          {"step.2.type", "aes-256"},
                          {"step.2.label", name}}}},
             .file_sha256 = file.sha256,
             .mode = "live",
             .steps = 4,
             .teardown = 1,
             .ending = "completed",
             .ending_entry = 30};
    story.told = {
        {.entry = 3, .step = 0, .kind = "clock", .outcome = "done"},
        {.entry = 4, .step = 0, .kind = "check-in", .outcome = "done", .role = 0, .person = 0},
        {.entry = 5, .step = 1, .kind = "confirm", .outcome = "done"},
        {.entry = 8, .step = 2, .kind = "act", .outcome = "done", .runs = {"r"}},
        {.entry = 9, .step = 3, .kind = "choose", .outcome = "done", .choice = 0},
        {.entry = 10, .step = 4, .kind = "note", .outcome = "not-chosen"}};
    story.acts = {{.intent_entry = 6,
                   .step = 2,
                   .act = "generate-kek",
                   .run = "r",
                   .file_sha256 = file.sha256,
                   .intent = {{"request", {{"type", "aes-256"}, {"label", name}}}},
                   .outcome = "done",
                   .result_entry = 7}};
  }
};

std::string codes(const std::function<void(Told&)>& change) {
  Told told;
  change(told);
  std::string all;
  for (const auto& one : ceremony::compare_with_log(told.file, told.story).differences) {
    CHECK_FALSE(one.sentence.empty());
    all += (all.empty() ? "" : " ") + one.code;
  }
  return all;
}

TEST_CASE("A story that is as the file says holds") {
  CHECK(codes([](Told&) {}).empty());
  // One that failed first, and was tried again.
  CHECK(codes([](Told& told) {
          told.story.told.insert(told.story.told.begin() + 3,
                                 {.entry = 6, .step = 2, .kind = "act", .outcome = "failed"});
        }).empty());
}

TEST_CASE("Another file is found") {
  CHECK(codes([](Told& told) { told.story.file_sha256 = std::string(64, '0'); }) ==
        "other-file other-file");
  CHECK(codes([](Told& told) { told.story.mode = "rehearsal"; }) == "other-file");
  CHECK(codes([](Told& told) { told.story.acts[0].file_sha256 = std::string(64, '0'); }) ==
        "act-other-file");
  CHECK(codes([](Told& told) { told.story.steps = 3; }) == "other-step-count");
}

TEST_CASE("A step that is skipped, repeated, reordered or added is found") {
  CHECK(codes([](Told& told) { told.story.told.erase(told.story.told.begin() + 2); }) ==
        "step-missing");
  CHECK(codes([](Told& told) { told.story.told.push_back(told.story.told[2]); }) ==
        "step-repeated");
  CHECK(codes([](Told& told) { std::swap(told.story.told[2], told.story.told[3]); }) ==
        "step-out-of-order");
  CHECK(codes([](Told& told) {
          told.story.told.push_back({.entry = 11, .step = 9, .kind = "note", .outcome = "done"});
        }) == "step-unknown");
  CHECK(codes([](Told& told) { told.story.told[2].kind = "note"; }) == "step-other-kind");
}

TEST_CASE("A choice that is not in the file, or was not obeyed, is found") {
  CHECK(codes([](Told& told) { told.story.told[4].choice = 5; }) == "choice-unknown");
  CHECK(codes([](Told& told) { told.story.told[4].choice = 1; }) == "step-passed-over-wrongly");
  CHECK(codes([](Told& told) { told.story.told[5].outcome = "done"; }) ==
        "step-passed-over-wrongly");
  CHECK(codes([](Told& told) { told.story.told[2].outcome = "not-rehearsed"; }) == "step-missing");
}

TEST_CASE("An act that is another one, or of no step, is found") {
  CHECK(codes([](Told& told) { told.story.acts.clear(); }) == "step-without-act");
  CHECK(codes([](Told& told) { told.story.acts[0].step = 1; }) ==
        "step-without-act act-without-step");
  CHECK(codes([](Told& told) { told.story.acts[0].act = "token-check"; }) == "act-other-operation");
  CHECK(codes([](Told& told) { told.story.acts[0].intent["request"]["label"] = "x"; }) ==
        "act-other-request");
  CHECK(codes([](Told& told) { told.story.acts[0].intent["request"]["extractable"] = true; }) ==
        "act-other-request");
  CHECK(codes([](Told& told) {
          auto later = told.story.acts[0];
          later.intent_entry = 20;
          told.story.acts.push_back(later);
        }) == "act-repeated act-without-step");
  CHECK(codes([](Told& told) { told.story.told[3].runs.clear(); }) == "step-without-act");
}

TEST_CASE("A ceremony that was begun with another request than its file has is found") {
  CHECK(codes([](Told& told) {
          told.story.intent["inputs"]["step.2.type"] = "aes-128";
          told.story.acts[0].intent["request"]["type"] = "aes-128";
        }) == "opened-otherwise");
  CHECK(codes([](Told& told) {
          told.story.intent["inputs"]["step.2.label"] = std::string(32, 'b');
          told.story.acts[0].intent["request"]["label"] = std::string(32, 'b');
        }) == "opened-otherwise");
  CHECK(codes([](Told& told) {
          told.story.intent["inputs"]["step.2.extractable"] = true;
          told.story.acts[0].intent["request"]["extractable"] = true;
        }) == "opened-otherwise");
  CHECK(codes([](Told& told) { told.story.intent["inputs"]["step.2.act"] = "rotate"; }) ==
        "opened-otherwise");
}

TEST_CASE("Who did not come in, a clock that nobody compared, and an end that is none are found") {
  CHECK(codes([](Told& told) { told.story.told.erase(told.story.told.begin()); }) ==
        "clock-missing");
  CHECK(codes([](Told& told) { told.story.told.erase(told.story.told.begin() + 1); }) ==
        "check-in-missing");
  CHECK(codes([](Told& told) { told.file.people.check_in = ceremony::CheckIn::kSignature; }) ==
        "check-in-missing check-in-missing");
  CHECK(codes([](Told& told) { told.story.ending.clear(); }) == "not-over");
  CHECK(codes([](Told& told) { told.story.ending = "well"; }) == "not-over");
  CHECK(codes([](Told& told) {
          told.story.until = "2026-12-01T00:00:00Z";
          told.story.ended = "2026-12-05T00:00:00Z";
        }) == "over-time");
  CHECK(codes([](Told& told) { told.story.told[2].outcome = "well"; }) == "step-unknown");
  CHECK(codes([](Told& told) { told.story.after_end = {31}; }) == "after-end");
  CHECK(codes([](Told& told) { told.story.unvouched = {12}; }) == "unvouched");
  CHECK(codes([](Told& told) { told.story.deviations = {{.entry = 12, .number = 2}}; }) ==
        "deviation-number");
}

TEST_CASE(
    "A ceremony that makes its site is the beginning of the log, and no step of it is later") {
  std::string text(kFile);
  text.replace(text.find("[[step]]"), 0,
               "[[step]]\nname = \"open\"\nact = \"init-site\"\ntitle = \"Open\"\nrole = "
               "\"operator\"\n[step.with]\nfolder = \"${label}\"\norigin = \"${label}\"\n");
  const auto found = [&](const std::function<void(Story&)>& change) {
    Story story{.log_opened = "2026-03-01T10:00:00Z", .begins_log = true};
    story.told = {{.entry = 5,
                   .step = 1,
                   .kind = "act",
                   .outcome = "done",
                   .answered_at = "2026-03-01T09:59:59Z"}};
    change(story);
    std::string codes;
    const auto file = ceremony::read_ceremony(as_bytes(text), "file");
    for (const auto& one : ceremony::compare_with_log(file, story).differences) {
      if (one.code == "site-opened-otherwise" || one.code == "entered-otherwise") codes += one.code;
    }
    return codes;
  };
  CHECK(found([](Story&) {}).empty());
  CHECK(found([](Story& story) { story.begins_log = false; }) == "site-opened-otherwise");
  CHECK(found([](Story& story) { story.told[0].answered_at = "2026-03-01T10:00:01Z"; }) ==
        "entered-otherwise");
  CHECK(found([](Story& story) { story.told[0].answered_at.clear(); }) == "entered-otherwise");
}

TEST_CASE("An act on rows is compared with the request that stands beside its step") {
  std::string text(kFile);
  text.replace(text.find("[[step]]"), 0,
               "[[step]]\nname = \"add\"\nact = \"tenant add\"\ntitle = \"Add\"\nrole = "
               "\"operator\"\n[step.with]\nname = \"${label}\"\nowner = \"${label}\"\n");
  const std::string name(32, 'a');
  const auto found = [&](const Json& request) {
    Story story{
        .intent = {
            {"inputs",
             {{"step.1.act", "tenant add"}, {"step.1.name", name}, {"step.1.owner", name}}}}};
    story.acts = {
        {.step = 1,
         .act = "tenant-add",
         .intent = {{"request", {{"tenants", {name}}}}, {"ceremony", {{"request", request}}}},
         .outcome = "done"}};
    std::size_t count = 0;
    const auto file = ceremony::read_ceremony(as_bytes(text), "file");
    for (const auto& one : ceremony::compare_with_log(file, story).differences)
      if (one.code == "act-other-request") ++count;
    return count;
  };
  CHECK(found({{"name", name}, {"owner", name}}) == 0);
  CHECK(found({{"name", name}, {"owner", std::string(32, 'b')}}) == 1);
  CHECK(found({{"name", name}}) == 1);
  CHECK(found({{"name", name}, {"owner", name}, {"contact", name}}) == 1);
}

TEST_CASE("A ceremony that was aborted does its teardown, and says so") {
  CHECK(codes([](Told& told) {
          told.story.ending = "aborted";
          told.story.told[3].outcome = "failed";
          told.story.told.resize(4);
          told.story.acts.clear();
          told.story.told.push_back({.entry = 20, .step = 5, .kind = "note", .outcome = "done"});
        }) == "aborted step-failed");
  CHECK(codes([](Told& told) { told.story.ending = "aborted"; }) == "aborted step-missing");
  // It was being aborted, and steps went on; or it was said to be completed.
  CHECK(codes([](Told& told) {
          told.story.ending = "aborted";
          told.story.abort_entry = 9;
          told.story.told.push_back({.entry = 11, .step = 5, .kind = "note", .outcome = "done"});
        }) == "aborted step-after-abort");
  CHECK(codes([](Told& told) { told.story.abort_entry = 11; }) == "step-after-abort");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
