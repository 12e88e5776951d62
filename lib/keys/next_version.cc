#include "keys/next_version.h"

#include <algorithm>

#include <fmt/format.h>

#include "act/change_facts.h"
#include "act/tenant_key.h"
#include "base/error.h"
#include "base/text.h"
#include "keys/unowned_key.h"
#include "registry/registry.h"
#include "site/layout.h"

namespace keyrite::keys {

namespace {

// How many digits of a CKA_ID tell two labels of one version apart: of one that was made, and of
// one that a killed act left.
constexpr std::size_t kDigitsInLabel = 8;

std::vector<std::string> providers_of(const registry::Stores& stores, const std::string& key) {
  std::vector<std::string> providers;
  for (const auto& destination : stores.destinations.of(key)) {
    const bool known = std::ranges::find(providers, destination.provider) != providers.end();
    if (!destination.retired && !known) providers.push_back(destination.provider);
  }
  return providers;
}

[[noreturn]] void refuse(const char* code, std::string message, const char* hint) {
  throw Error(Kind::kUsage, code, std::move(message), hint);
}

}  // namespace

KeyUsage usage_in_token(registry::Usage usage) {
  switch (usage) {
    case registry::Usage::kWrap:
      return KeyUsage::kWrap;
    case registry::Usage::kEncrypt:
      return KeyUsage::kEncrypt;
    case registry::Usage::kSign:
    case registry::Usage::kMac:
      return KeyUsage::kSign;
    case registry::Usage::kDerive:
      return KeyUsage::kDerive;
  }
  throw Error(Kind::kInternal, "value-outside-table", "a key has no usage");
}

NextVersion next_version(const site::Site& site, const std::string& tenant,
                         const std::string& key) {
  const registry::Registry registry(site.path(site::kRegistryName));
  const auto view = registry.read();
  const auto& stores = *view.operator->();
  NextVersion next{.tenant = act::tenant_named(stores.tenants, tenant),
                   .key = act::key_named(stores, tenant, key)};
  act::require_active(next.tenant);
  const auto versions = stores.versions.of(next.key.id);
  for (const auto& version : versions) {
    if (version.state != registry::VersionState::kPreActivation) continue;
    throw Error(Kind::kFailed, "version-not-alone",
                fmt::format("version {} of key \"{}\" waits for its activation", version.id.number,
                            printable(key)),
                "activate it or destroy it, then make the next");
  }
  next.number = versions.empty() ? 1 : versions.back().id.number + 1;
  next.providers = providers_of(stores, next.key.id);
  return next;
}

void require_still_next(const site::Site& site, const NextVersion& planned) {
  const auto now =
      next_version(site, planned.tenant.name.value_or(""), planned.key.name.value_or(""));
  if (now.id() == planned.id() && now.key.type == planned.key.type &&
      now.key.usage == planned.key.usage)
    return;
  throw Error(Kind::kFailed, "version-overtaken",
              fmt::format("version {} of key \"{}\" was to be made, and meanwhile the registry "
                          "changed: version {} is next",
                          planned.number, printable(planned.key.name.value_or("")), now.number),
              "nothing was made; run this again");
}

std::string version_label(const registry::VersionId& id, ByteView cka_id) {
  return fmt::format("{}-v{}-{}", id.key, id.number, to_hex(cka_id).substr(0, kDigitsInLabel));
}

GenerateKekRequest completed(GenerateKekRequest request, const NextVersion& next, ByteView cka_id) {
  const std::string key = printable(next.key.name.value_or(""));
  if (!request.label.empty() || request.id) {
    refuse("name-with-tenant", "a tenant's key has a random id, and a label that names nobody",
           "leave --label and --id out");
  }
  if (!request.type.empty() && parse_key_type(request.type).name() != next.key.type) {
    refuse("type-not-of-key",
           fmt::format("key \"{}\" is {}, and --type says {}", key, printable(next.key.type),
                       printable(request.type)),
           "leave --type out");
  }
  const auto usage = usage_in_token(next.key.usage);
  if (request.usage && wrap::parse_usage(*request.usage) != usage) {
    refuse("usage-not-of-key",
           fmt::format("key \"{}\" is to {}, and --usage says {}", key,
                       registry::word(next.key.usage), printable(*request.usage)),
           "leave --usage out");
  }
  request.type = next.key.type;
  request.usage = wrap::usage_name(usage);
  if (request.for_providers.empty()) request.for_providers = next.providers;
  request.label = version_label(next.id(), cka_id);
  return request;
}

act::RecordedRequest inputs_of(const GenerateKekPlan& plan, const NextVersion& next) {
  const Json json = plan.to_json();
  return {{.name = "key_id", .value = next.key.id},
          {.name = "version", .value = next.number},
          {.name = "key_type", .value = json.at("key_type")},
          {.name = "usage", .value = json.at("usage")},
          {.name = "for", .value = json.at("for")}};
}

act::RegistryRows rows_of(const GeneratedKey& made, const NextVersion& next) {
  registry::Version version{
      .id = next.id(), .cka_id = made.plan.traits.id, .origin = KeyOrigin::kLogged};
  if (made.public_key) version.public_key_sha256 = made.public_key->sha256();
  const registry::Copy copy{.id = act::random_id(),
                            .version = next.id(),
                            .form = registry::CopyForm::kToken,
                            .cka_id = version.cka_id,
                            .state = registry::CopyState::kPresent};
  auto changes =
      act::changes({act::new_version(version, made.check_values), act::new_copy(copy, made.token)});
  return act::rows_of(
      kGenerateKekAct, changes.json(), 1,
      [changes](registry::Stores& /*stores*/, const std::string& /*batch*/) { return changes; });
}

act::RegistryRows rows_of(const GeneratedKey& made) {
  const UnownedKey key{.label = made.plan.traits.label,
                       .cka_id = made.plan.traits.id,
                       .type = made.plan.type,
                       .usage = made.plan.traits.usage,
                       .origin = KeyOrigin::kLogged,
                       .public_key_sha256 = made.public_key
                                                ? std::optional(made.public_key->sha256())
                                                : std::nullopt,
                       .check_values = made.check_values};
  return act::rows_of(
      kGenerateKekAct, Json{to_hex(key.cka_id)}, 1,
      [key, token = made.token](registry::Stores& stores, const std::string& batch) {
        return act::changes(put_on_record(stores, key, token, batch).changes);
      });
}

Json to_json(const NextVersion& next) {
  return {{"tenant", next.tenant.name.value_or("")},
          {"key", next.key.name.value_or("")},
          {"key_id", next.key.id},
          {"number", next.number}};
}

std::string text_of(const NextVersion& next) {
  return fmt::format("version {} of key \"{}\" of tenant \"{}\"", next.number,
                     printable(next.key.name.value_or("")),
                     printable(next.tenant.name.value_or("")));
}

}  // namespace keyrite::keys
