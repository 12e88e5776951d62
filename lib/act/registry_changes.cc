#include "act/registry_changes.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "act/internal/version_changes.h"

namespace keyrite::act {

namespace {

using registry::Mark;
using registry::Stores;

bool take_tenant(Stores& stores, const Json& change, const Mark& mark) {
  const auto state = optional_word<registry::TenantState>(change, "state");
  if (!state) return true;
  const auto tenant = stores.tenants.find(text_of(change, "tenant"));
  if (!tenant) return false;
  if (is_told(stores.tenants.events(tenant->id), *state, mark)) return true;
  if (tenant->state != *state) stores.tenants.move(tenant->id, *state, tenant->revision, mark);
  return true;
}

// The cloud's key and version are names: the log has their pseudonyms, and an erased one is not
// known any more.
void name_cloud_key(const Stores& stores, const Json& told, registry::Placement& placement) {
  if (const auto key = optional_text(told, "cloud_key"))
    placement.cloud_key = stores.names.name_of(*key);
  if (const auto version = optional_text(told, "cloud_version"))
    placement.cloud_version = stores.names.name_of(*version);
  if (const auto expires = optional_time(told, "material_expires"))
    placement.material_expires = expires;
}

void identify(Stores& stores, const Json& told, registry::Placement placement) {
  const auto before =
      std::tuple(placement.cloud_key, placement.cloud_version, placement.material_expires);
  name_cloud_key(stores, told, placement);
  if (before !=
      std::tuple(placement.cloud_key, placement.cloud_version, placement.material_expires))
    stores.placements.identify(placement);
}

void add_placement(Stores& stores, registry::Placement placement, const Json& told,
                   const Mark& mark) {
  name_cloud_key(stores, told, placement);
  stores.placements.add(placement, mark);
}

bool take_placement(Stores& stores, const Json& change, const Mark& mark) {
  const Json& told = change.at("placement");
  registry::Placement placement{.id = {text_of(told, "destination"), number_of(told, "number")},
                                .key = text_of(told, "key")};
  const auto state = word_of<registry::PlacementState>(told, "state");
  auto known = stores.placements.find(placement.id);
  if (!known) {
    const bool placed = stores.destinations.find(placement.id.destination) &&
                        stores.versions.find({placement.key, placement.id.number});
    if (!placed) return false;
    placement.state = state;
    add_placement(stores, std::move(placement), told, mark);
    return true;
  }
  if (is_told(stores.placements.events(known->id), state, mark)) return true;
  identify(stores, told, *known);
  known = stores.placements.find(placement.id);
  if (known->state == state) return true;
  stores.placements.move(known->id, state, known->revision, mark,
                         {.basis = optional_word<registry::Basis>(told, "basis"),
                          .evidence_sha256 = optional_text(told, "evidence_sha256"),
                          .until = optional_time(told, "until")});
  return true;
}

// The row of a destination follows what was decided of it; the decision came with the entry's
// batch.
bool follow_destination(Stores& stores, const Json& change, const Mark& /*mark*/) {
  const Json& told = change.at("decision");
  if (!told.is_object()) refuse_unknown("decision");
  if (text_of(told, "kind") != registry::word(registry::DecisionKind::kDestination)) return true;
  const auto decided = stores.decisions.in_force(
      {registry::DecisionKind::kDestination, text_of(told, "subject"), 0});
  return decided && decided->document &&
         stores.destinations.follow(
             registry::destination(*decided->document, decided->id, decided->revision));
}

// The name of the key is a pseudonym, and an erased one is not known any more.
bool take_adopted(Stores& stores, const Json& change, const Mark& /*mark*/) {
  const Json& told = change.at("adopted");
  auto key = stores.keys.find(text_of(told, "key"));
  const auto tenant = stores.tenants.find(text_of(told, "tenant"));
  if (!key || !tenant) return false;
  if (key->tenant == tenant->id) return true;
  key->name = stores.names.name_of(text_of(told, "name"));
  if (!key->name) return false;
  key->tenant = tenant->id;
  stores.keys.adopt(*key);
  return true;
}

// An owner's word that the access to a key is right.
bool take_sign_off(Stores& stores, const Json& change, const Mark& mark) {
  const std::string key = text_of(change, "key");
  if (!stores.keys.find(key)) return false;
  const auto last = stores.keys.last_sign_off(key);
  if (!last || last->mark.at < mark.at)
    stores.keys.sign_off({key, text_of(change, "report_sha256"), mark});
  return true;
}

// Of a credential: opened, or revoked.
bool take_credential(Stores& stores, const Json& change, const Mark& mark) {
  const Json& told = change.at("credential");
  const auto known = stores.credentials.find(text_of(told, "id"));
  if (!known) return false;
  const std::string became = text_of(told, "became");
  if (became == "opened") {
    stores.credentials.mark_opened(known->id, mark.at);
    return true;
  }
  if (became != "revoked") refuse_unknown(became);
  if (!known->revoked) stores.credentials.revoke(known->id, mark.at, known->revision);
  return true;
}

// Every member that an item of "changes" may have. Without a function: written before the entry, or
// said of what has one.
struct ChangeKind {
  std::string_view member{};
  bool (*take)(Stores& stores, const Json& change, const Mark& mark){nullptr};
};
constexpr std::array<ChangeKind, 18> kKinds{{{"tenant", take_tenant},
                                             {"version", take_version},
                                             {"frozen", take_frozen},
                                             {"condemned"},
                                             {"waived"},
                                             {"dek", take_dek},
                                             {"copy", take_copy},
                                             {"placement", take_placement},
                                             {"decision", follow_destination},
                                             {"adopted", take_adopted},
                                             {"credential", take_credential},
                                             {"report_sha256", take_sign_off},
                                             {"hold"},
                                             {"key"},
                                             {"destination"},
                                             {"state"},
                                             {"type"},
                                             {"usage"}}};

const ChangeKind& kind_of(std::string_view member) {
  const auto* const found = std::ranges::find(kKinds, member, &ChangeKind::member);
  if (found == kKinds.end()) refuse_unknown(member);
  return *found;
}

// A placement whose cloud key is a pseudonym needs the name; a tenant, key or decision its row.
bool log_holds(const Json& change) {
  if (change.contains("decision") || change.contains("adopted")) return false;
  if (change.contains("version") || change.contains("copy") || change.contains("report_sha256") ||
      change.contains("credential") || change.contains("frozen") || change.contains("condemned") ||
      change.contains("waived") || change.contains("dek"))
    return true;
  const auto placement = change.find("placement");
  if (placement != change.end())
    return !placement->contains("cloud_key") && !placement->contains("cloud_version");
  return change.contains("tenant") && change.contains("state");
}

}  // namespace

bool holds_all(const Json& facts) {
  return std::ranges::all_of(facts.value("changes", Json::array()),
                             [](const Json& change) { return log_holds(change); });
}

bool take_change(Stores& stores, const Json& change, const Mark& mark) {
  if (!change.is_object()) refuse_unknown(change.dump());
  bool taken = true;
  for (const auto& [member, ignored] : change.items()) {
    const auto& kind = kind_of(member);
    if (kind.take != nullptr && !kind.take(stores, change, mark)) taken = false;
  }
  return taken;
}

bool decides(const Json& facts) {
  return std::ranges::any_of(facts.value("changes", Json::array()), [](const Json& change) {
    return change.is_object() && change.contains("decision");
  });
}

void require_known_changes(const Json& facts) {
  for (const auto& change : facts.value("changes", Json::array())) {
    for (const auto& [member, ignored] : change.items()) (void)kind_of(member);
  }
}

}  // namespace keyrite::act
