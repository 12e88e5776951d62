// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "shredding/loss.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "act/chosen_destination.h"
#include "act/registry_reading.h"
#include "act/tenant_key.h"
#include "base/bytes.h"
#include "base/canonical_json.h"
#include "base/error.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/sha256.h"
#include "provider/provider.h"
#include "registry/registry.h"
#include "site/layout.h"

namespace keyrite::shredding {

namespace {

using registry::CopyForm;

void hash_deks(const registry::Stores& stores, const registry::VersionId& id,
               crypto::Sha256& digest) {
  for (const auto kept : {registry::Kept::kHere, registry::Kept::kCaller}) {
    registry::DekPage page{.version = id, .kept = kept};
    for (auto deks = stores.deks.page(page); !deks.empty(); deks = stores.deks.page(page)) {
      for (const auto& dek : deks)
        digest.update(as_bytes(fmt::format("{} {}\n", dek.id, dek.wrapped_sha256)));
      page.after = deks.back().id;
    }
  }
}

Json list_of(const DoomedVersion& one) {
  Json copies = Json::array();
  for (const auto& copy : one.copies)
    copies.push_back({{"id", copy.id}, {"form", word(copy.form)}});
  Json places = Json::array();
  for (const auto& place : one.places) places.push_back({{"destination", place.destination.id}});
  return {{"key", one.key.id},
          {"number", one.version.id.number},
          {"cka_id", to_hex(one.version.cka_id)},
          {"copies", std::move(copies)},
          {"places", std::move(places)},
          {"deks", one.deks_here + one.deks_with_callers},
          {"credentials", one.credentials}};
}

std::string place_text(const CloudPlace& place) {
  return fmt::format("{} ({})", act::place_text(place.destination), word(place.placement.state));
}

void add_copies(const DoomedVersion& one, std::vector<std::string>& lines) {
  for (const auto& copy : one.copies) {
    if (copy.form == CopyForm::kToken) {
      lines.push_back(
          fmt::format("  token {}: {}", printable(copy.token_serial), word(copy.state)));
    } else {
      lines.push_back(
          fmt::format("  not reached: a {} with SHA-256 {}", word(copy.form), copy.sha256));
    }
  }
  for (const auto& place : one.places) lines.push_back("  not reached: " + place_text(place));
}

}  // namespace

Loss loss_of(const registry::Stores& stores, const Scope& scope) {
  Loss loss;
  Json list = Json::array();
  crypto::Sha256 digest;
  std::map<std::string, std::int64_t> left;
  for (const auto& one : scope.versions) {
    for (const auto& count : stores.deks.counts(one.key.id))
      left[one.key.id + std::to_string(count.version.number)] = count.here + count.caller;
  }
  for (const auto& one : scope.versions) {
    left.erase(one.key.id + std::to_string(one.version.id.number));
    if (one.is_destroyed()) continue;
    ++loss.versions;
    loss.deks += one.deks_here + one.deks_with_callers;
    loss.credentials += one.credentials;
    hash_deks(stores, one.version.id, digest);
    list.push_back(list_of(one));
  }
  for (const auto& [ignored, count] : left) loss.deks_elsewhere += count;
  loss.dek_list_sha256 = to_hex(digest.finish());
  const Json whole{{"tenant", scope.tenant.id},
                   {"dek_list_sha256", loss.dek_list_sha256},
                   {"versions", std::move(list)}};
  loss.list_sha256 = crypto::sha256_hex(as_bytes(canonical_json(whole)));
  return loss;
}

Listed listed(const act::Context& context, const ShredRequest& request) {
  const auto& site = act::required_site(context);
  registry::Registry registry(site.path(site::kRegistryName));
  act::require_readable(registry, site);
  const auto view = registry.read();
  const auto& stores = *view.operator->();
  Listed found{.scope = scope_of_site(stores, site, request, logged_versions(site))};
  found.loss = loss_of(stores, found.scope);
  return found;
}

Json to_json(const Loss& loss, const Scope& scope) {
  Json versions = Json::array();
  for (const auto& one : scope.versions) {
    Json copies = Json::array();
    for (const auto& copy : one.copies)
      copies.push_back({{"form", word(copy.form)},
                        {"token_serial", text_or_null(copy.token_serial)},
                        {"sha256", text_or_null(copy.sha256)},
                        {"state", word(copy.state)}});
    Json places = Json::array();
    for (const auto& place : one.places)
      places.push_back({{"destination", act::place_text(place.destination)},
                        {"state", word(place.placement.state)},
                        {"shared_with", place.shared_with}});
    versions.push_back(
        {{"key", one.key.name ? Json(*one.key.name) : Json()},
         {"version", one.version.id.number},
         {"id", to_hex(one.version.cka_id)},
         {"state", word(one.version.state)},
         {"frozen_by", one.version.frozen_by ? Json(*one.version.frozen_by) : Json()},
         {"approved_by", one.condemned_by ? Json(*one.condemned_by) : Json()},
         {"data_keys", one.deks_here + one.deks_with_callers},
         {"credentials", one.credentials},
         {"copies", std::move(copies)},
         {"destinations", std::move(places)}});
  }
  return {{"list_sha256", loss.list_sha256},
          {"data_keys", loss.deks},
          {"data_key_list_sha256", loss.dek_list_sha256},
          {"data_keys_that_stay", loss.deks_elsewhere},
          {"credentials", loss.credentials},
          {"versions", std::move(versions)}};
}

std::vector<std::string> loss_lines(const Loss& loss, const Scope& scope) {
  std::vector<std::string> lines;
  for (const auto& one : scope.versions) {
    lines.push_back(fmt::format("{}: {}, {} data key(s), {} credential(s)", one.text(),
                                word(one.version.state), one.deks_here + one.deks_with_callers,
                                one.credentials));
    add_copies(one, lines);
  }
  lines.push_back(fmt::format("unreadable afterwards: {} data key(s), {} credential(s)", loss.deks,
                              loss.credentials));
  if (loss.deks_elsewhere > 0)
    lines.push_back(
        fmt::format("still readable: {} data key(s) of these keys, under versions that "
                    "stay",
                    loss.deks_elsewhere));
  lines.emplace_back(
      "never reached: backups of the token and of the registry, and data keys that were given out");
  return lines;
}

void require_nothing_more(const Scope& scope) {
  for (const auto& one : scope.versions) {
    for (const auto& place : one.places) {
      const bool whole_key = place.destination.provider != "google";
      if (!whole_key || place.shared_with.empty() || !may_be_at_cloud(place.placement)) continue;
      throw Error(
          Kind::kFailed, "shred-takes-more",
          fmt::format("{} is at {} in one cloud key with version(s) {}, and the cloud deletes the "
                      "whole key or none of it",
                      one.text(), act::place_text(place.destination),
                      fmt::join(place.shared_with, ", ")),
          "shred the whole key, or rotate it away from that cloud key first");
    }
  }
}

}  // namespace keyrite::shredding
