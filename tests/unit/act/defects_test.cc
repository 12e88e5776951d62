// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What no caller in the house does, and what only a race leaves: each has its code.
#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

#include "act/act.h"
#include "act/request.h"
#include "act/run_needs.h"
#include "act/runner.h"
#include "audit/internal/verify_text.h"
#include "support/failure.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

struct ReadRequest {
  std::optional<std::string> file{};
  static const std::vector<act::Field<ReadRequest>>& table() {
    static const std::vector<act::Field<ReadRequest>> fields{
        {{.name = "file", .value = "FILE", .help = "a file", .binds = act::Binds::input()},
         &ReadRequest::file}};
    return fields;
  }
};

TEST_CASE("An input that was not hashed is never recorded") {
  const ReadRequest request{.file = "params.json"};
  const auto failure = failure_of([&] { (void)act::record(request); });
  CHECK(failure.code == "input-not-read");
  CHECK(failure.kind == Kind::kInternal);
  const auto read = act::record(request, {{"file", {std::string(64, 'a')}}});
  REQUIRE(read.size() == 1);
  CHECK(read.front().value == Json{{"sha256", std::string(64, 'a')}});
}

TEST_CASE("An act on files that asks for a token is a defect") {
  const act::Context context;
  const act::AtWork at(context);
  const auto failure = failure_of([&] { (void)at.token(); });
  CHECK(failure.code == "no-token");
  CHECK(failure.kind == Kind::kInternal);
}

TEST_CASE("An act that asks for parts, and has none, is a defect") {
  const act::Context context;
  const act::AtWork at(context);
  CHECK(failure_of([&] { (void)at.parts(); }).code == "no-parts");
}

TEST_CASE("A dry run of an act that has none is a defect") {
  const act::Act act{.operation = *approval::find_operation("verify-import"),
                     .prepare = [](const act::Context& /*context*/) { return act::PreparedAct{}; }};
  act::Runner runner(act::Context{});
  const auto failure = failure_of([&] { (void)runner.preview(act); });
  CHECK(failure.code == "no-preview");
  CHECK(failure.kind == Kind::kInternal);
}

TEST_CASE("A name with characters that nobody sees is in no command") {
  CHECK(failure_of([] { (void)audit::ShellWord("a b"); }).code == "no error");
  for (const std::string name : {"a\x1b[2J", "a\nb", "\xe2\x80\xae"}) {
    const auto failure = failure_of([&] { (void)audit::ShellWord(name); });
    CHECK(failure.code == "name-unprintable");
    CHECK(failure.kind == Kind::kConfig);
  }
}

TEST_CASE("A site of version 1 whose policy asks for approvals needs its roster") {
  act::SiteBinding use{.site = {.folder = "/nowhere/site",
                                .log_key = transcript::NoteKey::parse(
                                    "example.com/foo+530d903a+"
                                    "AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")}};
  use.site.settings.approvals.needed = {{"generate-kek", {{"security-officer", 1}}}};
  use.site.settings.approvals.roster = "roster.toml";
  act::Context context;
  context.site = use;
  const auto failure =
      failure_of([&] { (void)act::needs_of(context, {.act = "generate-kek"}, false); });
  CHECK(failure.code == "roster-missing");
  CHECK(failure.kind == Kind::kConfig);
  CHECK(failure.message.find("/nowhere/site/roster.toml") != std::string::npos);
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
