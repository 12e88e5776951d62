// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What is wrong with a ceremony's file, with line and column, and all of it at once.
#include "ceremony/file.h"

#include <doctest/doctest.h>

#include <string>

#include "support/failure.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using ceremony::Ceremony;
using ceremony::read_ceremony;

// 16 lines; what follows begins in line 17.
constexpr const char* kHead = R"(format = "keyrite-ceremony"
version = 1
title = "A key"
purpose = "Makes a key."

[[role]]
name = "operator"
people = 2

[[role]]
name = "witness"

[[input]]
name = "label"
help = "the label of the key"

)";

constexpr const char* kNote = R"([[step]]
name = "begin"
kind = "note"
title = "Begin"
role = "operator"
text = "We begin."
)";

// After kHead and kNote, from line 23 on.
std::string with_steps(const std::string& steps) { return std::string(kHead) + kNote + steps; }

Ceremony read(const std::string& text) { return read_ceremony(as_bytes(text), "a.toml"); }

Failure wrong(const std::string& text) {
  return failure_of([&] { (void)read(text); });
}

// The message without its first line.
std::string found(const std::string& text) {
  const auto failure = wrong(text);
  CHECK(failure.code == "ceremony-invalid");
  CHECK(failure.kind == Kind::kConfig);
  const auto line = failure.message.find('\n');
  return line == std::string::npos ? failure.message : failure.message.substr(line + 1);
}

std::string one_step(const std::string& more) { return found(with_steps("[[step]]\n" + more)); }

TEST_CASE("A whole file is read, with the SHA-256 of its bytes") {
  const auto ceremony = read(with_steps(R"([[step]]
name = "make"
act = "generate-kek"
title = "Make ${label}"
role = "operator"
minutes = 5
on_failure = "retry"
[step.with]
type = "aes-256"
label = "${label}"
for = ["aws"]
extractable = true
)"));
  CHECK(ceremony.title == "A key");
  CHECK(ceremony.valid_days == 7);
  REQUIRE(ceremony.roles.size() == 2);
  CHECK(ceremony.roles[0].people == 2);
  CHECK(ceremony.roles[1].people == 1);
  REQUIRE(ceremony.steps.size() == 2);
  const auto& make = ceremony.steps[1];
  CHECK(make.number == 2);
  CHECK(make.kind == ceremony::StepKind::kAct);
  CHECK(make.act == "generate-kek");
  CHECK(make.minutes == 5);
  CHECK(make.on_failure == ceremony::OnFailure::kRetry);
  CHECK(make.fields.size() == 4);
  CHECK(ceremony.sha256.size() == 64);
  CHECK(ceremony.sha256 != read(with_steps("# another byte\n")).sha256);
}

TEST_CASE("A fixed value that its act refuses is an error of the file, at its place") {
  const auto step = [](const std::string& fields) {
    return std::string(
               "[[step]]\nname = \"make\"\nact = \"generate-kek\"\ntitle = \"Make\"\nrole = "
               "\"operator\"\n[step.with]\nlabel = \"a\"\n") +
           fields;
  };
  const auto with = [&](const std::string& fields) { return found(with_steps(step(fields))); };
  const auto said = with("type = \"aes-257\"\n");
  CAPTURE(said);
  CHECK(said.starts_with("line 30, column 8: \"type\" does not take \"aes-257\""));
  CHECK(said.find("aes-256") != std::string::npos);
  CHECK(with("type = \"aes-256\"\nfor = [\"aws\", \"gogle\"]\n")
            .find("\"for\" does not take \"gogle\"; it takes aws, azure, google") !=
        std::string::npos);
  CHECK(with("type = \"aes-256\"\nid = \"zz\"\n").find("\"id\" does not take \"zz\"") !=
        std::string::npos);
  CHECK(with("type = \"\"\n").find("\"type\" is given an empty value") != std::string::npos);
  CHECK(with("type = [\"aes-128\", \"aes-256\"]\n").find("is given more than once") !=
        std::string::npos);
  // What is bound outside of the file is not known here.
  CHECK(read(with_steps(step("type = \"${label}\"\n"))).steps.size() == 2);
  CHECK(read(with_steps(step("type = \"aes-256\"\nfor = [\"${label}\"]\n"))).steps.size() == 2);
}

TEST_CASE("A site is made once, after steps of people alone, who come in by their names") {
  const std::string open =
      "[[step]]\nname = \"open\"\nact = \"init-site\"\ntitle = \"Open\"\nrole = \"operator\"\n"
      "[step.with]\nfolder = \"${label}\"\norigin = \"${label}\"\n";
  std::string again = open;
  again.replace(again.find("\"open\""), 6, "\"more\"");
  CHECK(read(with_steps(open)).site_step()->number == 2);
  CHECK(found(with_steps(open + again)).find("the site is made once") != std::string::npos);
  CHECK(
      found(with_steps("[[step]]\nname = \"look\"\nact = \"token-check\"\ntitle = \"Look\"\nrole = "
                       "\"operator\"\n" +
                       open))
          .find("before init-site a step is") != std::string::npos);
  CHECK(found(with_steps(open) + "[people]\ncheck_in = \"signature\"\n")
            .find("people come in by their names") != std::string::npos);
  CHECK(found(with_steps(open) + "[[rehearsal]]\nact = \"tenant add\"\n[rehearsal.with]\nname = "
                                 "\"A\"\n")
            .find("nothing to set up") != std::string::npos);
}

TEST_CASE("All errors are told at once, in the order of the file") {
  const auto failure = wrong(R"(format = "keyrite-ceremony"
version = 2
titel = "A key"
purpose = "Makes a key."

[[role]]
name = "operator"
peple = 2

[[step]]
name = "make"
act = "generate-key"
title = "Make the key"
role = "operater"
)");
  CHECK(failure.code == "ceremony-invalid");
  CHECK(failure.hint ==
        "correct the file, and run keyrite ceremony check again; docs/formats/ceremony.md "
        "describes each field");
  CHECK(failure.message ==
        "there are 6 errors in the ceremony a.toml:\n"
        "line 1, column 1: \"title\" is missing\n"
        "line 2, column 11: \"version\" must be 1\n"
        "line 3, column 9: there is no field \"titel\"; did you mean \"title\"?\n"
        "line 8, column 9: there is no field \"peple\"; did you mean \"people\"?\n"
        "line 12, column 7: there is no act \"generate-key\"; did you mean \"generate-kek\"?\n"
        "line 14, column 8: there is no role \"operater\"; did you mean \"operator\"?");
}

TEST_CASE("A file of another format, or without anything, says so") {
  CHECK(found("format = \"keyrite-campaign\"\nversion = 1\ntitle = \"a\"\npurpose = \"b\"\n") ==
        "line 1, column 1: no [[role]]: who takes part?\n"
        "line 1, column 1: no [[step]]\n"
        "line 1, column 10: \"format\" must be \"keyrite-ceremony\"");
  CHECK(wrong("a = ").code == "toml-invalid");
  CHECK(wrong("a = 1.5").code == "toml-value");
}

TEST_CASE("Each field must have its form") {
  const std::string head(kHead);
  const auto changed = [&](const std::string& from, const std::string& to) {
    auto text = with_steps("");
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return found(text.replace(at, from.size(), to));
  };
  CHECK(changed("people = 2", "people = 51") ==
        "line 8, column 10: \"people\" must be a number from 1 to 50");
  CHECK(changed("people = 2", "people = \"two\"") ==
        "line 8, column 10: \"people\" must be a number from 1 to 50");
  CHECK(changed("title = \"A key\"", "title = \"\"") ==
        "line 3, column 9: \"title\" must have 1 to 4000 bytes");
  CHECK(changed("title = \"A key\"", "title = \"a\\nb\"") ==
        "line 3, column 9: \"title\" must be one line without control characters");
  CHECK(changed("title = \"A key\"", "title = 3") ==
        "line 3, column 9: \"title\" must be a text in quotes");
  CHECK(changed("name = \"witness\"", "name = \"The Witness\"") ==
        "line 11, column 8: \"name\" must be a word of small letters, digits and '-' that begins "
        "with a letter");
  CHECK(changed("name = \"witness\"", "name = \"operator\"") ==
        "line 11, column 8: the name \"operator\" stands twice");
  CHECK(changed("purpose =", "preconditions = \"open\"\npurpose =") ==
        "line 4, column 17: \"preconditions\" must be a list of texts");
  CHECK(changed("[[role]]\nname = \"witness\"", "[people]\nindependent_witness = 1") ==
        "line 11, column 23: \"independent_witness\" must be true or false");
  CHECK(changed("[[role]]\nname = \"witness\"", "[people]\ncheck_in = \"signatur\"") ==
        "line 11, column 12: there is no check_in \"signatur\"; did you mean \"signature\"?");
  CHECK(changed("[[role]]\nname = \"witness\"", "[material]\nname = \"bag\"") ==
        "line 10, column 1: write it as [[material]], once for each");
  CHECK(changed("[[role]]\nname = \"witness\"", "[[material]]\nname = \"bag\"\nquantity = 0") ==
        "line 12, column 12: \"quantity\" must be a number from 1 to 10000");
  CHECK(
      changed("[[role]]\nname = \"witness\"", "[[duty]]\ntext = \"Lock up.\"\nrole = \"guard\"") ==
      "line 12, column 8: there is no role \"guard\"");
  CHECK(changed("help = \"the label of the key\"", "kind = \"files\"") ==
        "line 13, column 1: \"help\" is missing\n"
        "line 15, column 8: there is no kind \"files\"; did you mean \"file\"?");
}

TEST_CASE("A step says who, what and how, and its name once") {
  CHECK(one_step("kind = \"note\"\n") ==
        "line 23, column 1: \"name\" is missing\n"
        "line 23, column 1: \"title\" is missing\n"
        "line 23, column 1: \"role\" is missing\n"
        "line 23, column 1: \"text\" is missing");
  const std::string common = "title = \"T\"\nrole = \"witness\"\ntext = \"t\"\n";
  CHECK(one_step("name = \"begin\"\nkind = \"note\"\n" + common) ==
        "line 24, column 8: the name \"begin\" stands twice");
  CHECK(one_step("name = \"a\"\n" + common) == "line 23, column 1: \"kind\" is missing");
  CHECK(one_step("name = \"a\"\nkind = \"confrm\"\n" + common) ==
        "line 25, column 8: there is no kind \"confrm\"; did you mean \"confirm\"?");
  CHECK(one_step("name = \"a\"\nkind = \"confirm\"\n" + common) ==
        "line 23, column 1: \"words\" is missing");
  CHECK(one_step("name = \"a\"\nkind = \"note\"\nwords = \"yes\"\n" + common) ==
        "line 26, column 9: there is no field \"words\"");
  CHECK(one_step("name = \"a\"\nkind = \"record\"\nform = \"number\"\nminutes = 1441\n" + common) ==
        "line 27, column 11: \"minutes\" must be a number from 0 to 1440");
  CHECK(one_step("name = \"a\"\nkind = \"record\"\nform = \"digits\"\n" + common) ==
        "line 26, column 8: there is no form \"digits\"");
  CHECK(one_step("name = \"a\"\nkind = \"note\"\non_failure = \"abrt\"\n" + common) ==
        "line 26, column 14: there is no on_failure \"abrt\"; did you mean \"abort\"?");
}

TEST_CASE("An act has the fields of its command, and no other") {
  const std::string common = "name = \"make\"\ntitle = \"T\"\nrole = \"operator\"\n";
  CHECK(one_step(common + "act = \"wrap-for-import aws\"\n[step.with]\nlable = \"a\"\n") ==
        "line 23, column 1: wrap-for-import aws needs \"out\" in with\n"
        "line 29, column 9: there is no field of wrap-for-import aws \"lable\"; did you mean "
        "\"label\"?");
  CHECK(one_step(common + "act = \"generate-kek\"\n[step.with]\nlabel = { a = 1 }\n") ==
        "line 29, column 9: \"label\" must be a text, a number, true or false, or a list of texts");
  CHECK(one_step(common + "act = \"init\"\n") == "line 27, column 7: there is no act \"init\"");
  CHECK(found(with_steps("[[rehearsal]]\nact = \"tenant ad\"\n")) ==
        "line 24, column 7: there is no act \"tenant ad\"; did you mean \"tenant add\"?");
  CHECK(found(with_steps("[[rehearsal]]\nact = \"tenant add\"\n[rehearsal.with]\n"
                         "name = \"${labels}\"\n")) ==
        "line 26, column 8: there is no fixed input \"labels\"; did you mean \"label\"?");
}

TEST_CASE("What a step uses was bound, or comes from an earlier step") {
  const std::string common = "title = \"T\"\nrole = \"witness\"\n";
  const std::string note = "name = \"a\"\nkind = \"note\"\n" + common;
  CHECK(one_step(note + "text = \"${lable}\"\n") ==
        "line 28, column 8: there is no input or result of an earlier step \"lable\"; did you mean "
        "\"label\"?");
  CHECK(one_step(note + "text = \"${label\"\n") == "line 28, column 8: \"${\" has no \"}\"");
  CHECK(one_step(note +
                 "text = \"${bag.answer}\"\n\n[[step]]\nname = \"bag\"\nkind = \"record\"\n"
                 "text = \"t\"\n" +
                 common) ==
        "line 28, column 8: \"${bag.answer}\" comes from a step that is not earlier");
  CHECK(one_step("name = \"make\"\nact = \"generate-kek\"\n" + common +
                 "[step.with]\nlabel = \"${label}\"\n\n[[step]]\nname = \"a\"\nkind = \"note\"\n" +
                 common + "text = \"${make.check-valu}\"\n") ==
        "line 36, column 8: there is no input or result of an earlier step \"make.check-valu\"; "
        "did you mean \"make.check-value\"?");
  CHECK(one_step("name = \"make\"\nact = \"generate-kek\"\n" + common +
                 "[step.with]\nlabel = \"${nobody}\"\n") ==
        "line 29, column 9: there is no input or result of an earlier step \"nobody\"");
  CHECK(one_step("name = \"make\"\nact = \"generate-kek\"\n" + common +
                 "[step.with]\nfor = [\"${nobody\"]\n") ==
        "line 29, column 7: \"${\" has no \"}\"");
  CHECK(
      one_step("name = \"w\"\nkind = \"await\"\ninputs = [\"labels\"]\ntext = \"t\"\n" + common) ==
      "line 26, column 10: there is no input \"labels\"; did you mean \"label\"?");
  CHECK(
      one_step("name = \"c\"\nkind = \"compare\"\nvalue = \"the ${label}\"\nchannel = \"paper\"\n"
               "text = \"t\"\n" +
               common) ==
      "line 26, column 9: \"value\" must be one reference: what an earlier step made, or an input");
}

constexpr const char* kChoose = R"([[step]]
name = "which"
kind = "choose"
title = "Which"
role = "operator"
text = "Choose."
[[step.alternative]]
words = "one"
text = "the first"
[[step.alternative]]
words = "two"
text = "the second"
)";

TEST_CASE("A condition names an earlier choice and one of its alternatives") {
  const std::string step =
      "[[step]]\nname = \"a\"\nkind = \"note\"\ntitle = \"T\"\nrole = \"witness\"\ntext = \"t\"\n";
  const auto with_condition = [&](const std::string& condition) {
    return found(with_steps(kChoose + step + "only_if = \"" + condition + "\"\n"));
  };
  CHECK(read(with_steps(kChoose + step + "only_if = \"which=two\"\n")).steps[2].only_if_words ==
        "two");
  CHECK(with_condition("which") == "line 41, column 11: \"only_if\" must be \"STEP=WORDS\"");
  CHECK(with_condition("which=tow") ==
        "line 41, column 11: there is no alternative \"tow\"; did you mean \"two\"?");
  CHECK(with_condition("begin=one") ==
        "line 41, column 11: no earlier step \"choose\" has the name \"begin\"");
  CHECK(found(with_steps(step + "only_if = \"which=one\"\n" + kChoose)) ==
        "line 29, column 11: no earlier step \"choose\" has the name \"which\"");
  auto twice = std::string(kChoose);
  twice.replace(twice.find("\"two\""), 5, "\"one\"");
  CHECK(found(with_steps(twice)) == "line 29, column 1: the words \"one\" stand twice");
  CHECK(one_step(
            "name = \"a\"\nkind = \"choose\"\ntitle = \"T\"\nrole = \"witness\"\ntext = \"t\"\n") ==
        "line 23, column 1: a step \"choose\" needs two alternatives or more");
}

TEST_CASE("An alternative and the step that it replaces name each other") {
  const std::string step = "kind = \"note\"\ntitle = \"T\"\nrole = \"witness\"\ntext = \"t\"\n";
  CHECK(one_step("name = \"a\"\non_failure = \"alternative\"\n" + step) ==
        "line 25, column 14: \"alternative\" needs one later step with instead_of = \"a\"");
  CHECK(one_step("name = \"a\"\ninstead_of = \"begin\"\n" + step) ==
        "line 25, column 14: the step \"begin\" has no on_failure = \"alternative\"");
  CHECK(one_step("name = \"a\"\ninstead_of = \"nothing\"\n" + step) ==
        "line 25, column 14: no earlier step has the name \"nothing\"");
  CHECK(read(with_steps("[[step]]\nname = \"a\"\non_failure = \"alternative\"\n" + step +
                        "\n[[step]]\nname = \"b\"\ninstead_of = \"a\"\n" + step))
            .steps[2]
            .instead_of == "a");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
