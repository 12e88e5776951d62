#include "keys/adopt_key.h"

#include <algorithm>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "act/change_facts.h"
#include "act/closing.h"
#include "act/option_words.h"
#include "act/registry_rows.h"
#include "act/tenant_key.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"
#include "keys/activate_key.h"
#include "keys/check_values.h"
#include "keys/generate_kek.h"
#include "keys/key_origin.h"
#include "keys/next_version.h"
#include "keys/target_key.h"
#include "keys/unowned_key.h"
#include "site/layout.h"
#include "transcript/entry_head.h"
#include "transcript/layout.h"
#include "transcript/log_reader.h"

namespace keyrite::keys {

namespace {

using registry::Stores;

// A key of the token as it was read, and what is known of it.
struct FoundKey {
  TargetKey target{};
  OriginFinding origin{};
  std::vector<crypto::CheckValue> check_values{};
  pkcs11::TokenInfo token{};
};

std::vector<crypto::CheckValue> values_of(pkcs11::Session& session, const TargetKey& target) {
  auto values = check_values(session, target.type, target.usage, target.handle, target.public_key,
                             target.hash);
  if (!target.type.is_secret()) return values;
  for (auto& one : check_value_of_attribute(session, target.type, target.handle).values)
    values.push_back(std::move(one));
  return values;
}

// The log has an act that made or was to make a key of this id. Only the whole of it tells.
bool is_in_log(const site::Site& site, const std::string& id) {
  bool found = false;
  const std::string quoted = fmt::format("\"{}\"", id);
  transcript::read_log(transcript::log_of(site.path(site::kTranscriptName)),
                       [&](std::uint64_t /*index*/, std::string_view line) {
                         if (line.find(quoted) == std::string_view::npos) return true;
                         const auto head = transcript::entry_head(line);
                         found = head && head->act == kGenerateKekAct;
                         return !found;
                       });
  return found;
}

FoundKey find(const AdoptKeyRequest& request, act::AtWork& at) {
  auto& session = at.token().session();
  FoundKey found{.target = find_key(session, request.label, request.id),
                 .token = at.token().info()};
  if (found.target.id.empty()) {
    throw Error(Kind::kToken, "object-not-found",
                fmt::format("\"{}\" has no CKA_ID, by which a version is found",
                            printable(found.target.label)),
                "give it an id with the tools of the token's vendor");
  }
  found.origin = find_origin(session, found.target, at.context(), found.token);
  found.check_values = values_of(session, found.target);
  return found;
}

bool is_same_value(const registry::CheckValue& kept, const crypto::CheckValue& read) {
  return kept.algorithm == read.alg && kept.value == read.value;
}

[[noreturn]] void alarm(const FoundKey& found, const registry::VersionId& id) {
  throw Error(
      Kind::kVerification, "destroyed-found",
      fmt::format("\"{}\", id {}, is the key of version {} of key {}, which is destroyed",
                  printable(found.target.label), to_hex(found.target.id), id.number, id.key),
      "an object of a destroyed version is an alarm: find out who put it there");
}

// Under whatever id it came back.
void require_not_destroyed(const Stores& stores, const FoundKey& found) {
  for (const auto& key : stores.keys.list()) {
    for (const auto& version : stores.versions.of(key.id)) {
      if (version.state != registry::VersionState::kDestroyed) continue;
      const auto& half = found.target.public_key;
      if (half && version.public_key_sha256 == half->sha256()) alarm(found, version.id);
      for (const auto& kept : stores.versions.check_values(version.id)) {
        const bool same = std::ranges::any_of(
            found.check_values, [&](const auto& one) { return is_same_value(kept, one); });
        if (same) alarm(found, version.id);
      }
    }
  }
}

// What registry and token say of a key must not differ.
void require_on_record(const Stores& stores, const registry::Version& version,
                       const registry::Key& key, const FoundKey& found) {
  const auto differs = [&](const std::string& what, const std::string& expected,
                           const std::string& is) {
    return Error(Kind::kVerification, "version-differs",
                 fmt::format("{}: the token's key has {} {}, and {} is on record",
                             act::version_text(key, version.id), what, is, expected),
                 "the token holds another key under this id, or a row was changed: find out by "
                 "whom")
        .with_compared({.expected = expected, .found = is});
  };
  if (key.type != found.target.type.name())
    throw differs("the type", key.type, found.target.type.name());
  const auto& half = found.target.public_key;
  if (half && version.public_key_sha256 && *version.public_key_sha256 != half->sha256())
    throw differs("the public half", *version.public_key_sha256, half->sha256());
  for (const auto& kept : stores.versions.check_values(version.id)) {
    for (const auto& one : found.check_values) {
      if (kept.algorithm == one.alg && kept.value != one.value)
        throw differs("check value " + one.alg, kept.value, one.value);
    }
  }
}

void require_free_name(const Stores& stores, const registry::Tenant& tenant,
                       const AdoptKeyRequest& request) {
  if (!stores.keys.named(tenant.id, request.key)) return;
  throw Error(Kind::kFailed, "key-exists",
              fmt::format("tenant \"{}\" has a key \"{}\", and a key of no tenant becomes a key of "
                          "its own",
                          printable(request.tenant), printable(request.key)),
              "choose another name");
}

// The key becomes the tenant's, with its versions, copies and bundles.
act::LogFacts take_over(Stores& stores, const AdoptKeyRequest& request, const FoundKey& found,
                        const registry::Version& version, Json& told) {
  const auto tenant = act::tenant_named(stores.tenants, request.tenant);
  const auto key = stores.keys.find(version.id.key);
  require_on_record(stores, version, key.value(), found);
  require_free_name(stores, tenant, request);
  told = {{"key_id", version.id.key},
          {"number", version.id.number},
          {"state", registry::word(version.state)},
          {"known_to", "registry"}};
  return act::changes({act::adopted(version.id.key, tenant.id,
                                    stores.names.pseudonym_of(request.key, act::random_id()))});
}

void require_like_key(const registry::Key& key, const FoundKey& found) {
  const auto& target = found.target;
  if (target.type.name() != key.type) {
    throw Error(Kind::kUsage, "type-not-of-key",
                fmt::format("key \"{}\" is {}, and \"{}\" in the token is {}",
                            printable(key.name.value_or("")), printable(key.type),
                            printable(target.label), target.type.name()),
                "name a key of the tenant that has this type");
  }
  if (target.usage != usage_in_token(key.usage)) {
    throw Error(Kind::kUsage, "usage-not-of-key",
                fmt::format("key \"{}\" is to {}, and \"{}\" in the token is to {}",
                            printable(key.name.value_or("")), registry::word(key.usage),
                            printable(target.label),
                            registry::word(usage_on_record(target.type, target.usage))),
                "name a key of the tenant that has this usage");
  }
}

// It becomes the next version of the tenant's key, as it was read in the token.
act::LogFacts add_version(Stores& stores, const AdoptKeyRequest& request, const FoundKey& found,
                          const site::Site& site, Json& told) {
  if (!is_in_log(site, to_hex(found.target.id))) {
    throw Error(Kind::kFailed, "key-not-logged",
                fmt::format("neither the registry nor the log knows \"{}\", id {}",
                            printable(found.target.label), to_hex(found.target.id)),
                "make a key with generate-kek; a key that came from elsewhere is no version");
  }
  const auto key = act::key_named(stores, request.tenant, request.key);
  require_like_key(key, found);
  if (const auto waiting = stores.versions.waiting(key.id)) {
    throw Error(Kind::kFailed, "version-not-alone",
                fmt::format("{} waits for its activation", act::version_text(key, waiting->id)),
                "activate it or destroy it, then adopt the next");
  }
  const auto versions = stores.versions.of(key.id);
  registry::Version version{.id = {key.id, versions.empty() ? 1 : versions.back().id.number + 1},
                            .cka_id = found.target.id,
                            .origin = found.origin.origin};
  if (found.target.public_key) version.public_key_sha256 = found.target.public_key->sha256();
  const registry::Copy copy{.id = act::random_id(),
                            .version = version.id,
                            .form = registry::CopyForm::kToken,
                            .cka_id = version.cka_id,
                            .state = registry::CopyState::kPresent};
  told = {{"key_id", key.id},
          {"number", version.id.number},
          {"state", registry::word(registry::VersionState::kPreActivation)},
          {"known_to", "log"}};
  return act::changes(
      {act::new_version(version, found.check_values), act::new_copy(copy, found.token)});
}

act::LogFacts adopt(Stores& stores, const AdoptKeyRequest& request, const FoundKey& found,
                    const site::Site& site, Json& told) {
  act::require_active(act::tenant_named(stores.tenants, request.tenant));
  require_not_destroyed(stores, found);
  const auto version = unowned_version(stores, found.target.id);
  return version ? take_over(stores, request, found, *version, told)
                 : add_version(stores, request, found, site, told);
}

// A version of the tenant's own key waits to serve; another key has all that it had.
std::string after_adoption(const AdoptKeyRequest& request, const Json& told,
                           const act::Context& context) {
  std::vector<act::NextStep> next{
      {"see what is on record of it", act::as_here(context, act::NextAt::kFiles,
                                                   {"keyrite key show " + shell_quote(request.key),
                                                    act::option("tenant", request.tenant)})}};
  if (told.at("state") == registry::word(registry::VersionState::kPreActivation))
    next.push_back(activation_step(request.tenant, request.key, context));
  return act::closing(context, {}, next);
}

void show(act::Outcome& outcome, const AdoptKeyRequest& request, const FoundKey& found,
          const Json& told, const act::Context& context) {
  outcome.document = told;
  outcome.document["tenant"] = request.tenant;
  outcome.document["key"] = request.key;
  outcome.document["id"] = to_hex(found.target.id);
  outcome.document["origin"] = found.origin.to_json();
  outcome.text.push_back(fmt::format(
      "\"{}\", id {}, is version {} of key \"{}\" of tenant \"{}\"; origin: {}",
      printable(found.target.label), to_hex(found.target.id), told.at("number").get<std::int64_t>(),
      printable(request.key), printable(request.tenant), found.origin.text()));
  outcome.text.push_back(after_adoption(request, told, context));
}

act::Outcome performed(const AdoptKeyRequest& request, act::AtWork& at) {
  const auto found = std::make_shared<const FoundKey>(find(request, at));
  const auto told = std::make_shared<Json>();
  const site::Site& site = act::required_site(at.context());
  act::Outcome outcome{.facts = {{"key_id", act::Fact::id(to_hex(found->target.id))},
                                 {"origin", found->origin.log_facts()}}};
  outcome.registry =
      act::rows_of(kAdoptKeyAct, Json{to_hex(found->target.id), request.tenant, request.key}, 1,
                   [request, found, told, &site](Stores& stores, const std::string& /*batch*/) {
                     return adopt(stores, request, *found, site, *told);
                   });
  outcome.when_logged = [request, found, told, context = &at.context()](
                            act::Outcome& done, std::optional<std::uint64_t> entry) {
    show(done, request, *found, *told, *context);
    done.document["entry"] = entry ? Json(*entry) : Json();
  };
  return outcome;
}

}  // namespace

const std::vector<act::Field<AdoptKeyRequest>>& AdoptKeyRequest::table() {
  using R = AdoptKeyRequest;
  static const std::vector<act::Field<R>> fields{
      {{.name = "label",
        .value = "LABEL",
        .help = "the key in the token, by CKA_LABEL; exactly one must match",
        .binds = act::Binds::name()},
       &R::label},
      {{.name = "id",
        .value = "HEX",
        .help = "the key in the token, by CKA_ID",
        .binds = act::Binds::word(act::is_id_word)},
       &R::id},
      {{.name = "tenant",
        .value = "NAME",
        .help = "whose key it becomes",
        .need = act::Need::kRequired,
        .binds = act::Binds::name()},
       &R::tenant},
      {{.name = "key",
        .value = "NAME",
        .help = "the name that the key gets; for a key that only the log knows: the key of the "
                "tenant whose next version it becomes",
        .need = act::Need::kRequired,
        .binds = act::Binds::name()},
       &R::key},
  };
  return fields;
}

act::Act adopt_key(const AdoptKeyRequest& request) {
  return {approval::operation_named(kAdoptKeyAct), [request](const act::Context& context) {
            (void)act::required_site(context);
            require_named(request.label, request.id);
            act::require_new_name(request.key, "the name of a key");
            return act::PreparedAct{
                .intent = {.act = kAdoptKeyAct,
                           .request = act::record(request),
                           .label = request.label,
                           .id = request.id},
                .need = {.access = pkcs11::Access::kReadOnly},
                .perform = [request](act::AtWork& at) { return performed(request, at); }};
          }};
}

}  // namespace keyrite::keys
