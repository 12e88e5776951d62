// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "act/internal/approval_gate.h"
#include "support/failure.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using approval::Threshold;

site::ApprovalSettings policy() {
  site::ApprovalSettings settings;
  settings.needed = {{"wrap-for-import", {{"operator", 1}, {"security-officer", 1}}},
                     {"trust-wrapping-key", {{"security-officer", 2}, {"auditor", 1}}},
                     {"shred", {}}};
  return settings;
}

Threshold needed_for(const std::string& act, std::vector<std::string> also = {}) {
  return act::threshold_for(policy(), {.act = act, .also = std::move(also)});
}

TEST_CASE("An act needs whom its own line names, and nobody where there is none") {
  CHECK(needed_for("wrap-for-import") == Threshold{{"operator", 1}, {"security-officer", 1}});
  CHECK(needed_for("generate-kek").empty());
  CHECK(needed_for("shred").empty());
}

TEST_CASE("An act that matches two operations needs the larger number of each role") {
  const Threshold both{{"auditor", 1}, {"operator", 1}, {"security-officer", 2}};
  CHECK(needed_for("wrap-for-import", {"trust-wrapping-key"}) == both);
  CHECK(needed_for("trust-wrapping-key", {"wrap-for-import"}) == both);
  CHECK(needed_for("generate-kek", {"trust-wrapping-key"}) ==
        Threshold{{"auditor", 1}, {"security-officer", 2}});
}

TEST_CASE("An act that the table of operations does not have never passes as one for nobody") {
  for (const auto& failure :
       {failure_of([] { (void)needed_for("wrap-for-imports"); }),
        failure_of([] { (void)needed_for("wrap-for-import", {"trust-wraping-key"}); })}) {
    CHECK(failure.code == "operation-unknown");
    CHECK(failure.kind == Kind::kInternal);
  }
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
