// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What is said of a token: to people and programs, and to the log.
#include "base/error.h"
#include "pkcs11/question.h"
#include "token_check/internal/token_probe.h"
#include "token_check/token_check.h"

namespace keyrite::token_check {

std::string_view finding_name(const TokenCheckRow& row) {
  return row.outcome ? wrap::outcome_name(*row.outcome) : "not tried";
}

act::LogFacts TokenCheckReport::log_facts() const {
  std::vector<act::Fact> list;
  for (const auto& row : rows) {
    act::LogFacts facts{
        {"group", act::Words(row.group)},
        {"what", row.what},
        {"outcome", row.outcome ? act::Words::of(*row.outcome) : act::Words("not tried")}};
    if (row.ckr) {
      facts.add("ckr", act::Fact::of(*row.ckr));
    } else if (!row.how.empty()) {
      facts.add("how", row.how);
    }
    list.emplace_back(facts);
  }
  std::vector<act::Fact> judged;
  for (const auto& cloud : clouds)
    judged.emplace_back(act::LogFacts{{"cloud", act::Words::of(cloud.provider)},
                                      {"can", keys::can_words(keys::best_of(cloud.abilities))}});
  return {{"objects_before", objects_before},
          {"objects_after", objects_after},
          {"rows", list},
          {"clouds", judged}};
}

Json TokenCheckReport::to_json() const {
  Json list = Json::array();
  for (const auto& row : rows) {
    Json json{{"group", row.group.text()},
              {"what", row.what.text()},
              {"outcome", finding_name(row)},
              {"detail", row.detail}};
    if (row.ckr)
      json["ckr"] = {
          {"function", row.ckr->function}, {"name", row.ckr->name}, {"value", row.ckr->value}};
    if (!row.call.empty()) json["call"] = row.call;
    list.push_back(std::move(json));
  }
  Json judged = Json::array();
  for (const auto& cloud : clouds) {
    Json abilities = Json::array();
    for (const auto& one : cloud.abilities) abilities.push_back(one.to_json());
    judged.push_back({{"cloud", provider::provider_name(cloud.provider)},
                      {"answer", keys::can_words(keys::best_of(cloud.abilities)).text()},
                      {"asked", std::move(abilities)}});
  }
  return {
      {"token", token.uri()},
      {"module",
       {{"path", module.path}, {"description", module.description}, {"version", module.version}}},
      {"objects_before", objects_before},
      {"objects_after", objects_after},
      {"rows", list},
      {"clouds", judged}};
}

}  // namespace keyrite::token_check
