// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The two halves of the table of acts: what a file may name, and what starts it.
#include "ceremony/act_flow.h"

#include <doctest/doctest.h>

#include "support/failure.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

TEST_CASE("Each act that a file may name is started, and no other") {
  for (const auto& row : ceremony::step_acts()) {
    CAPTURE(std::string(row.command));
    // An act whose request is not complete says what is missing; it is known all the same.
    const auto failed =
        failure_of([&] { (void)ceremony::start_flow(row, row.request(), act::Context{}); });
    CHECK(failed.code != "act-not-startable");
    CHECK(ceremony::find_act(row.command) == &row);
    // No policy is in force before there is a site.
    CHECK(row.operations.empty() == row.opens_site);
  }
  auto other = ceremony::step_acts().front();
  other.command = "format-the-disk";
  CHECK(failure_of([&] {
          (void)ceremony::start_flow(other, other.request(), act::Context{});
        }).code == "act-not-startable");
  CHECK(ceremony::find_act("format-the-disk") == nullptr);
}

TEST_CASE("A field that the act does not have is not set") {
  const auto& row = *ceremony::find_act("generate-kek");
  CHECK(failure_of([&] {
          ceremony::set_fields(row.request(), {{"colour", "red"}});
        }).code == "ceremony-field-unknown");
  const auto request = row.request();
  ceremony::set_fields(request,
                       {{"label", "k"}, {"for", {"aws", "google"}}, {"extractable", true}});
  CHECK(act::to_json(request.fields) ==
        Json{{"label", "k"}, {"for", {"aws", "google"}}, {"extractable", true}});
}

TEST_CASE("What an act is for is reached with exit code 0 alone") {
  CHECK(failure_of([] { ceremony::require_reached(0); }).code == "no error");
  CHECK(failure_of([] { ceremony::require_reached(7); }).code == "ceremony-step-open");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
