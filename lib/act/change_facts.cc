#include "act/change_facts.h"

#include "base/bytes.h"
#include "base/key_origin.h"
#include "base/key_type.h"

namespace keyrite::act {

namespace {

Words state_word(registry::VersionState state) {
  return Words::listed(registry::word(state), {"pre-activation", "active", "suspended",
                                               "deactivated", "compromised", "destroyed"});
}

Words state_word(registry::CopyState state) {
  return Words::listed(registry::word(state), {"expected", "present", "missing",
                                               "destruction-pending", "destroyed", "given-away"});
}

Words state_word(registry::PlacementState state) {
  return Words::listed(registry::word(state),
                       {"asked", "wrapped", "withdrawn", "imported", "different", "proven",
                        "accepted", "serving", "disabled", "deletion-scheduled", "deleted"});
}

// One member, named by its kind.
Fact item(Literal kind, const LogFacts& told) { return LogFacts{{kind, Fact(told)}}; }

LogFacts of_version(const registry::VersionId& version) {
  return {{"key", Fact::id(version.key)}, {"number", version.number}};
}

LogFacts of_copy(const registry::Copy& copy) {
  LogFacts told = of_version(copy.version);
  told.add("id", Fact::id(copy.id));
  told.add("form", Words::listed(registry::word(copy.form), {"token", "bundle", "backup"}));
  told.add("state", state_word(copy.state));
  return told;
}

}  // namespace

LogFacts changes(const std::vector<Fact>& list) { return {{"changes", Fact(list)}}; }

Fact new_version(const registry::Version& version,
                 const std::vector<crypto::CheckValue>& check_values) {
  LogFacts told = of_version(version.id);
  told.add("state", state_word(registry::VersionState::kPreActivation));
  told.add("cka_id", Fact::id(to_hex(version.cka_id)));
  told.add("origin", Words::of(version.origin));
  told.add("check_values", Fact::of(check_values));
  if (version.public_key_sha256)
    told.add("public_key_sha256", Fact::sha256(*version.public_key_sha256));
  return item("version", told);
}

Fact moved(const registry::VersionId& version, registry::VersionState to) {
  LogFacts told = of_version(version);
  told.add("state", state_word(to));
  return item("version", told);
}

Fact frozen(const registry::VersionId& version, bool becomes_frozen) {
  LogFacts told = of_version(version);
  told.add("becomes", becomes_frozen ? Words("frozen") : Words("thawed"));
  return item("frozen", told);
}

Fact condemned(const registry::VersionId& version) {
  return item("condemned", of_version(version));
}

Fact waived(const registry::Placement& placement) {
  LogFacts told = of_version({placement.key, placement.id.number});
  told.add("destination", Fact::id(placement.id.destination));
  return item("waived", told);
}

Fact erased(const std::string& dek) {
  return item("dek", {{"id", Fact::id(dek)}, {"became", Words("gone")}});
}

Fact new_copy(const registry::Copy& copy, const pkcs11::TokenInfo& token) {
  LogFacts told = of_copy(copy);
  told.add("token_serial", Fact::serial_of(token));
  told.add("cka_id", Fact::id(to_hex(copy.cka_id)));
  return item("copy", told);
}

Fact new_copy(const registry::Copy& copy) {
  LogFacts told = of_copy(copy);
  told.add("sha256", Fact::sha256(copy.sha256));
  return item("copy", told);
}

Fact moved(const std::string& copy, registry::CopyState to) {
  return item("copy", {{"id", Fact::id(copy)}, {"state", state_word(to)}});
}

Fact adopted(const std::string& key, const std::string& tenant, const std::string& name) {
  return item("adopted",
              {{"key", Fact::id(key)}, {"tenant", Fact::id(tenant)}, {"name", Fact::id(name)}});
}

Fact new_key(const registry::Key& key) {
  return LogFacts{{"key", Fact::id(key.id)},
                  {"type", Words::of(parse_key_type(key.type))},
                  {"usage", Words::listed(registry::word(key.usage),
                                          {"wrap", "encrypt", "sign", "mac", "derive"})}};
}

Fact placed(const registry::Placement& placement, const registry::PlacementFacts& facts,
            const CloudKeyFacts& cloud) {
  LogFacts told{{"destination", Fact::id(placement.id.destination)},
                {"key", Fact::id(placement.key)},
                {"number", placement.id.number},
                {"state", state_word(placement.state)}};
  if (!cloud.key.empty()) told.add("cloud_key", Fact::id(cloud.key));
  if (!cloud.version.empty()) told.add("cloud_version", Fact::id(cloud.version));
  if (cloud.material_expires) told.add("material_expires", Fact(*cloud.material_expires));
  if (facts.basis)
    told.add("basis", Words::listed(registry::word(*facts.basis),
                                    {"cryptographic", "attestation", "statement", "officer"}));
  if (facts.evidence_sha256) told.add("evidence_sha256", Fact::sha256(*facts.evidence_sha256));
  if (facts.until) told.add("until", Fact(*facts.until));
  return item("placement", told);
}

Fact became(const std::string& credential, CredentialBecame what) {
  const bool opened = what == CredentialBecame::kOpened;
  return item("credential", {{"id", Fact::id(credential)},
                             {"became", opened ? Words("opened") : Words("revoked")}});
}

}  // namespace keyrite::act
