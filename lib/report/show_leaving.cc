// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "report/show_leaving.h"

#include <chrono>

#include <fmt/format.h>

#include "act/option_words.h"
#include "act/registry_reading.h"
#include "act/registry_rows.h"
#include "act/tenant_key.h"
#include "audit/transcript_source.h"
#include "base/error.h"
#include "base/text.h"
#include "registry/registry.h"
#include "report/gathering.h"
#include "report/offboarding.h"
#include "site/layout.h"

namespace keyrite::report {

namespace {

registry::Tenant tenant_of(const registry::Stores& stores, const std::string& word) {
  if (const auto tenant = stores.tenants.find(word)) return *tenant;
  return act::tenant_named(stores.tenants, word);
}

std::optional<Time> given_time(const LeavingRequest& request) {
  if (!request.requested_at) return std::nullopt;
  return std::chrono::floor<std::chrono::milliseconds>(
      act::time_given(*request.requested_at, "--requested-at", act::DayMeans::kStart));
}

}  // namespace

const std::vector<act::Field<LeavingRequest>>& LeavingRequest::table() {
  using R = LeavingRequest;
  static const std::vector<act::Field<R>> fields{
      {{.name = "name",
        .value = "NAME",
        .help = "the tenant; its id once it is forgotten",
        .need = act::Need::kRequired,
        .shape = act::Shape::kPositional,
        .binds = act::Binds::name()},
       &R::name},
      {{.name = "requested-at",
        .value = "TIME",
        .help = "when somebody asked for the erasure, where the log does not say so; the earliest "
                "counts",
        .binds = act::Binds::word(act::is_time_word)},
       &R::requested_at},
      {audit::vkey_field(), &R::vkey}};
  return fields;
}

inventory::Shown show_leaving(const LeavingRequest& request, const act::Context& context) {
  const site::Site& site = act::required_site(context);
  const auto given = given_time(request);
  const Reading reading = read_log_of(site, request.vkey, std::nullopt, context.progress);
  registry::Registry registry(site.path(site::kRegistryName));
  act::require_readable(registry, site);
  act::require_decisions_of_log(registry, site);
  const auto view = registry.read();
  const auto& stores = *view.operator->();
  const Account whole =
      account_until(site, reading, stores.log.position(site.settings.log.origin).size);
  const auto tenant = tenant_of(stores, request.name);
  const Leaving leaving = leaving_of(whole, stores, tenant, given);
  Names names(stores);
  const auto wrong = compared(whole, reading.size(), stores, names).wrong;
  const Time now = act::time_of(context);
  inventory::Shown shown{.document = to_json(leaving, reading.size(), now),
                         .text = text_of(leaving, reading.size(), now)};
  shown.document["vkeys_from"] = reading.audited.keys_of_site ? "site" : "given";
  shown.document["wrong"] = wrong;
  for (const auto& one : wrong) {
    for (const auto& line : wrap_words("registry and log do not agree: " + one, kColumns))
      shown.text.push_back(line);
  }
  if (!wrong.empty()) {
    shown.code = static_cast<int>(Kind::kVerification);
  } else if (!leaving.is_over()) {
    shown.code = static_cast<int>(Kind::kWaiting);
  }
  return shown;
}

}  // namespace keyrite::report
