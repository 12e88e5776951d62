// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// Nobody waits any more for what a destination answers.
#include <fmt/format.h>

#include "act/change_facts.h"
#include "act/chosen_destination.h"
#include "act/registry_replay.h"
#include "act/registry_rows.h"
#include "act/tenant_key.h"
#include "act/typed_text.h"
#include "approval/operation.h"
#include "base/error.h"
#include "base/text.h"
#include "shredding/forgetting.h"
#include "shredding/internal/forget_acts.h"
#include "shredding/internal/shred_acts.h"
#include "site/layout.h"

namespace keyrite::shredding {

namespace {

std::vector<act::Fact> waived_of(const Scope& scope, const std::string& destination,
                                 std::string& place) {
  std::vector<act::Fact> list;
  bool known = false;
  for (const auto& one : scope.versions) {
    for (const auto& at : one.places) {
      if (at.destination.id != destination) continue;
      known = true;
      place = act::place_text(at.destination);
      if (is_condemned(one) && may_be_at_cloud(at.placement) && !at.waived_by)
        list.push_back(act::waived(at.placement));
    }
  }
  if (!list.empty()) return list;
  if (!known) {
    throw Error(Kind::kUsage, "destination-unknown",
                fmt::format("no version of the tenant is, or was, at a destination {}",
                            printable(destination)),
                "shred --forget names those that did not answer, with their ids");
  }
  throw Error(Kind::kFailed, "waive-nothing",
              fmt::format("{} has nothing of the tenant that was approved for destruction and is "
                          "not answered",
                          place),
              "shred the tenant's keys first; what was waived or answered needs nothing more");
}

act::Outcome performed_waiver(const ShredRequest& request, act::AtWork& at) {
  const auto& site = act::required_site(at.context());
  const auto logged = logged_versions(site);
  std::string place;
  const auto list = waived_of(read_scope(at.context(), request, logged), *request.waive, place);
  const auto reason = act::keep_text(site.path(site::kTextsName), request.reason);
  act::Outcome outcome{
      .document = {{"destination", *request.waive}, {"versions", list.size()}},
      .text = {fmt::format("nobody waits any more for an answer about {} version(s) at {}",
                           list.size(), place),
               "a certificate has them as pending all the same"},
      .facts = {{"destination", act::Fact::id(*request.waive)}, {"versions", list.size()}},
      .registry = act::rows_of(kWaiveAct, Json{*request.waive, request.reason}, list.size(),
                               [list](registry::Stores& /*stores*/, const std::string& /*batch*/) {
                                 return act::changes(list);
                               })};
  outcome.facts.join(reason.log_facts());
  return outcome;
}

}  // namespace

act::Act waive(const ShredRequest& request) {
  require_sense(request);
  return {
      approval::operation_named(kWaiveAct), [=](const act::Context& context) {
        std::string place;
        const auto scope =
            read_scope(context, request, logged_versions(act::required_site(context)));
        const auto count = waived_of(scope, *request.waive, place).size();
        return act::PreparedAct{
            .intent = {.act = kWaiveAct,
                       .also = {kShredAct},
                       .request = act::record(request),
                       .inputs = {{.name = "versions", .value = count}}},
            .need = {.access = pkcs11::Access::kReadOnly},
            .preview =
                [=](act::AtWork& /*at*/) {
                  return act::Outcome{
                      .document = {{"destination", *request.waive}, {"versions", count}},
                      .text = {fmt::format("{} version(s) at {} would be waived", count, place)}};
                },
            .preview_needs_token = false,
            .perform = [=](act::AtWork& at) { return performed_waiver(request, at); }};
      }};
}

}  // namespace keyrite::shredding
