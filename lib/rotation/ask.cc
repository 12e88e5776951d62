// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "rotation/ask.h"

#include <fmt/format.h>

#include "act/chosen_destination.h"
#include "base/canonical_json.h"
#include "base/error.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "imports/tenant_target.h"
#include "keys/next_version.h"
#include "registry/cloud_key.h"

namespace keyrite::rotation {

namespace {

using registry::PlacementState;

// On-demand rotations of one KMS key.
constexpr std::int64_t kAwsRotations = 25;
// Versions of one key in a Managed HSM.
constexpr std::int64_t kAzureVersions = 100;
constexpr std::int64_t kWarnPercent = 80;

void require_room(const Place& place, std::int64_t used, std::int64_t limit, std::string_view what,
                  std::string_view instead, std::vector<std::string>& remarks) {
  if (used >= limit) {
    throw Error(Kind::kFailed, "rotation-limit",
                fmt::format("{} has had {} of at most {} {}", act::place_text(place.destination),
                            used, limit, what),
                std::string(instead));
  }
  if (used * 100 < limit * kWarnPercent) return;
  remarks.push_back(fmt::format("{} has had {} of at most {} {}: before the last one, {}",
                                act::place_text(place.destination), used, limit, what, instead));
}

bool is_aws_symmetric(const provider::FetchOrder& order) {
  return provider::fetched_files(order).verification.has_value();
}

// Material that ends takes all earlier versions with it.
void require_lasting(const Place& place, const provider::KeyPlace& at) {
  const auto& options = std::get<provider::aws::ImportOptions>(at.options);
  const bool ends = options.valid_to || options.expiration_model == "KEY_MATERIAL_EXPIRES" ||
                    place.before->material_expires;
  if (!ends) return;
  throw Error(Kind::kFailed, "rotation-material-expires",
              fmt::format("key material at {} expires: when one version does, AWS KMS stops the "
                          "whole key with all versions in it",
                          act::place_text(place.destination)),
              "give --new-cloud-key: each version then has a KMS key of its own");
}

void rotate_in_place(Ask& ask, const Place& place) {
  const auto& key = *place.before->cloud_key;
  const auto& options = std::get<provider::aws::ImportOptions>(ask.order.place.options);
  if (key.find("mrk-") != std::string::npos && !options.multi_region) {
    throw Error(Kind::kFailed, "rotation-multi-region",
                fmt::format("the KMS key at {} is a multi-Region key, and the destination does not "
                            "say so: its replicas need the same material before it rotates",
                            act::place_text(place.destination)),
                "say it with keyrite destination change --multi-region, and add each replica with "
                "--replica-of; or give --new-cloud-key");
  }
  require_lasting(place, ask.order.place);
  require_room(place, place.in_cloud_key - 1, kAwsRotations, "on-demand rotations",
               "give --new-cloud-key", ask.remarks);
  ask.order.cloud_key = key;
  ask.in_place = true;
}

// The same key id in another Region, and the material that AWS knows from the primary key.
void choose_replica(Ask& ask, const registry::Key& key, const Place& place) {
  const auto& primary = *place.replica_of;
  if (waits_for_primary(key, place)) {
    throw Error(Kind::kFailed, "rotation-replica-early",
                fmt::format("{} is a replica, and its primary key in {} does not have the version",
                            act::place_text(place.destination), printable(primary.region)),
                "import it there first, and bring the answers");
  }
  const auto& arn = *primary.placement->cloud_key;
  const auto at = arn.find(":" + primary.region + ":");
  if (at == std::string::npos || arn.find("key/mrk-") == std::string::npos) {
    throw Error(
        Kind::kFailed, "rotation-replica-early",
        fmt::format("{} is a replica, and {} is not the ARN of a multi-Region key in {}",
                    act::place_text(place.destination), printable(arn), printable(primary.region)),
        "import the version at the primary key with what rotate asked for there");
  }
  ask.order.primary = arn;
  ask.order.cloud_key =
      arn.substr(0, at + 1) + place.destination.region + arn.substr(at + 1 + primary.region.size());
  if (is_aws_symmetric(ask.order)) ask.material_id = primary.placement->cloud_version;
}

// A KMS key that this version was wrapped for already is not left empty.
void choose_aws_key(Ask& ask, const Place& place, CloudKey wanted) {
  const auto& own = place.placement ? place.placement->cloud_key : std::nullopt;
  const bool has_before = has_version_before(place) && place.before->cloud_key;
  const bool in_place = wanted == CloudKey::kSame && !place.before_opens_compromised;
  const bool own_is_before =
      has_before && registry::is_same_cloud_key({place.destination, own},
                                                {place.destination, place.before->cloud_key});
  if (is_aws_symmetric(ask.order) && has_before && in_place && (!own || own_is_before)) {
    rotate_in_place(ask, place);
    return;
  }
  if (own && !place.opens_compromised && !own_is_before) {
    ask.order.cloud_key = own;
    return;
  }
  if (place.destination.name.starts_with("alias/")) return;
  if (!has_version_before(place)) {
    ask.order.cloud_key = place.destination.name;
    return;
  }
  throw Error(Kind::kFailed, "rotation-place-fixed",
              fmt::format("the next version needs a KMS key of its own, and the destination {} is "
                          "one KMS key",
                          act::place_text(place.destination)),
              "add an alias as destination, and retire this one");
}

std::string document_of(const Standing& standing, const Place& place, const Ask& ask) {
  const auto& order = ask.order;
  const auto files = provider::fetched_files(order);
  Json document{{"format", kAskFormat},
                {"version", kAskVersion},
                {"tenant", standing.tenant.id},
                {"key", standing.key.id},
                {"key_type", standing.key.type},
                {"number", standing.meant()->id.number},
                {"destination", place.destination.id},
                {"provider", place.destination.provider},
                {"region", place.destination.region},
                {"algorithm", place.destination.algorithm},
                {"options", place.destination.options},
                {"cloud_key", order.cloud_key ? Json(*order.cloud_key) : Json()},
                {"parameters", files.parameters},
                {"verification", files.verification ? Json(*files.verification) : Json()}};
  if (order.primary) document["primary"] = *order.primary;
  if (ask.material_id) document["key_material_id"] = *ask.material_id;
  return canonical_json(document) + "\n";
}

}  // namespace

Ask ask_for(const Standing& standing, const Place& place, CloudKey wanted) {
  Ask ask{.folder = folder_of(place.destination, standing.meant()->id.number)};
  ask.order = {.place = imports::place_of(place.destination),
               .type = parse_key_type(standing.key.type),
               .usage = keys::usage_in_token(standing.key.usage),
               .tag = place.destination.id.substr(0, 8)};
  switch (provider::parse_provider(place.destination.provider)) {
    case provider::Provider::kAws:
      if (place.replica_of) {
        choose_replica(ask, standing.key, place);
      } else {
        choose_aws_key(ask, place, wanted);
      }
      break;
    case provider::Provider::kAzure:
      if (provider::in_managed_hsm(ask.order.place)) {
        require_room(place, place.at_destination, kAzureVersions, "versions",
                     "add another key of the Managed HSM as destination, and retire this one",
                     ask.remarks);
      }
      break;
    case provider::Provider::kGoogle:
      break;
  }
  ask.document = document_of(standing, place, ask);
  ask.order.ask_sha256 = crypto::sha256_hex(as_bytes(ask.document));
  return ask;
}

std::vector<FolderFile> files_of(const Ask& ask) {
  const std::string script = provider::fetch_script(ask.order);
  return {{std::string(provider::kAskFile), Bytes(ask.document.begin(), ask.document.end())},
          {std::string(provider::kFetchScript), Bytes(script.begin(), script.end()), true}};
}

}  // namespace keyrite::rotation
