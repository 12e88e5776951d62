// What somebody decided and the registry applies: jurisdictions and hold of a tenant, the policy of
// a key, the acceptance of a placement, what a destination is. Each decision is a document in
// canonical JSON, and the log entry that set it has its SHA-256. The document names its subject and
// its revision, and has a random salt, so that nobody finds a short text by its hash. A registry
// edited by hand decides nothing: keyrite compares a decision with the log before it uses it
// (decisions.h). Values, any thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "registry/model.h"

namespace keyrite::registry {

enum class DecisionKind : std::uint8_t {
  kTenant,
  kKey,
  kAcceptance,
  kDestination,
  kPinnedKey,
  kCampaign
};
template <>
struct WordTable<DecisionKind> {
  static constexpr std::array<std::string_view, 6> words{"tenant",      "key",        "acceptance",
                                                         "destination", "pinned-key", "campaign"};
};

struct DecisionId {
  DecisionKind kind{};
  std::string subject{};  // a tenant's, key's or destination's id; a random one of a
                          // pinned key and of a campaign
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
// A wrapping key that was approved for all imports into one vault or key ring until a day.
struct PinnedKey {
  std::string provider{};  // as a destination has it
  std::string place{};     // as provider::wrapping_key_place()
  std::string sha256{};    // of its DER SubjectPublicKeyInfo
  Time until{};
  std::string by{};
  std::string reason{};
  std::map<std::string, std::uint64_t> threshold{};  // how many of each role approved it
  std::optional<std::string> ended{};  // the reason for which it does not hold any more
  friend bool operator==(const PinnedKey&, const PinnedKey&) = default;
};

// A plan that was approved once for many acts.
struct CampaignKey {
  std::string key{};                        // its id
  std::vector<std::string> destinations{};  // their ids: whither it may be wrapped
  friend bool operator==(const CampaignKey&, const CampaignKey&) = default;
};
struct CampaignPlan {
  std::vector<std::string> acts{};   // names of operations
  std::vector<std::string> bases{};  // of wrapping keys
  std::vector<CampaignKey> keys{};
  std::map<std::string, std::uint64_t> threshold{};  // how many of each role approved it
  Time from{};
  Time until{};
  std::int64_t at_most{};  // acts
  std::string by{};
  std::optional<std::string> ended{};  // the reason for which it is closed
  friend bool operator==(const CampaignPlan&, const CampaignPlan&) = default;
};

// The first role of `needed` of which fewer people approved the pin; nullopt: there is none.
[[nodiscard]] std::optional<std::string> lacking_role(
    const PinnedKey& pinned, const std::map<std::string, std::uint64_t>& needed);

// The fields of a decision, without its subject. Errors kUsage "registry-value": a text that is no
// text of 1 to 500 bytes, a number that makes no sense.
[[nodiscard]] Json to_json(const TenantPolicy& policy);
[[nodiscard]] Json to_json(const KeyPolicy& policy);
[[nodiscard]] Json to_json(const Acceptance& acceptance);
[[nodiscard]] Json to_json(const PinnedKey& pinned);
[[nodiscard]] Json to_json(const CampaignPlan& plan);
// All of a destination but id, batch and revision.
[[nodiscard]] Json to_json(const Destination& destination);

// Whether the tenant's keys may go into the region: any, or one of those, in either case of
// letters.
[[nodiscard]] bool allows_region(const TenantPolicy& policy, std::string_view region);
// Error kFailed "region-outside-jurisdictions".
void require_region(const TenantPolicy& policy, std::string_view region);

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
[[nodiscard]] PinnedKey pinned_key(std::string_view document, const DecisionId& id,
                                   std::int64_t revision);
[[nodiscard]] CampaignPlan campaign_plan(std::string_view document, const DecisionId& id,
                                         std::int64_t revision);
[[nodiscard]] Destination destination(std::string_view document, const DecisionId& id,
                                      std::int64_t revision);

}  // namespace keyrite::registry
