#include "credential/open.h"

#include <unistd.h>

#include <chrono>
#include <memory>

#include <fmt/format.h>

#include "act/change_facts.h"
#include "act/registry_rows.h"
#include "act/tenant_key.h"
#include "act/typed_text.h"
#include "approval/operation.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/growing_file.h"
#include "base/text.h"
#include "credential/named.h"
#include "credential/sealed_row.h"
#include "dek/open_kek.h"
#include "registry/registry.h"
#include "site/layout.h"

namespace keyrite::credential {

namespace {

struct Openable {
  SealedRow sealed{};
  dek::KekOnRecord kek{};
};

Openable openable(const registry::Stores& stores, const OpenRequest& request,
                  const act::Context& context) {
  const Name name = name_of(request);
  auto found = credential_named(stores, name);
  if (found.row.expires && *found.row.expires <= time_of(context)) {
    throw Error(Kind::kFailed, "credential-expired",
                fmt::format("the credential {} expired at {}", name.text(),
                            format_rfc3339(*found.row.expires)),
                "keyrite credential rotate gives it a new secret");
  }
  if (found.dek.kept != registry::Kept::kHere) {
    throw Error(Kind::kFailed, "credential-erased",
                fmt::format("the data key of {} was erased", name.text()),
                "nothing brings it back: seal a new secret");
  }
  if (found.dek.tenant != found.tenant.id) {
    throw Error(Kind::kFailed, "dek-other-tenant",
                fmt::format("the data key of {} is another tenant's", name.text()),
                "the registry was changed by hand: find out by whom");
  }
  auto kek = dek::kek_on_record(stores, found.dek.version, registry::Use::kUnwrapService,
                                decisions_when_asked(context));
  return {{std::move(found.row), std::move(found.dek)}, std::move(kek)};
}

Openable read_openable(const OpenRequest& request, const act::Context& context) {
  const registry::Registry registry(act::required_site(context).path(site::kRegistryName));
  const auto view = registry.read();
  return openable(*view.operator->(), request, context);
}

act::RegistryRows opened_rows(const registry::Credential& row, registry::Time now) {
  const auto hour = std::chrono::floor<std::chrono::hours>(now).time_since_epoch().count();
  return act::rows_of(kOpenAct, {{"id", row.id}}, 1,
                      [=, id = row.id, tenant = row.tenant](registry::Stores& stores,
                                                            const std::string& /*batch*/) {
                        stores.deks.count_unwraps(tenant, hour, 1);
                        return act::changes({act::became(id, act::CredentialBecame::kOpened)});
                      });
}

act::Outcome opened(const OpenRequest& request, const std::shared_ptr<GrowingFile>& out,
                    act::AtWork& at) {
  const act::Context& context = at.context();
  const auto& site = act::required_site(context);
  const auto reason = act::keep_text(site.path(site::kTextsName), request.reason);
  const auto what = read_openable(request, context);
  const auto secret = std::make_shared<const crypto::SecretBytes>(
      opened_row(at.token().session(), what.kek, what.sealed));
  const Name name = name_of(request);
  act::Outcome outcome{.document = {{"id", what.sealed.row.id},
                                    {"tenant", request.tenant},
                                    {"service", request.service},
                                    {"environment", request.environment},
                                    {"bytes", secret->size()},
                                    {"out", request.out ? Json(*request.out) : Json()}},
                       .text = {fmt::format("opened the credential {}", name.text())},
                       .facts = facts_of(what.sealed, what.kek),
                       .registry = opened_rows(what.sealed.row, time_of(context))};
  outcome.facts.join(reason.log_facts());
  outcome.lasting = act::Lasting{
      .made = fmt::format("the credential {} was opened, and the log says so", name.text()),
      .code = "credential-not-given-out",
      .hint = "nobody has it unless it is in the output: run this again"};
  outcome.when_logged = [out, secret](act::Outcome& done, std::optional<std::uint64_t> entry) {
    done.document["entry"] = entry ? Json(*entry) : Json();
    out->append(secret->reveal());
  };
  return outcome;
}

std::shared_ptr<GrowingFile> output_of(const OpenRequest& request) {
  return std::make_shared<GrowingFile>(request.out
                                           ? GrowingFile::make(*request.out)
                                           : GrowingFile::pipe(STDOUT_FILENO, "standard output"));
}

}  // namespace

act::Act open_credential(const OpenRequest& request) {
  const auto out = output_of(request);
  return {approval::operation_named(kOpenAct), [=](const act::Context& context) {
            require_form(name_of(request));
            const auto what = read_openable(request, context);
            return act::PreparedAct{
                .intent = {.act = kOpenAct,
                           .also = {"credential"},
                           .request = act::record(request),
                           .id = to_hex(what.kek.version.cka_id)},
                .need = {.access = pkcs11::Access::kReadOnly},
                .perform = [=](act::AtWork& at) { return opened(request, out, at); }};
          }};
}

}  // namespace keyrite::credential
