// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/step_acts.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"
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

constexpr std::string_view kMakesKey = "a key is made in the token";
constexpr std::string_view kWraps = "a wrapped copy of the key leaves the token";

std::vector<ActOutput> bundle_outputs() {
  return {{"id", "/key_id"},
          {"manifest-sha256", "/bundles/0/manifest_sha256"},
          {"wrapping-key-sha256", "/bundles/0/wrapping_key_sha256"}};
}

// What makes, wraps and proves keys.
std::vector<ActRow> key_rows() {
  using Words = std::vector<std::string_view>;
  const Words wrap{"wrap-for-import", "trust-wrapping-key"};
  return {
      {"token-check", {"token-check"}, true, "", {}, fresh<token_check::TokenCheckRequest>},
      {"generate-kek",
       {"generate-kek"},
       true,
       kMakesKey,
       {{"id", "/id"},
        {"check-value", "/check_values/0/value"},
        {"public-key-sha256", "/public_key/sha256"}},
       fresh<keys::GenerateKekRequest>},
      {"wrap-for-import aws", wrap, true, kWraps, bundle_outputs(), fresh<imports::AwsWrapRequest>},
      {"wrap-for-import azure", wrap, true, kWraps, bundle_outputs(),
       fresh<imports::AzureWrapRequest>},
      {"wrap-for-import google", wrap, true, kWraps, bundle_outputs(),
       fresh<imports::GoogleWrapRequest>},
      {"verify-import bundle",
       {"verify-import"},
       true,
       "",
       {{"manifest-sha256", "/manifest_sha256"}},
       fresh<imports::VerifyBundleRequest>},
      {"verify-import answers",
       {"verify-import"},
       true,
       "",
       {{"verdict", "/verdict"}},
       fresh<imports::VerifyAnswersRequest>}};
}

// What is done for tenants.
std::vector<ActRow> tenant_rows() {
  using Words = std::vector<std::string_view>;
  const Words rotate{"rotate",       "generate-kek", "wrap-for-import",
                     "key-activate", "dek-rewrap",   "dek"};
  return {
      {"tenant add", {"tenant-add"}, true, "", {}, fresh<inventory::AddTenantsRequest>},
      {"tenant hold", {"tenant-hold"}, true, "", {}, fresh<inventory::HoldTenantRequest>},
      {"tenant release", {"tenant-release"}, true, "", {}, fresh<inventory::ReleaseTenantRequest>},
      {"tenant offboard",
       {"tenant-offboard"},
       true,
       "",
       {},
       fresh<inventory::OffboardTenantRequest>},
      {"key add", {"key-add"}, true, "", {}, fresh<inventory::AddKeysRequest>},
      {"key activate", {"key-activate"}, true, "", {}, fresh<keys::ActivateKeyRequest>},
      {"key suspend", {"key-suspend"}, true, "", {}, fresh<inventory::MoveVersionRequest>},
      {"key mark-compromised",
       {"key-mark-compromised"},
       true,
       "a compromised version never becomes active again",
       {},
       fresh<inventory::MoveVersionRequest>},
      {"destination add",
       {"destination-add"},
       true,
       "",
       {},
       fresh<inventory::AddDestinationsRequest>},
      {"destination pin", {"destination-pin"}, true, "", {}, fresh<inventory::PinKeyRequest>},
      {"inventory accept", {"inventory-accept"}, true, "", {}, fresh<inventory::AcceptRequest>},
      {"inventory adopt", {"inventory-adopt"}, true, "", {}, fresh<keys::AdoptKeyRequest>},
      {"inventory reconcile", {"inventory-reconcile"}, true, "", {}, fresh<keys::ReconcileRequest>},
      {"dek rewrap", {"dek-rewrap", "dek"}, true, "", {}, fresh<dek::RewrapRequest>},
      {"rotate",
       rotate,
       false,
       "a new version is made, and the version before is deactivated",
       {},
       fresh<rotation::RotateRequest>},
      {"shred",
       {"shred-destroy", "shred-records", "shred-close", "shred-deletion"},
       false,
       "keys are destroyed: what only they open is unreadable for ever",
       {},
       fresh<shredding::ShredRequest>},
      {"shred certificate", {"shred-certificate"}, true, "", {}, fresh<certificate::IssueRequest>},
  };
}

std::vector<std::string> words_of(const Json& value, const std::string& name) {
  if (value.is_string()) return {value.get<std::string>()};
  if (value.is_number_unsigned()) return {std::to_string(value.get<std::uint64_t>())};
  std::vector<std::string> words;
  if (value.is_array()) {
    for (const auto& one : value) words.push_back(one.get<std::string>());
    return words;
  }
  throw Error(Kind::kUsage, "value-not-allowed",
              fmt::format("\"{}\" has a value that is no text, number or list", name),
              "write a text in quotes");
}

}  // namespace

const std::vector<ActRow>& step_acts() {
  static const std::vector<ActRow> table = [] {
    auto all = key_rows();
    for (auto& row : tenant_rows()) all.push_back(std::move(row));
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
        request.fields, [&](const auto& one) { return one.info().name == name; });
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
