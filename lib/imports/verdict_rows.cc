#include "imports/verdict_rows.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "act/change_facts.h"
#include "base/canonical_json.h"
#include "base/error.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "registry/cloud_key.h"

namespace keyrite::imports {

namespace {

using registry::PlacementState;
using States = std::vector<PlacementState>;

States after_proof(PlacementState now) {
  if (now == PlacementState::kWrapped) return {PlacementState::kImported, PlacementState::kProven};
  if (now == PlacementState::kImported || now == PlacementState::kAccepted)
    return {PlacementState::kProven};
  return {};
}

States after_difference(PlacementState now) {
  if (now == PlacementState::kWrapped)
    return {PlacementState::kImported, PlacementState::kDifferent};
  const bool held = now == PlacementState::kImported || now == PlacementState::kProven ||
                    now == PlacementState::kAccepted || now == PlacementState::kServing;
  if (held) return {PlacementState::kDifferent};
  return {};
}

registry::Basis basis_of(provider::Basis basis) {
  return basis == provider::Basis::kCryptographic ? registry::Basis::kCryptographic
                                                  : registry::Basis::kStatement;
}

// Azure: a version that was proven under a check name is imported anew under the destination's.
bool has_name_of_destination(const registry::Stores& stores, const registry::Placement& placement,
                             const std::string& cloud_key) {
  const auto row = stores.destinations.find(placement.id.destination);
  return row && row->provider == provider::provider_name(provider::Provider::kAzure) &&
         cloud_key == fmt::format("https://{}/keys/{}", row->container, row->name);
}

// The placements of the version whose cloud key is the bundle's, or is to be. Two destinations may
// be names of one key.
std::vector<registry::Placement> placements_of(const registry::Stores& stores,
                                               const registry::VersionId& version,
                                               const std::optional<std::string>& cloud_key) {
  std::vector<registry::Placement> found;
  for (const auto& one : stores.placements.of(version)) {
    const auto row = stores.destinations.find(one.id.destination);
    const bool named = row && registry::is_same_cloud_key({*row, one.cloud_key}, {*row, cloud_key});
    if (named || has_name_of_destination(stores, one, *cloud_key)) found.push_back(one);
  }
  return found;
}

// Under the name that consumers use a version serves; the check key is not told of any more.
States after_switch(PlacementState now, provider::Verdict verdict) {
  if (verdict == provider::Verdict::kDifferent) return after_difference(now);
  const bool was_checked = now == PlacementState::kProven || now == PlacementState::kAccepted;
  if (verdict == provider::Verdict::kProven && was_checked) return {PlacementState::kServing};
  return {};
}

bool is_named_elsewhere(const registry::Stores& stores, const registry::Placement& placement,
                        const std::string& version) {
  for (const auto& other : stores.placements.at(placement.id.destination)) {
    if (other.id != placement.id && other.cloud_version == version) return true;
  }
  return false;
}

// What the entry tells of the cloud's version, where the answers name one. Two versions of ours are
// not one of the cloud's: a name that another one has is not believed.
act::CloudKeyFacts cloud_facts(registry::Stores& stores, const registry::Placement& placement,
                               const AnswersReport& report) {
  const std::string& version = report.judgement.version;
  if (version.empty() || version == placement.cloud_version ||
      is_named_elsewhere(stores, placement, version))
    return {};
  return {.version = stores.names.pseudonym_of(version, act::random_id())};
}

// Where the import under the destination's name was proven.
act::CloudKeyFacts named_facts(registry::Stores& stores, const registry::Placement& placement,
                               const AnswersReport& report) {
  auto facts = cloud_facts(stores, placement, report);
  const auto& key = report.bundle.manifest.cloud.key;
  if (report.judgement.verdict == provider::Verdict::kProven &&
      has_name_of_destination(stores, placement, key) && placement.cloud_key != key)
    facts.key = stores.names.pseudonym_of(key, act::random_id());
  return facts;
}

void add_moves(std::vector<act::Fact>& list, registry::Stores& stores,
               const RecordedVerdict& recorded, const registry::PlacementFacts& facts,
               const AnswersReport& report) {
  auto cloud = named_facts(stores, recorded.placement, report);
  auto placement = recorded.placement;
  for (const auto state : recorded.states) {
    placement.state = state;
    list.push_back(act::placed(placement, facts, cloud));
    cloud = {};
  }
}

// Answers of other keys, from which nothing follows for this one.
bool names_none(const AnswersReport& report) {
  const auto& findings = report.judgement.findings;
  return report.judgement.verdict == provider::Verdict::kConsistentNotProven && !findings.empty() &&
         std::ranges::all_of(findings, [](const auto& one) { return one.named.empty(); });
}

}  // namespace

States states_after(PlacementState now, provider::Verdict verdict) {
  switch (verdict) {
    case provider::Verdict::kProven:
      return after_proof(now);
    case provider::Verdict::kDifferent:
      return after_difference(now);
    case provider::Verdict::kConsistentNotProven:
      // Somebody imported it; an officer may accept it.
      return now == PlacementState::kWrapped ? States{PlacementState::kImported} : States{};
  }
  throw Error(Kind::kInternal, "value-outside-table", "a judgement has no verdict");
}

namespace {

RecordedVerdict recorded_at(const registry::Stores& stores, const registry::Placement& placement,
                            const AnswersReport& report) {
  const auto version = stores.versions.find({placement.key, placement.id.number});
  RecordedVerdict recorded{
      .placement = placement,
      .destination = stores.destinations.find(placement.id.destination).value(),
      .destroyed = version && version->state == registry::VersionState::kDestroyed};
  if (names_none(report)) return {recorded.placement, recorded.destination, {}};
  const auto verdict = report.judgement.verdict;
  const auto now = recorded.placement.state;
  const bool same = registry::is_same_cloud_key(
      {recorded.destination, recorded.placement.cloud_key},
      {recorded.destination, std::optional(report.bundle.manifest.cloud.key)});
  recorded.states = same ? states_after(now, verdict) : after_switch(now, verdict);
  return recorded;
}

}  // namespace

std::string evidence_sha256(const AnswersReport& report) {
  return crypto::sha256_hex(as_bytes(canonical_json(Json(report.answers_sha256))));
}

std::optional<RecordedVerdict> recorded_verdict(const registry::Stores& stores,
                                                const AnswersReport& report) {
  const auto copy = stores.copies.of_file(report.bundle.manifest_sha256);
  if (!copy || copy->form != registry::CopyForm::kBundle) return std::nullopt;
  std::vector<RecordedVerdict> all;
  for (const auto& placement :
       placements_of(stores, copy->version, report.bundle.manifest.cloud.key))
    all.push_back(recorded_at(stores, placement, report));
  if (all.empty()) return std::nullopt;
  auto first = std::move(all.front());
  first.also.assign(std::make_move_iterator(all.begin() + 1), std::make_move_iterator(all.end()));
  return first;
}

std::optional<act::RegistryRows> rows_of(const RecordedVerdict& recorded,
                                         const AnswersReport& report) {
  const auto moves = [](const RecordedVerdict& one) { return !one.states.empty(); };
  if (!moves(recorded) && std::ranges::none_of(recorded.also, moves)) return std::nullopt;
  const std::string evidence = evidence_sha256(report);
  registry::PlacementFacts facts{.evidence_sha256 = evidence};
  if (report.judgement.basis) facts.basis = basis_of(*report.judgement.basis);
  const Json what{recorded.placement.id.destination, recorded.placement.id.number, evidence};
  return act::rows_of(
      "verify-import", what, 1,
      [recorded, facts, report](registry::Stores& stores, const std::string& /*batch*/) {
        std::vector<act::Fact> list;
        add_moves(list, stores, recorded, facts, report);
        for (const auto& one : recorded.also) add_moves(list, stores, one, facts, report);
        return act::changes(list);
      });
}

Json to_json(const RecordedVerdict& recorded) {
  Json one{{"key_id", recorded.placement.key},
           {"number", recorded.placement.id.number},
           {"destination", recorded.destination.name},
           {"destination_id", recorded.destination.id},
           {"state", registry::word(recorded.reached())}};
  for (const auto& other : recorded.also) one["also"].push_back(to_json(other));
  return one;
}

std::optional<Error> alarm_of(const RecordedVerdict& recorded, provider::Verdict verdict) {
  const bool is_awaited = recorded.placement.state == PlacementState::kDeletionScheduled;
  if (!recorded.destroyed || is_awaited || verdict != provider::Verdict::kProven)
    return std::nullopt;
  return Error(Kind::kVerification, "destroyed-at-cloud",
               fmt::format("version {} is destroyed, and the cloud at destination \"{}\" uses it",
                           recorded.placement.id.number, printable(recorded.destination.name)),
               "delete it at the cloud, and find out who imported it");
}

std::string text_of(const RecordedVerdict& recorded) {
  auto text = fmt::format("in the registry version {} is {} at destination \"{}\"",
                          recorded.placement.id.number, registry::word(recorded.reached()),
                          printable(recorded.destination.name));
  for (const auto& other : recorded.also) {
    text += fmt::format(", and {} at \"{}\", which is the same key of the cloud",
                        registry::word(other.reached()), printable(other.destination.name));
  }
  return text;
}

}  // namespace keyrite::imports
