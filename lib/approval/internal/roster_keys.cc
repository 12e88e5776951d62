#include "approval/internal/roster_keys.h"

#include <algorithm>

#include <fmt/format.h>

#include "approval/internal/roster_toml.h"

namespace keyrite::approval {
namespace {

// One key of a person, in whichever form it stands in the roster.
struct HeldKey {
  const Approver* owner{};
  const crypto::PublicKey* numbers{};
  const SshKey* ssh{};                       // nullptr when it is in a certificate
  const crypto::Certificate* certificate{};  // nullptr when it is an SSH key
};

std::vector<HeldKey> held_by(const Approver& approver) {
  std::vector<HeldKey> all;
  for (const SshKey& key : approver.keys) {
    all.push_back({.owner = &approver, .numbers = &key.public_key, .ssh = &key});
  }
  for (const crypto::Certificate& one : approver.certificates) {
    all.push_back({.owner = &approver, .numbers = &one.public_key(), .certificate = &one});
  }
  return all;
}

std::string name_of(const HeldKey& key) {
  return key.ssh != nullptr ? fmt::format("key {}", fingerprint(*key.ssh))
                            : fmt::format("the key of certificate {}", key.certificate->sha256());
}

// Whether a signature that names one of them may name the other.
bool named_alike(const crypto::Certificate& a, const crypto::Certificate& b) {
  return names_signer(a.issuer_and_serial(), b) ||
         (a.key_identifier() && names_signer(*a.key_identifier(), b));
}

// Of one person: a card holds one key for SSH and in a certificate, and a renewed certificate has
// the key of the one before.
void require_different_forms(const HeldKey& known, const HeldKey& added, std::string_view origin) {
  const std::string& who = added.owner->identity;
  if (known.ssh != nullptr && added.ssh != nullptr && *known.numbers == *added.numbers) {
    refuse_roster("roster-duplicate-key", origin,
                  fmt::format("{} is both {}'s and {}'s", name_of(added), who, who),
                  "give each key to one person, once");
  }
  if (known.certificate != nullptr && added.certificate != nullptr &&
      known.certificate->issuer_and_serial() == added.certificate->issuer_and_serial()) {
    refuse_roster("roster-duplicate-certificate", origin,
                  fmt::format("certificate {} of {} is listed twice, or another certificate of "
                              "its issuer has the same number",
                              added.certificate->sha256(), who),
                  "list each certificate once");
  }
}

// By the numbers, not the blob: one authenticator's key under two applications is one key.
void require_different_people(const HeldKey& known, const HeldKey& added, std::string_view origin) {
  if (*known.numbers == *added.numbers) {
    refuse_roster("roster-duplicate-key", origin,
                  fmt::format("{} is both {}'s and {}'s", name_of(added), known.owner->identity,
                              added.owner->identity),
                  "give each key to one person, once");
  }
  if (known.certificate != nullptr && added.certificate != nullptr &&
      named_alike(*known.certificate, *added.certificate)) {
    refuse_roster("roster-duplicate-certificate", origin,
                  fmt::format("certificates of {} and {} have the same issuer and number, or the "
                              "same key identifier",
                              known.owner->identity, added.owner->identity),
                  "have one of them issued again: a signature could not tell them apart");
  }
}

}  // namespace

void require_own_keys(const Roster& roster, std::string_view origin) {
  const Approver& newest = roster.approvers.back();
  const std::vector<HeldKey> added = held_by(newest);
  for (auto one = added.begin(); one != added.end(); ++one) {
    std::for_each(added.begin(), one,
                  [&](const HeldKey& known) { require_different_forms(known, *one, origin); });
    for (const Approver& person : roster.approvers) {
      if (&person == &newest) continue;
      for (const HeldKey& known : held_by(person)) require_different_people(known, *one, origin);
    }
  }
}

void require_trusted_certificates(const Roster& roster, std::string_view origin) {
  for (const Approver& approver : roster.approvers) {
    for (const crypto::Certificate& one : approver.certificates) {
      const auto fault = chain_fault(one, roster.authorities, std::nullopt);
      if (!fault) continue;
      refuse_roster("roster-certificate-untrusted", origin,
                    fmt::format("certificate {} of {} does not chain to a [[ca]]: {}", one.sha256(),
                                approver.identity, *fault),
                    "add every CA of its chain, up to the self-signed one, as a [[ca]] table");
    }
  }
}

}  // namespace keyrite::approval
