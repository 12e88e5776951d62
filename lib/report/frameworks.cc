// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "report/frameworks.h"

#include <algorithm>

#include "report/reading.h"

namespace keyrite::report {

namespace {

Framework csf2() {
  return {"csf2",
          "NIST Cybersecurity Framework 2.0",
          {{"ID.AM-07", "inventories of data", false, {"tenant-add", "key-add", "destination-add"}},
           {"ID.AM-08",
            "assets are managed through their life",
            false,
            {"generate-kek", "key-activate", "rotate", "key-set-deactivation", "shred-close"}},
           {"PR.AA-05",
            "access is managed, with least privilege and separation of duties",
            false,
            {"inventory-sign-off", kApprovedEvent, "key-suspend", "credential-revoke"}},
           {"PR.DS-01",
            "data at rest is protected",
            false,
            {"generate-kek", "dek-issue", "dek-wrap", "credential-seal", "rotate"}},
           {"PR.DS-02", "data in transit is protected", false, {"wrap-for-import"}},
           {"PR.DS-10", "data in use is protected", false, {"dek-unwrap", "credential-open"}},
           {"PR.DS-11", "backups are made, protected and tested", false, {"inventory-restore"}},
           {"PR.PS-01",
            "configurations are managed",
            false,
            {"token-check", "inventory-reconcile", "key-change"}},
           {"PR.PS-04", "log records are made and kept", false, {kAnyEntry}},
           {"RS.AN-06",
            "what is done in an investigation is recorded",
            false,
            {"key-mark-compromised", "key-suspend", "tenant-hold"}},
           {"RS.AN-07",
            "data of an incident is collected, and its integrity kept",
            false,
            {kRefusedEvent, "inventory-reconcile"}}}};
}

Framework nhi() {
  return {
      "nhi",
      "OWASP Non-Human Identities Top 10 2025",
      {{"NHI1:2025",
        "improper offboarding",
        true,
        {"tenant-offboard", "credential-revoke", "shred-close", "shred-deletion"}},
       {"NHI2:2025", "secret leakage", true, {"credential-seal", "key-mark-compromised"}},
       {"NHI3:2025",
        "vulnerable third party",
        true,
        {"verify-import", "inventory-accept", "destination-retire"}},
       {"NHI4:2025", "insecure authentication", true, {kApprovedEvent, kRefusedEvent}},
       {"NHI5:2025", "too many privileges", false, {"inventory-sign-off", "key-suspend"}},
       {"NHI7:2025", "secrets that live long", false, {"rotate", "credential-rotate"}},
       {"NHI8:2025", "environments that are not kept apart", false, {"key-add"}},
       {"NHI9:2025", "one identity used for many things", false, {"credential-seal", "key-add"}},
       {"NHI10:2025",
        "people who use such an identity",
        false,
        {"credential-open", "dek-unwrap"}}}};
}

Framework pci() {
  return {"pci",
          "PCI PIN Security 3.1",
          {{"5-7", "keys are made by a documented process", true, {"generate-kek", "token-check"}},
           {"12", "dual control and split knowledge", false, {kApprovedEvent}},
           {"18", "keys are in key blocks, and none is replaced", false, {"wrap-for-import"}},
           {"22",
            "a compromise of keys is found and answered",
            true,
            {"key-mark-compromised", "rotate"}},
           {"24",
            "keys that are not used any more are destroyed",
            true,
            {"shred", "shred-destroy", "shred-close", "shred-deletion"}},
           {"25", "access to keys is given to as few as possible", true, {"inventory-sign-off"}},
           {"26",
            "each access to a key is logged",
            true,
            {"generate-kek", "wrap-for-import", "dek-unwrap", "credential-open"}},
           {"27", "backups of keys", true, {"inventory-restore"}},
           {"28", "administration follows documented procedures", true, {kApprovedEvent}}}};
}

Framework iso27001() {
  return {"iso27001",
          "ISO/IEC 27001:2022, Annex A",
          {{"A.5.3", "duties are kept apart", false, {kApprovedEvent}},
           {"A.5.28", "evidence is collected", false, {kAnyEntry}},
           {"A.5.33", "records are protected", false, {kAnyEntry, "inventory-restore"}},
           {"A.8.2",
            "privileged access is restricted",
            false,
            {kApprovedEvent, "inventory-sign-off", kRefusedEvent}},
           {"A.8.10", "information is deleted", false, {"shred", "shred-close", "shred-deletion"}},
           {"A.8.15", "events are logged", false, {kAnyEntry}},
           {"A.8.17", "clocks agree", false, {kClockEvent}},
           {"A.8.24",
            "cryptography is used by rules, and keys are managed",
            false,
            {"generate-kek", "key-activate", "rotate", "wrap-for-import", "verify-import"}}}};
}

EvidenceFacts evidence_of(std::string_view what, const std::vector<Done>& done,
                          const Period& period) {
  EvidenceFacts evidence{.what = std::string(what)};
  for (const auto& one : done) {
    if (!period.has(one.at)) continue;
    if (evidence.count++ == 0) evidence.first = one.entry;
    evidence.last = one.entry;
    if (!one.vouched) ++evidence.unvouched;
  }
  return evidence;
}

}  // namespace

const std::vector<Framework>& frameworks() {
  static const std::vector<Framework> all{csf2(), nhi(), pci(), iso27001()};
  return all;
}

const Framework* find_framework(std::string_view word) {
  const auto found = std::ranges::find(frameworks(), word, &Framework::word);
  return found == frameworks().end() ? nullptr : &*found;
}

FrameworkFacts evidence_for(const Framework& framework,
                            const std::map<std::string, std::vector<Done>>& acts,
                            const Period& period) {
  FrameworkFacts facts{.framework = &framework};
  for (const auto& requirement : framework.requirements) {
    RequirementFacts one{.requirement = &requirement};
    for (const auto act : requirement.acts) {
      const auto done = acts.find(std::string(act));
      if (done == acts.end()) continue;
      auto evidence = evidence_of(act, done->second, period);
      if (evidence.count != 0) one.evidence.push_back(std::move(evidence));
    }
    facts.requirements.push_back(std::move(one));
  }
  return facts;
}

}  // namespace keyrite::report
