// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/act_flow.h"

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "certificate/issue.h"
#include "dek/rewrap.h"
#include "imports/verify_import.h"
#include "imports/wrap_for_import.h"
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
#include "rotation/rotation.h"
#include "shredding/shredding.h"
#include "token_check/token_check.h"

namespace keyrite::ceremony {

namespace {

using Start = ActFlow (*)(const ActRequest& request, const act::Context& context);

template <class Request>
const Request& held(const ActRequest& request) {
  return *std::static_pointer_cast<Request>(request.held);
}

[[noreturn]] void throw_on(const Error& error) { throw Error(error); }

// A flow of one act.
ActFlow once(act::Act act) {
  const auto left = std::make_shared<std::optional<act::Act>>(std::move(act));
  return {
      .next = [left]() -> std::optional<act::Act> { return std::exchange(*left, std::nullopt); },
      .failed = [](const Error& error) -> bool { throw_on(error); },
      .text = [] { return std::vector<std::string>{}; },
      .code = [] { return 0; },
      .error = [] { return std::optional<Error>{}; }};
}

template <class Request, act::Act (*Make)(const Request&)>
ActFlow one(const ActRequest& request, const act::Context& /*context*/) {
  return once(Make(held<Request>(request)));
}

ActFlow rotate(const ActRequest& request, const act::Context& context) {
  const auto rotation =
      std::make_shared<rotation::Rotation>(held<rotation::RotateRequest>(request), context);
  return {.next = [rotation] { return rotation->next(); },
          .failed = [rotation](const Error& error) { return rotation->failed(error); },
          .text = [rotation] { return rotation->text(); },
          .code = [rotation] { return rotation->code(); },
          .error = [rotation] { return rotation->error(); }};
}

ActFlow shred(const ActRequest& request, const act::Context& context) {
  const auto shredding =
      std::make_shared<shredding::Shredding>(held<shredding::ShredRequest>(request), context);
  return {.next = [shredding] { return shredding->next(); },
          .failed = [](const Error& error) -> bool { throw_on(error); },
          .text = [shredding] { return shredding->text(); },
          .code = [shredding] { return shredding->code(); },
          .error = [] { return std::optional<Error>{}; }};
}

// Where the last signed checkpoint is kept stands in the request: people know which medium it is.
act::Act new_site(const opening::InitSiteRequest& request) {
  return opening::init_site(request, {});
}

act::Act rewrapped(const dek::RewrapRequest& request) { return dek::rewrap_deks(request); }

const std::vector<std::pair<std::string_view, Start>>& starts() {
  using namespace inventory;  // NOLINT(google-build-using-namespace): of the table alone
  static const std::vector<std::pair<std::string_view, Start>> table{
      {"init-site", one<opening::InitSiteRequest, new_site>},
      {"token-check", one<token_check::TokenCheckRequest, token_check::token_check>},
      {"generate-kek", one<keys::GenerateKekRequest, keys::generate_kek>},
      {"wrap-for-import aws", one<imports::AwsWrapRequest, imports::wrap_for_import>},
      {"wrap-for-import azure", one<imports::AzureWrapRequest, imports::wrap_for_import>},
      {"wrap-for-import google", one<imports::GoogleWrapRequest, imports::wrap_for_import>},
      {"verify-import bundle", one<imports::VerifyBundleRequest, imports::verify_import_bundle>},
      {"verify-import answers", one<imports::VerifyAnswersRequest, imports::verify_import_answers>},
      {"tenant add", one<AddTenantsRequest, add_tenants>},
      {"tenant hold", one<HoldTenantRequest, hold_tenant>},
      {"tenant release", one<ReleaseTenantRequest, release_tenant>},
      {"tenant offboard", one<OffboardTenantRequest, offboard_tenant>},
      {"key add", one<AddKeysRequest, add_keys>},
      {"key activate", one<keys::ActivateKeyRequest, keys::activate_key>},
      {"key suspend", one<MoveVersionRequest, suspend_version>},
      {"key mark-compromised", one<MoveVersionRequest, compromise_version>},
      {"destination add", one<AddDestinationsRequest, add_destinations>},
      {"destination pin", one<PinKeyRequest, pin_key>},
      {"inventory accept", one<AcceptRequest, accept_placement>},
      {"inventory adopt", one<keys::AdoptKeyRequest, keys::adopt_key>},
      {"inventory reconcile", one<keys::ReconcileRequest, keys::reconcile>},
      {"dek rewrap", one<dek::RewrapRequest, rewrapped>},
      {"rotate", rotate},
      {"shred", shred},
      {"shred certificate", one<certificate::IssueRequest, certificate::issue>}};
  return table;
}

}  // namespace

bool take_over(const ActRow& row, const ActRequest& request, const std::string& id) {
  if (row.command != keys::kGenerateKekAct) return false;
  std::static_pointer_cast<keys::GenerateKekRequest>(request.held)->made_before = id;
  return true;
}

void require_reached(int code) {
  if (code == 0) return;
  throw Error(Kind::kFailed, "ceremony-step-open",
              fmt::format("the act ended with exit code {}: what it is for is not reached", code),
              "what is missing is said above");
}

ActFlow start_flow(const ActRow& row, const ActRequest& request, const act::Context& context) {
  const auto found =
      std::ranges::find(starts(), row.command, &std::pair<std::string_view, Start>::first);
  if (found == starts().end()) {
    throw Error(Kind::kInternal, "act-not-startable",
                fmt::format("nothing starts the act \"{}\" of a ceremony", row.command),
                "this is a defect of keyrite: ceremony/act_flow.cc has no such row");
  }
  act::require_complete(request.fields);
  return found->second(request, context);
}

}  // namespace keyrite::ceremony
