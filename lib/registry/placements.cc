#include "registry/placements.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "registry/cloud_key.h"
#include "registry/internal/events.h"
#include "registry/internal/sql.h"
#include "registry/versions.h"

namespace keyrite::registry {

namespace {

using internal::Row;
using internal::SubjectId;
using internal::text_of;
using internal::value_of;

constexpr std::string_view kCountPlacement =
    "SELECT count(*) FROM placement WHERE destination_id = $1 AND number = $2";

Placement placement_of(const Row& row) {
  Placement placement;
  placement.id = {row.text(0), row.number(2)};
  placement.key = row.text(1);
  placement.state = row.one_of<PlacementState>(3);
  placement.cloud_key = row.optional_text(4);
  placement.cloud_version = row.optional_text(5);
  placement.material_expires = row.optional_time(6);
  placement.revision = row.number(7);
  return placement;
}

SubjectId subject_of(const PlacementId& id) {
  return {Subject::kPlacement, id.destination, id.number};
}

[[noreturn]] void refuse(const PlacementId& id, std::string_view code, std::string_view why,
                         std::string_view hint) {
  throw Error(
      Kind::kFailed, std::string(code),
      fmt::format("version {} at destination {}: {}", id.number, printable(id.destination), why),
      std::string(hint));
}

void require_facts(const PlacementId& id, PlacementState to, const PlacementFacts& facts) {
  const bool judged = to == PlacementState::kProven || to == PlacementState::kAccepted;
  const bool ends = to == PlacementState::kAccepted || to == PlacementState::kDeletionScheduled;
  if (judged && !facts.basis)
    refuse(id, "placement-facts", fmt::format("{} without a basis", word(to)),
           "say what the verdict rests on");
  if (ends && !facts.until)
    refuse(id, "placement-facts", fmt::format("{} without a day", word(to)), "say until when");
  if (to == PlacementState::kProven && *facts.basis == Basis::kOfficer)
    refuse(id, "placement-facts", "an officer's word proves nothing", "it is an acceptance");
  if (facts.evidence_sha256) internal::require_sha256(*facts.evidence_sha256, "the evidence");
}

void require_place(internal::Sql& sql, const Placement& placement) {
  const auto destination = Destinations(sql).find(placement.id.destination);
  if (!destination) internal::refuse_unknown(sql, "destination", placement.id.destination);
  if (destination->retired)
    refuse(placement.id, "destination-retired", "the destination is retired",
           "add the destination that takes its place");
  const auto version = Versions(sql).find({placement.key, placement.id.number});
  if (!version) internal::refuse_unknown(sql, "version of key", placement.key);
  const bool young =
      version->state == VersionState::kPreActivation || version->state == VersionState::kActive;
  if (!young || version->frozen_by)
    refuse(placement.id, "version-not-for-import",
           fmt::format("the version is {}", version->frozen_by ? "frozen" : word(version->state)),
           "a key that is not used any more gets no new places (SP 800-57 part 1, 5.3.4)");
}

}  // namespace

void Placements::add(const Placement& placement, const Mark& mark) {
  require_place(sql_, placement);
  const auto seq = internal::append_event(sql_, subject_of(placement.id),
                                          word(PlacementState::kNone), word(placement.state), mark);
  sql_.run(
      "INSERT INTO placement (destination_id, key_id, number, kind, state, state_seq, cloud_key, "
      "cloud_version, material_expires_ms, revision) "
      "VALUES ($1, $2, $3, 'placement', $4, $5, $6, $7, $8, 1)",
      {placement.id.destination, placement.key, placement.id.number, text_of(word(placement.state)),
       seq, value_of(placement.cloud_key), value_of(placement.cloud_version),
       value_of(placement.material_expires)});
}

void Placements::move(const PlacementId& id, PlacementState to, std::int64_t revision,
                      const Mark& mark, const PlacementFacts& facts) {
  const auto now = find(id);
  if (!now) internal::refuse_unknown(sql_, "placement at destination", id.destination);
  internal::require_revision(sql_, now->revision, revision, "placement at destination",
                             id.destination);
  require_facts(id, to, facts);
  const auto seq = internal::append_event(sql_, subject_of(id), word(now->state), word(to), mark,
                                          {facts.basis, facts.evidence_sha256, facts.until});
  const auto changed = sql_.run(
      "UPDATE placement SET state = $1, state_seq = $2, revision = revision + 1 "
      "WHERE destination_id = $3 AND number = $4 AND revision = $5",
      {text_of(word(to)), seq, id.destination, id.number, revision});
  internal::require_swapped(sql_, changed, "placement at destination", kCountPlacement,
                            {id.destination, id.number});
}

void Placements::identify(const Placement& placement) {
  const auto changed = sql_.run(
      "UPDATE placement SET cloud_key = $1, cloud_version = $2, material_expires_ms = $3, "
      "revision = revision + 1 WHERE destination_id = $4 AND number = $5 AND revision = $6",
      {value_of(placement.cloud_key), value_of(placement.cloud_version),
       value_of(placement.material_expires), placement.id.destination, placement.id.number,
       placement.revision});
  internal::require_swapped(sql_, changed, "placement at destination", kCountPlacement,
                            {placement.id.destination, placement.id.number});
}

std::optional<Placement> Placements::find(const PlacementId& id) const {
  return sql_.one<Placement>(
      "SELECT destination_id, key_id, number, state, cloud_key, cloud_version, "
      "material_expires_ms, revision FROM placement WHERE destination_id = $1 AND number = $2",
      {id.destination, id.number}, placement_of);
}

std::vector<Placement> Placements::of(const VersionId& version) const {
  return sql_.all<Placement>(
      "SELECT destination_id, key_id, number, state, cloud_key, cloud_version, "
      "material_expires_ms, revision FROM placement WHERE key_id = $1 AND number = $2 "
      "ORDER BY destination_id",
      {version.key, version.number}, placement_of);
}

std::vector<Placement> Placements::at(std::string_view destination) const {
  return sql_.all<Placement>(
      "SELECT destination_id, key_id, number, state, cloud_key, cloud_version, "
      "material_expires_ms, revision FROM placement WHERE destination_id = $1 ORDER BY number",
      {text_of(destination)}, placement_of);
}

std::vector<Placement> Placements::in(PlacementState state, std::int64_t limit) const {
  return sql_.all<Placement>(
      "SELECT destination_id, key_id, number, state, cloud_key, cloud_version, "
      "material_expires_ms, revision FROM placement WHERE state = $1 ORDER BY destination_id "
      "LIMIT $2",
      {text_of(word(state)), limit}, placement_of);
}

std::vector<Placement> Placements::expiring_until(Time time, std::int64_t limit) const {
  return sql_.all<Placement>(
      "SELECT destination_id, key_id, number, state, cloud_key, cloud_version, "
      "material_expires_ms, revision FROM placement WHERE material_expires_ms IS NOT NULL AND "
      "material_expires_ms <= $1 ORDER BY material_expires_ms, destination_id LIMIT $2",
      {value_of(time), limit}, placement_of);
}

std::vector<Placement> Placements::sharing(std::string_view destination,
                                           const Placement& with) const {
  const Destinations destinations(sql_);
  const auto here = destinations.find(destination);
  const auto there =
      with.id.destination == destination ? here : destinations.find(with.id.destination);
  if (!here || !there || !with.cloud_key) return {};
  auto all = at(destination);
  std::erase_if(all, [&](const Placement& one) {
    return !is_same_cloud_key({*here, one.cloud_key}, {*there, with.cloud_key});
  });
  return all;
}

std::vector<StateEvent> Placements::events(const PlacementId& id) const {
  return internal::events_of(sql_, subject_of(id));
}

}  // namespace keyrite::registry
