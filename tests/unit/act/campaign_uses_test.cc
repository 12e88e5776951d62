// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What an auditor's look at a log says of acts under campaigns.
#include "audit/campaign_uses.h"

#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <vector>

#include "base/json.h"
#include "support/failure.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

const std::string kCampaign(32, 'c');
const std::string kPlan(64, 'a');

Json decided(const char* act, const char* outcome = "done") {
  return {
      {"act", act},
      {"event", "result"},
      {"outcome", outcome},
      {"facts",
       {{"changes",
         Json::array({Json{
             {"decision", {{"kind", "campaign"}, {"subject", kCampaign}, {"sha256", kPlan}}}}})}}}};
}
Json use(std::uint64_t number, std::uint64_t of = 2, const std::string& plan = kPlan) {
  return {{"act", "rotate"},
          {"event", "intent"},
          {"campaign", {{"id", kCampaign}, {"of", of}, {"plan_sha256", plan}, {"use", number}}}};
}

std::string code_of(const std::vector<Json>& entries) {
  return failure_of([&] {
           audit::CampaignUses uses;
           std::uint64_t index = 0;
           for (const auto& entry : entries) uses.take(index++, entry.dump());
         })
      .code;
}

TEST_CASE("Acts under a campaign are counted from its opening, without a gap, to its number") {
  const Json opened = decided("campaign-open");
  CHECK(code_of({opened, use(1), use(2), decided("campaign-close")}) == "no error");
  CHECK(code_of({opened, Json{{"event", "intent"}, {"act", "rotate"}}, use(1)}) == "no error");
  const std::vector<std::vector<Json>> wrong{{use(1)},
                                             {decided("campaign-open", "failed"), use(1)},
                                             {decided("destination-add"), use(1)},
                                             {opened, use(2)},
                                             {opened, use(1), use(1)},
                                             {opened, use(1), use(2), use(3)},
                                             {opened, use(1), use(2), use(3, 3)},
                                             {opened, use(1, 2, std::string(64, 'b'))},
                                             {opened, decided("campaign-close"), use(1)},
                                             {opened, use(0)}};
  for (const auto& entries : wrong) {
    CAPTURE(entries.back().dump());
    CHECK(code_of(entries) == "campaign-miscounted");
  }
}

std::string code_of_line(std::string line) {
  return failure_of([&] {
           audit::CampaignUses uses;
           uses.take(0, line);
         })
      .code;
}

TEST_CASE("A signed line that tells of a campaign and is no valid JSON is refused") {
  const auto twice = [](Json entry) {
    auto line = entry.dump();
    return line.insert(line.size() - 1, R"(,"seq":1,"seq":2)");
  };
  CHECK(code_of_line(twice(use(1))) == "entry-invalid");
  CHECK(code_of_line(twice(decided("campaign-open"))) == "entry-invalid");
  // 0.1.0 signed whatever was in the log.
  CHECK(code_of_line("a campaign") == "no error");
  CHECK(code_of_line(R"({"event":"refused","x":"campaign)") == "no error");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
