#include "inventory/internal/key_json.h"

#include "inventory/internal/rows.h"

namespace keyrite::inventory {

Json time_json(const std::optional<registry::Time>& time) {
  return time ? Json(time_text(*time)) : Json();
}

Json to_json(const PlacedVersion& placed) {
  const auto& one = placed.placement;
  Json proof;
  if (placed.verdict) {
    const auto& verdict = *placed.verdict;
    proof = {{"verdict", verdict.to},
             {"basis", verdict.basis ? Json(registry::word(*verdict.basis)) : Json()},
             {"time", time_text(verdict.mark.at)},
             {"until", time_json(verdict.until)},
             {"evidence_sha256", text_json(verdict.evidence_sha256)},
             {"entry", verdict.mark.entry.seq}};
  }
  return {{"version", one.id.number},
          {"state", registry::word(one.state)},
          {"cloud_key", text_json(one.cloud_key)},
          {"cloud_version", text_json(one.cloud_version)},
          {"material_expires", time_json(one.material_expires)},
          {"proof", std::move(proof)}};
}

Json to_json(const ServedPlace& place) {
  const auto& at = place.destination;
  Json placed = Json::array();
  for (const auto& one : place.placed) placed.push_back(to_json(one));
  return {{"id", at.id},
          {"provider", at.provider},
          {"account", at.account},
          {"container", at.container},
          {"name", at.name},
          {"region", at.region},
          {"region_declared", at.region_declared},
          {"retired", time_json(at.retired)},
          {"placements", std::move(placed)}};
}

Json to_json(const HeldKey& held) {
  Json versions = Json::array();
  for (const auto& version : held.versions) {
    versions.push_back({{"number", version.id.number},
                        {"state", registry::word(version.state)},
                        {"frozen_by", version.frozen_by ? Json(*version.frozen_by) : Json()}});
  }
  Json places = Json::array();
  for (const auto& place : held.places) places.push_back(to_json(place));
  const auto* active = held.active();
  return {{"tenant", text_json(held.tenant.name)},
          {"tenant_id", held.tenant.id},
          {"name", text_json(held.key.name)},
          {"id", held.key.id},
          {"type", held.key.type},
          {"usage", registry::word(held.key.usage)},
          {"owner", text_json(held.owner())},
          {"active", active == nullptr ? Json() : Json(active->id.number)},
          {"due", time_json(held.key.due)},
          {"versions", std::move(versions)},
          {"destinations", std::move(places)}};
}

}  // namespace keyrite::inventory
