// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/step_acts.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "base/error.h"
#include "ceremony/references.h"
#include "certificate/issue.h"
#include "dek/requests.h"
#include "imports/verify_import.h"
#include "imports/wrap_request.h"
#include "inventory/accept.h"
#include "inventory/destinations.h"
#include "inventory/key_states.h"
#include "inventory/keys.h"
#include "inventory/pinned_keys.h"
#include "inventory/tenants.h"
#include "keys/activate_key.h"
#include "keys/adopt_key.h"
#include "keys/generate_kek.h"
#include "keys/reconcile.h"
#include "opening/init_site.h"
#include "rotation/requests.h"
#include "shredding/requests.h"
#include "token_check/token_check.h"

namespace keyrite::ceremony {

namespace {

template <class Request>
ActRequest fresh() {
  const auto held = std::make_shared<Request>();
  return {held, act::bind(Request::table(), *held)};
}

using Request = ActRequest (*)();

// An act whose whole request is in the log.
ActRow act_of(std::string_view command, std::string_view operation, Request request,
              std::vector<ActOutput> outputs = {}) {
  return {.command = command,
          .operations = {operation},
          .outputs = std::move(outputs),
          .request = request};
}

// An act on rows of the registry, of which the log has the tenant.
ActRow rows_act(std::string_view command, std::string_view operation, Request request) {
  return {.command = command, .operations = {operation}, .logs_request = false, .request = request};
}

ActRow wrap_of(std::string_view command, Request request) {
  return {.command = command,
          .operations = {"wrap-for-import", "trust-wrapping-key"},
          .lasting = "a wrapped copy of the key leaves the token",
          .outputs = {{"id", "/key_id"},
                      {"manifest-sha256", "/bundles/0/manifest_sha256"},
                      {"wrapping-key-sha256", "/bundles/0/wrapping_key_sha256"}},
          .request = request};
}

ActRow looking(ActRow row) {
  row.only_looks = true;
  return row;
}

ActRow lasting(ActRow row, std::string_view what) {
  row.lasting = what;
  return row;
}

// Of AWS a second bundle may be made, which is imported to prove the first.
ActRow wrap_for_aws() {
  ActRow row = wrap_of("wrap-for-import aws", fresh<imports::AwsWrapRequest>);
  row.outputs.push_back(
      {"verification-manifest-sha256", "/bundles/1/manifest_sha256", "verification-out"});
  row.outputs.push_back(
      {"verification-wrapping-key-sha256", "/bundles/1/wrapping_key_sha256", "verification-out"});
  return row;
}

// What makes, wraps and proves keys.
std::vector<ActRow> key_rows() {
  auto check = looking(act_of("token-check", "token-check", fresh<token_check::TokenCheckRequest>));
  check.operations.emplace_back("trust-wrapping-key");
  return {
      {.command = "init-site",
       .opens_site = true,
       .lasting = "a site is made, and in the token the key that signs its log",
       .request = fresh<opening::InitSiteRequest>},
      std::move(check),
      lasting(act_of("generate-kek", "generate-kek", fresh<keys::GenerateKekRequest>,
                     {{"id", "/key_id"},
                      {"check-value", "/check_values/0/value"},
                      {"public-key-sha256", "/public_key/sha256"}}),
              "a key is made in the token"),
      wrap_for_aws(),
      wrap_of("wrap-for-import azure", fresh<imports::AzureWrapRequest>),
      wrap_of("wrap-for-import google", fresh<imports::GoogleWrapRequest>),
      looking(act_of("verify-import bundle", "verify-import", fresh<imports::VerifyBundleRequest>,
                     {{"manifest-sha256", "/manifest_sha256"}})),
      looking(act_of("verify-import answers", "verify-import", fresh<imports::VerifyAnswersRequest>,
                     {{"verdict", "/verdict"}}))};
}

// What is done for tenants.
std::vector<ActRow> tenant_rows() {
  using namespace inventory;  // NOLINT(google-build-using-namespace): of the table alone
  auto rewrap = act_of("dek rewrap", "dek-rewrap", fresh<dek::RewrapRequest>);
  rewrap.operations.emplace_back("dek");
  return {
      rows_act("tenant add", "tenant-add", fresh<AddTenantsRequest>),
      rows_act("tenant hold", "tenant-hold", fresh<HoldTenantRequest>),
      rows_act("tenant release", "tenant-release", fresh<ReleaseTenantRequest>),
      rows_act("tenant offboard", "tenant-offboard", fresh<OffboardTenantRequest>),
      rows_act("key add", "key-add", fresh<AddKeysRequest>),
      act_of("key activate", "key-activate", fresh<keys::ActivateKeyRequest>),
      rows_act("key suspend", "key-suspend", fresh<MoveVersionRequest>),
      lasting(rows_act("key mark-compromised", "key-mark-compromised", fresh<MoveVersionRequest>),
              "a compromised version never becomes active again"),
      rows_act("destination add", "destination-add", fresh<AddDestinationsRequest>),
      act_of("destination pin", "destination-pin", fresh<PinKeyRequest>),
      act_of("inventory accept", "inventory-accept", fresh<AcceptRequest>),
      act_of("inventory adopt", "inventory-adopt", fresh<keys::AdoptKeyRequest>),
      looking(act_of("inventory reconcile", "inventory-reconcile", fresh<keys::ReconcileRequest>)),
      std::move(rewrap)};
}

// Commands of several acts, which find out what is to be done when they run.
std::vector<ActRow> flow_rows() {
  return {{.command = "rotate",
           .operations = {"rotate", "generate-kek", "wrap-for-import", "key-activate", "dek-rewrap",
                          "dek"},
           .one_act = false,
           .lasting = "a new version is made, and the version before is deactivated",
           .request = fresh<rotation::RotateRequest>},
          {.command = "shred",
           .operations = {"shred-destroy", "shred-records", "shred-close", "shred-deletion"},
           .one_act = false,
           .lasting = "keys are destroyed: what only they open is unreadable for ever",
           .request = fresh<shredding::ShredRequest>},
          act_of("shred certificate", "shred-certificate", fresh<certificate::IssueRequest>)};
}

std::vector<std::string> words_of(const Json& value, const std::string& name) {
  if (value.is_string()) return {value.get<std::string>()};
  if (value.is_number_integer()) return {std::to_string(value.get<std::int64_t>())};
  std::vector<std::string> words;
  if (value.is_array()) {
    for (const auto& one : value) words.push_back(one.get<std::string>());
    return words;
  }
  throw Error(Kind::kUsage, "value-not-allowed",
              fmt::format("\"{}\" has a value that is no text, number or list", name),
              "write a text in quotes");
}

// The texts that refer to nothing; any other value as it is.
Json fixed_part(const Json& value) {
  const ValueOf nothing = [](const std::string& /*name*/) { return std::nullopt; };
  if (!value.is_array()) return resolved(value, nothing).value_or(Json());
  Json fixed = Json::array();
  for (const auto& one : value) {
    if (auto text = resolved(one, nothing)) fixed.push_back(std::move(*text));
  }
  return fixed.empty() ? Json() : fixed;
}

}  // namespace

const std::vector<ActRow>& step_acts() {
  static const std::vector<ActRow> table = [] {
    auto all = key_rows();
    for (auto& row : tenant_rows()) all.push_back(std::move(row));
    for (auto& row : flow_rows()) all.push_back(std::move(row));
    return all;
  }();
  return table;
}

std::vector<std::string> act_commands() {
  std::vector<std::string> commands;
  for (const auto& row : step_acts()) commands.emplace_back(row.command);
  return commands;
}

const ActRow* find_act(std::string_view command) {
  const auto found = std::ranges::find(step_acts(), command, &ActRow::command);
  return found == step_acts().end() ? nullptr : &*found;
}

std::vector<std::string> field_names(const ActRow& row) {
  std::vector<std::string> names;
  for (const auto& field : row.request().fields) names.emplace_back(field.info().name);
  return names;
}

bool is_flag(const ActRow& row, std::string_view name) {
  const auto request = row.request();
  return std::ranges::any_of(request.fields, [&](const auto& field) {
    return field.info().name == name && field.is_flag();
  });
}

std::optional<std::string> why_not_taken(const ActRow& row, const std::string& name,
                                         const Json& value) {
  const auto request = row.request();
  const auto field = std::ranges::find_if(request.fields,
                                          [&](const auto& one) { return one.info().name == name; });
  const Json fixed = fixed_part(value);
  if (field == request.fields.end() || field->is_flag() || fixed.is_null()) return std::nullopt;
  try {
    field->set(words_of(fixed, name));
    const auto what = field->info().binds.what();
    if (what == act::Binds::What::kPlain || what == act::Binds::What::kWord)
      (void)act::record(act::BoundRequest{*field});
    return std::nullopt;
  } catch (const Error& error) {
    // The table speaks of an option: "--type does not take ...".
    const std::string option = "--" + name;
    std::string why = error.message();
    if (why.starts_with(option)) why = fmt::format("\"{}\"{}", name, why.substr(option.size()));
    return error.hint().empty() ? why : fmt::format("{}; {}", why, error.hint());
  }
}

std::vector<ActOutput> outputs_of(const ActRow& row, const FieldValues& values) {
  std::vector<ActOutput> made;
  std::ranges::copy_if(row.outputs, std::back_inserter(made), [&](const ActOutput& output) {
    return output.only_with.empty() || std::ranges::any_of(values, [&](const auto& field) {
             return field.first == output.only_with;
           });
  });
  return made;
}

std::vector<std::string> missing_fields(const ActRow& row, const FieldValues& values) {
  std::vector<std::string> missing;
  for (const auto& field : row.request().fields) {
    const auto given = std::ranges::any_of(
        values, [&](const auto& value) { return value.first == field.info().name; });
    if (field.info().need == act::Need::kRequired && !given)
      missing.emplace_back(field.info().name);
  }
  return missing;
}

void set_fields(const ActRequest& request, const FieldValues& values) {
  for (const auto& [name, value] : values) {
    const auto field = std::ranges::find_if(
        request.fields, [&wanted = name](const auto& one) { return one.info().name == wanted; });
    if (field == request.fields.end()) {
      throw Error(Kind::kInternal, "ceremony-field-unknown",
                  fmt::format("there is no field \"{}\"", name), "this is a defect of keyrite");
    }
    if (!field->is_flag()) {
      field->set(words_of(value, name));
    } else if (value == Json(true)) {
      field->set({});
    }
  }
}

}  // namespace keyrite::ceremony
