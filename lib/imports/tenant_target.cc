#include "imports/tenant_target.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include <fmt/format.h>

#include "act/chosen_destination.h"
#include "act/registry_replay.h"
#include "act/tenant_key.h"
#include "base/error.h"
#include "base/text.h"
#include "base/wrapping.h"
#include "keys/validate_version.h"
#include "registry/registry.h"
#include "site/layout.h"

namespace keyrite::imports {

namespace {

using registry::PlacementState;
using registry::Stores;
using registry::VersionState;

std::optional<TargetWords> words_of(const WrapRequest& request, provider::Provider provider,
                                    const std::optional<std::string>& key,
                                    std::optional<std::int64_t> version) {
  if (!request.tenant) {
    if (!request.destination) return std::nullopt;
    throw Error(Kind::kUsage, "tenant-without-key",
                "--destination names a destination of a tenant's key, and no tenant is named",
                "give --tenant and --key, or leave --destination out");
  }
  if (!key) {
    throw Error(Kind::kUsage, "tenant-without-key", "--tenant is given without --key",
                "name the key of the tenant with --key");
  }
  if (request.label || request.id) {
    throw Error(Kind::kUsage, "name-with-tenant",
                "the registry says which key in the token a version of a tenant's key is",
                "leave --label and --id out");
  }
  return TargetWords{.provider = provider,
                     .tenant = *request.tenant,
                     .key = *key,
                     .version = version,
                     .destination = request.destination};
}

bool may_be_imported(const registry::Version& version) {
  return version.state == VersionState::kPreActivation || version.state == VersionState::kActive;
}

registry::Version version_meant(const Stores& stores, const registry::Key& key,
                                std::optional<std::int64_t> number) {
  if (number) {
    if (auto version = stores.versions.find({key.id, *number})) return *std::move(version);
    throw Error(Kind::kUsage, "version-unknown",
                fmt::format("there is no {}", act::version_text(key, {key.id, *number})),
                "keyrite key show lists its versions; keyrite generate-kek makes the next one");
  }
  std::vector<registry::Version> able;
  std::ranges::copy_if(stores.versions.of(key.id), std::back_inserter(able), may_be_imported);
  if (able.size() == 1) return able.front();
  throw Error(Kind::kUsage, "version-not-given",
              fmt::format("the key \"{}\" has {} versions that can be imported",
                          printable(key.name.value_or(key.id)), able.size()),
              "give its number with --key-version; keyrite key show lists the versions");
}

void require_importable(const registry::Key& key, const registry::Version& version) {
  const auto text = act::version_text(key, version.id);
  if (version.frozen_by) {
    throw Error(Kind::kFailed, "version-frozen", fmt::format("{} is frozen", text),
                "a frozen version does nothing; see keyrite key show");
  }
  if (may_be_imported(version)) return;
  throw Error(Kind::kFailed, "version-not-for-import",
              fmt::format("{} is {}", text, registry::word(version.state)),
              "only a version in pre-activation or the active one is imported");
}

// The only destination at the provider that is in service.
registry::Destination only_destination(const Stores& stores, const TargetWords& words,
                                       const registry::Key& key) {
  std::vector<registry::Destination> found;
  for (auto& row : stores.destinations.of(key.id)) {
    if (!row.retired && row.provider == provider::provider_name(words.provider))
      found.push_back(std::move(row));
  }
  if (found.size() == 1) return found.front();
  const auto title = provider::provider_title(words.provider);
  if (found.empty()) {
    throw Error(Kind::kUsage, "destination-unknown",
                fmt::format("key \"{}\" of tenant \"{}\" serves nowhere at {}",
                            printable(words.key), printable(words.tenant), title),
                "add the destination with keyrite destination add");
  }
  throw Error(Kind::kUsage, "destination-ambiguous",
              fmt::format("key \"{}\" of tenant \"{}\" has {} destinations at {}",
                          printable(words.key), printable(words.tenant), found.size(), title),
              "name one with --destination; keyrite destination list shows them");
}

registry::Destination destination_meant(const Stores& stores, const TargetWords& words,
                                        const registry::Key& key) {
  if (!words.destination) return only_destination(stores, words, key);
  auto row =
      act::destination_chosen(stores, {*words.destination, words.tenant, words.key,
                                       std::string(provider::provider_name(words.provider))});
  if (row.provider != provider::provider_name(words.provider)) {
    throw Error(Kind::kUsage, "destination-unknown",
                fmt::format("the destination {} is not at {}", act::place_text(row),
                            provider::provider_title(words.provider)),
                "run wrap-for-import for the provider of the destination");
  }
  if (row.retired) {
    throw Error(Kind::kFailed, "destination-retired",
                fmt::format("the destination {} is retired", act::place_text(row)),
                "add the destination that takes its place, or end the retirement with keyrite "
                "destination retire --end");
  }
  return row;
}

void require_open(const TenantTarget& target) {
  if (!target.placement) return;
  const auto state = target.placement->state;
  const bool over = state == PlacementState::kDifferent ||
                    state == PlacementState::kDeletionScheduled ||
                    state == PlacementState::kDeleted;
  if (!over) return;
  throw Error(Kind::kFailed, "placement-not-for-import",
              fmt::format("{} at {} is {}", act::version_text(target.key, target.version.id),
                          act::place_text(target.destination), registry::word(state)),
              "find out what the cloud has there; import the next version of the key instead");
}

bool is_declared(const TenantTarget& target, const provider::ImportParameters& parameters) {
  return target.destination.region_declared && !provider::region_in(parameters);
}

}  // namespace

provider::KeyPlace place_of(const registry::Destination& row) {
  const Json options = parse_json(as_bytes(row.options), "options");
  return {.account = row.account,
          .container = row.container,
          .name = row.name,
          .region = row.region,
          .region_declared = row.region_declared,
          .algorithm = parse_wrapping_algorithm(row.algorithm),
          .options = provider::read_stored_options(provider::parse_provider(row.provider),
                                                   JsonView(options, "options"))};
}

std::optional<TargetWords> target_words(const AwsWrapRequest& request) {
  return words_of(request, provider::Provider::kAws, request.key, request.key_version);
}

std::optional<TargetWords> target_words(const AzureWrapRequest& request) {
  if (request.check_name && !request.tenant) {
    throw Error(Kind::kUsage, "tenant-without-key",
                "--check-name is a second name for a destination of a tenant's key, and no tenant "
                "is named",
                "give --tenant and --key, or the name with --name");
  }
  return words_of(request, provider::Provider::kAzure, request.key, request.key_version);
}

std::optional<TargetWords> target_words(const GoogleWrapRequest& request) {
  std::optional<std::int64_t> number;
  if (request.version) {
    const auto& text = *request.version;
    std::int64_t read = 0;
    const auto done = std::from_chars(text.data(), text.data() + text.size(), read);
    // The table of options takes digits alone; no version has a longer number.
    number = done.ec == std::errc() ? read : 0;
  }
  return words_of(request, provider::Provider::kGoogle, request.key, number);
}

TenantTarget tenant_target(const act::Context& context, const TargetWords& words) {
  const auto& site = act::required_site(context);
  const auto log = act::decisions_of(site);
  const registry::Registry registry(site.path(site::kRegistryName));
  const auto view = registry.read();
  const auto& stores = *view.operator->();
  TenantTarget target{.tenant = act::tenant_named(stores.tenants, words.tenant),
                      .key = act::key_named(stores, words.tenant, words.key)};
  act::require_active(target.tenant);
  target.version = version_meant(stores, target.key, words.version);
  require_importable(target.key, target.version);
  target.check_values = stores.versions.check_values(target.version.id);
  target.destination = destination_meant(stores, words, target.key);
  stores.decisions.check_destination(target.destination, log);
  registry::require_region(stores.decisions.checked_tenant_policy(target.tenant.id, log),
                           target.destination.region);
  target.placement = stores.placements.find(target.placement_id());
  require_open(target);
  target.place = place_of(target.destination);
  return target;
}

void require_still(const act::Context& context, const TargetWords& words,
                   const TenantTarget& planned) {
  const auto now = tenant_target(context, words);
  const auto revision = [](const TenantTarget& one) {
    return one.placement ? one.placement->revision : 0;
  };
  if (now.version.id == planned.version.id && now.version.cka_id == planned.version.cka_id &&
      now.destination.id == planned.destination.id &&
      now.destination.revision == planned.destination.revision &&
      revision(now) == revision(planned))
    return;
  throw Error(Kind::kFailed, "target-changed",
              fmt::format("{} was to be wrapped for {}, and meanwhile the registry changed",
                          act::version_text(planned.key, planned.version.id),
                          act::place_text(planned.destination)),
              "nothing was wrapped; run this again");
}

void require_recorded(const TenantTarget& target, const act::Context& context,
                      act::TokenSession& token) {
  const bool compared = keys::require_recorded_key(
      token, {.key = target.key, .version = target.version, .check_values = target.check_values});
  if (compared) return;
  context.note(
      fmt::format("{} has no check value on record: that the token's key is this version "
                  "is said by its CKA_ID alone",
                  act::version_text(target.key, target.version.id)));
}

// The region of the place is a jurisdiction: the parameters have the same or none.
void require_place(const TenantTarget& target, const provider::ImportParameters& parameters) {
  provider::require_place(parameters, target.place);
}

act::RecordedRequest inputs_of(const TenantTarget& target) {
  return {{.name = "key_id", .value = target.key.id},
          {.name = "version", .value = target.version.id.number},
          {.name = "destination_id", .value = target.destination.id}};
}

Json to_json(const TenantTarget& target, const provider::ImportParameters& parameters) {
  return {{"tenant", target.tenant.name.value_or("")},
          {"key", target.key.name.value_or("")},
          {"key_id", target.key.id},
          {"number", target.version.id.number},
          {"destination", target.destination.name},
          {"destination_id", target.destination.id},
          {"region", target.destination.region},
          {"region_declared", is_declared(target, parameters)}};
}

std::string text_of(const TenantTarget& target, const provider::ImportParameters& parameters) {
  return fmt::format("{} of tenant \"{}\" for destination {}, region {}{}",
                     act::version_text(target.key, target.version.id),
                     printable(target.tenant.name.value_or("")),
                     act::place_text(target.destination), printable(target.destination.region),
                     is_declared(target, parameters) ? " (declared)" : "");
}

}  // namespace keyrite::imports
