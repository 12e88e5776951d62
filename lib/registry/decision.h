// What somebody decided and the registry acts on: jurisdictions and hold of a tenant, the policy of
// a key, the acceptance of a placement. Each decision is a document in canonical JSON whose SHA-256
// stands in the log entry that set it; the document names its subject and its revision, and has a
// random salt, so that nobody finds a short text by its hash. A registry edited by hand decides
// nothing: what is used is compared with the log first (decisions.h). Values, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "registry/model.h"

namespace keyrite::registry {

enum class DecisionKind : std::uint8_t { kTenant, kKey, kAcceptance };
template <>
struct WordTable<DecisionKind> {
  static constexpr std::array<std::string_view, 3> words{"tenant", "key", "acceptance"};
};

struct DecisionId {
  DecisionKind kind{};
  std::string subject{};  // a tenant's, key's or destination's id
  std::int64_t number{};  // of the version, for an acceptance
  friend bool operator==(const DecisionId&, const DecisionId&) = default;
};

struct Hold {
  std::string authority{};
  std::string reason{};
  friend bool operator==(const Hold&, const Hold&) = default;
};
struct TenantPolicy {
  std::vector<std::string> jurisdictions{};  // regions; empty: any
  std::optional<Hold> hold{};                // legal hold: nothing of the tenant is destroyed
  friend bool operator==(const TenantPolicy&, const TenantPolicy&) = default;
};
struct KeyPolicy {
  Basis accept{Basis::kCryptographic};  // the weakest proof of an import that is enough
  WhenCompromised compromised{WhenCompromised::kStop};
  std::int64_t copies_needed{1};  // proven ones, before a version is activated
  std::int64_t period_days{kDefaultPeriodDays};
  std::optional<std::string>
      roster_sha256{};  // who decides over this key, if not the site's roster
  friend bool operator==(const KeyPolicy&, const KeyPolicy&) = default;
};
struct Acceptance {
  std::string by{};
  std::string reason{};
  Time until{};
  std::optional<std::string> evidence_sha256{};
  friend bool operator==(const Acceptance&, const Acceptance&) = default;
};

// The fields of a decision, without its subject. Errors kUsage "registry-value": a text that is no
// text of 1 to 500 bytes, a number that makes no sense.
[[nodiscard]] Json to_json(const TenantPolicy& policy);
[[nodiscard]] Json to_json(const KeyPolicy& policy);
[[nodiscard]] Json to_json(const Acceptance& acceptance);

// The document: its members are "content", "kind", "number", "revision", "salt", "subject".
[[nodiscard]] std::string decision_document(const DecisionId& id, std::int64_t revision,
                                            const Json& content, std::string_view salt);
// SHA-256 of the document in hex: what the log entry names.
[[nodiscard]] std::string decision_digest(std::string_view document);

// Back from a document. Error kVerification "decision-edited" when it is not exactly what
// decision_document() writes of this subject and revision.
[[nodiscard]] TenantPolicy tenant_policy(std::string_view document, const DecisionId& id,
                                         std::int64_t revision);
[[nodiscard]] KeyPolicy key_policy(std::string_view document, const DecisionId& id,
                                   std::int64_t revision);
[[nodiscard]] Acceptance acceptance(std::string_view document, const DecisionId& id,
                                    std::int64_t revision);

}  // namespace keyrite::registry
