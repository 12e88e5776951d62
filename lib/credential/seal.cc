#include "credential/seal.h"

#include <chrono>
#include <memory>

#include <fmt/format.h>

#include "act/closing.h"
#include "act/option_words.h"
#include "act/registry_rows.h"
#include "act/tenant_key.h"
#include "approval/operation.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "credential/named.h"
#include "credential/record.h"
#include "credential/sealed_row.h"
#include "credential/secret_source.h"
#include "dek/open_kek.h"
#include "registry/registry.h"
#include "site/layout.h"

namespace keyrite::credential {

namespace {

using Secret = std::shared_ptr<const crypto::SecretBytes>;

// What is to be sealed, and under which version, as the registry has both now.
struct Planned {
  registry::Credential row{};
  dek::KekOnRecord kek{};
};

std::optional<registry::Time> time_given(const std::optional<std::string>& text,
                                         std::string_view option, registry::Time now) {
  if (!text) return std::nullopt;
  const auto time = std::chrono::floor<std::chrono::milliseconds>(
      act::time_given(*text, option, act::DayMeans::kEnd));
  if (time > now) return time;
  throw Error(Kind::kUsage, "credential-over",
              fmt::format("{} {} is in the past", option, format_rfc3339(time)),
              "give a time to come");
}

template <class Request>
void set_times(registry::Credential& row, const Request& request, registry::Time now) {
  row.expires = time_given(request.expires, "--expires", now);
  row.due = time_given(request.rotate_by, "--rotate-by", now);
}

Planned planned(const registry::Stores& stores, const SealRequest& request,
                const act::Context& context) {
  const auto tenant = act::tenant_named(stores.tenants, request.tenant);
  act::require_active(tenant);
  const auto key = act::key_named(stores, request.tenant, request.key);
  const Name name = name_of(request);
  if (stores.credentials.of_service(tenant.id, request.service, request.environment)) {
    throw Error(Kind::kFailed, "credential-exists",
                fmt::format("the tenant \"{}\" has a credential {} already",
                            printable(request.tenant), name.text()),
                "give it a new secret with keyrite credential rotate, or revoke it first");
  }
  // By themselves: what throws within a braced list makes g++ 12 destroy its neighbours twice.
  auto kek = dek::active_kek(stores, key, decisions_when_asked(context));
  Planned plan{.kek = std::move(kek)};
  plan.row.tenant = tenant.id;
  plan.row.owner = request.owner;
  plan.row.service = request.service;
  plan.row.environment = request.environment;
  plan.row.scope = request.scope.value_or("");
  set_times(plan.row, request, time_of(context));
  return plan;
}

Planned planned(const registry::Stores& stores, const RotateRequest& request,
                const act::Context& context) {
  auto found = credential_named(stores, name_of(request));
  act::require_active(found.tenant);
  const auto key = stores.keys.find(found.dek.version.key);
  if (!key || key->tenant != found.tenant.id) {
    throw Error(
        Kind::kFailed, "dek-other-tenant",
        fmt::format("the data key of {} is under another tenant's key", name_of(request).text()),
        "the registry was changed by hand: find out by whom");
  }
  auto kek = dek::active_kek(stores, *key, decisions_when_asked(context));
  Planned plan{.row = std::move(found.row), .kek = std::move(kek)};
  if (request.owner) plan.row.owner = request.owner;
  if (request.scope) plan.row.scope = *request.scope;
  set_times(plan.row, request, time_of(context));
  return plan;
}

template <class Request>
Planned read_plan(const Request& request, const act::Context& context) {
  const registry::Registry registry(act::required_site(context).path(site::kRegistryName));
  const auto view = registry.read();
  return planned(*view.operator->(), request, context);
}

// Another act may have moved the version, or sealed the same, since the registry was read.
template <class Request>
void require_still(const registry::Stores& stores, const Request& request,
                   const act::Context& context, const Planned& plan) {
  const auto now = planned(stores, request, context);
  if (now.kek.version.id == plan.kek.version.id) return;
  throw Error(Kind::kFailed, "version-not-active",
              fmt::format("{} was active when it sealed, and is not any more", plan.kek.text()),
              "nothing was written: run this again");
}

template <class Request>
Json document_of(const Request& request, const SealedRow& sealed, const dek::KekOnRecord& kek) {
  return {{"id", sealed.row.id},
          {"tenant", request.tenant},
          {"service", sealed.row.service},
          {"environment", sealed.row.environment},
          {"scope", sealed.row.scope},
          {"owner", sealed.row.owner ? Json(*sealed.row.owner) : Json()},
          {"key", kek.key.name.value_or(kek.key.id)},
          {"version", kek.version.id.number},
          {"expires", time_json(sealed.row.expires)},
          {"rotate_by", time_json(sealed.row.due)}};
}

bool is_new(std::string_view act) { return act == kSealAct; }

void write(registry::Stores& stores, const char* act, SealedRow sealed, const std::string& batch) {
  sealed.dek.batch = batch;
  sealed.row.batch = batch;
  stores.deks.add(sealed.dek);
  if (is_new(act)) {
    stores.credentials.add(sealed.row);
  } else {
    stores.credentials.reseal(sealed.row);
  }
}

template <class Request>
std::string closing_of(const Request& request, const act::Context& context) {
  return act::closing(
      context, {},
      {{"the service opens it so",
        act::as_here(
            context, act::NextAt::kToken,
            {"keyrite credential open", act::option("tenant", request.tenant),
             act::option("service", request.service),
             act::option("environment", request.environment), "--reason REASON", "--out FILE"})}});
}

template <class Request>
act::Outcome performed(const char* act, const Request& request, const Secret& secret,
                       act::AtWork& at) {
  const act::Context& context = at.context();
  auto plan = read_plan(request, context);
  if (is_new(act)) plan.row.id = act::random_id();
  const auto sealed =
      sealed_row(at.token().session(), plan.kek, plan.row, *secret, time_of(context));
  const auto facts = facts_of(sealed, plan.kek);
  act::Outcome outcome{.document = document_of(request, sealed, plan.kek), .facts = facts};
  outcome.registry = act::rows_of(
      act, facts.json(), 1, [=, &context](registry::Stores& stores, const std::string& batch) {
        require_still(stores, request, context, plan);
        write(stores, act, sealed, batch);
        return act::LogFacts();
      });
  outcome.text = {fmt::format("the credential {} is sealed under {}", name_of(request).text(),
                              plan.kek.text())};
  if (auto end = closing_of(request, context); !end.empty())
    outcome.text_if_good.push_back(std::move(end));
  outcome.when_logged = [](act::Outcome& done, std::optional<std::uint64_t> entry) {
    done.document["entry"] = entry ? Json(*entry) : Json();
  };
  return outcome;
}

// The log learns neither whose file it was nor anything that could be guessed.
template <class Request>
act::RecordedRequest recorded(const Request& request) {
  auto fields = act::record(request);
  std::erase_if(fields, [](const auto& field) {
    return field.name == "secret-file" || field.name == "secret-fd";
  });
  return fields;
}

template <class Request>
act::Act sealing_act(const char* act, const Request& request) {
  return {approval::operation_named(act), [=](const act::Context& context) {
            require_form(name_of(request));
            act::require_names(request.scope, "the scope of a credential");
            act::require_names(request.owner, "the owner of a credential");
            const auto plan = read_plan(request, context);
            const auto secret = std::make_shared<const crypto::SecretBytes>(
                read_secret(request.secret_fd, request.secret_file));
            return act::PreparedAct{
                .intent = {.act = act,
                           .also = {"credential"},
                           .request = recorded(request),
                           .id = to_hex(plan.kek.version.cka_id)},
                .need = {.access = pkcs11::Access::kReadOnly},
                .perform = [=](act::AtWork& at) { return performed(act, request, secret, at); }};
          }};
}

}  // namespace

act::Act seal_credential(const SealRequest& request) { return sealing_act(kSealAct, request); }

act::Act rotate_credential(const RotateRequest& request) {
  return sealing_act(kRotateAct, request);
}

}  // namespace keyrite::credential
