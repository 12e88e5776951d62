#include "registry/decision.h"

#include <fmt/format.h>

#include "base/canonical_json.h"
#include "base/error.h"
#include "crypto/digest.h"
#include "registry/internal/edited.h"
#include "registry/internal/events.h"

namespace keyrite::registry {

namespace {

constexpr std::int64_t kLongestPeriod = 36600;  // days
constexpr std::int64_t kMostCopies = 1000;

void require_between(std::int64_t number, std::int64_t most, std::string_view what) {
  if (number >= 1 && number <= most) return;
  throw Error(Kind::kUsage, "registry-value",
              fmt::format("{} is {}, and not between 1 and {}", what, number, most),
              "give a number of that range");
}

template <class Enum>
Enum word_of(const JsonView& text) {
  const auto found = from_word<Enum>(text.text());
  if (!found) throw Error(Kind::kConfig, "json-wrong-type", text.where());
  return *found;
}

TenantPolicy read_tenant(const JsonView& content) {
  TenantPolicy policy;
  for (const auto& one : content.at("jurisdictions").items())
    policy.jurisdictions.push_back(one.text());
  if (const auto hold = content.find("hold"))
    policy.hold = Hold{hold->at("authority").text(), hold->at("reason").text()};
  return policy;
}

KeyPolicy read_key(const JsonView& content) {
  KeyPolicy policy;
  policy.accept = word_of<Basis>(content.at("accept"));
  policy.compromised = word_of<WhenCompromised>(content.at("compromised"));
  policy.copies_needed = content.at("copies_needed").integer();
  policy.period_days = content.at("period_days").integer();
  policy.roster_sha256 = content.optional_text("roster_sha256");
  return policy;
}

Acceptance read_acceptance(const JsonView& content) {
  return {.by = content.at("by").text(),
          .reason = content.at("reason").text(),
          .until = Time(std::chrono::milliseconds(content.at("until_ms").integer())),
          .evidence_sha256 = content.optional_text("evidence_sha256")};
}

// Written again it must be the same text: an unknown member, another subject, another order differ.
template <class Read>
auto read_document(std::string_view document, const DecisionId& id, std::int64_t revision,
                   const Read& read) {
  try {
    const Json json = parse_json(as_bytes(document), "decision");
    const JsonView view(json, "decision");
    auto decided = read(view.at("content"));
    if (decision_document(id, revision, to_json(decided), view.at("salt").text()) == document)
      return decided;
  } catch (const Error&) {
    internal::refuse_edited(id, "its document is not one that keyrite writes");
  }
  internal::refuse_edited(id, "its document is of another subject, or has been changed");
}

}  // namespace

Json to_json(const TenantPolicy& policy) {
  Json json{{"hold", nullptr}, {"jurisdictions", Json::array()}};
  for (const auto& one : policy.jurisdictions) {
    internal::require_text(one, "a jurisdiction");
    json["jurisdictions"].push_back(one);
  }
  if (policy.hold) {
    internal::require_text(policy.hold->authority, "the authority of the hold");
    internal::require_text(policy.hold->reason, "the reason of the hold");
    json["hold"] = {{"authority", policy.hold->authority}, {"reason", policy.hold->reason}};
  }
  return json;
}

Json to_json(const KeyPolicy& policy) {
  require_between(policy.copies_needed, kMostCopies, "the number of proven copies");
  require_between(policy.period_days, kLongestPeriod, "the rotation period in days");
  if (policy.accept == Basis::kOfficer) {
    throw Error(Kind::kUsage, "registry-value",
                "a policy cannot require an officer's acceptance as proof",
                "name the proof that the policy accepts: cryptographic, attestation or statement");
  }
  Json json{{"accept", word(policy.accept)},
            {"compromised", word(policy.compromised)},
            {"copies_needed", policy.copies_needed},
            {"period_days", policy.period_days},
            {"roster_sha256", nullptr}};
  if (policy.roster_sha256) {
    internal::require_sha256(*policy.roster_sha256, "the roster");
    json["roster_sha256"] = *policy.roster_sha256;
  }
  return json;
}

Json to_json(const Acceptance& acceptance) {
  internal::require_text(acceptance.by, "who accepts");
  internal::require_text(acceptance.reason, "the reason of the acceptance");
  Json json{{"by", acceptance.by},
            {"evidence_sha256", nullptr},
            {"reason", acceptance.reason},
            {"until_ms", std::int64_t{acceptance.until.time_since_epoch().count()}}};
  if (acceptance.evidence_sha256) {
    internal::require_sha256(*acceptance.evidence_sha256, "the evidence");
    json["evidence_sha256"] = *acceptance.evidence_sha256;
  }
  return json;
}

std::string decision_document(const DecisionId& id, std::int64_t revision, const Json& content,
                              std::string_view salt) {
  internal::require_id(id.subject, "the subject of a decision");
  internal::require_id(salt, "the salt of a decision");
  return canonical_json({{"content", content},
                         {"kind", word(id.kind)},
                         {"number", id.number},
                         {"revision", revision},
                         {"salt", salt},
                         {"subject", id.subject}});
}

std::string decision_digest(std::string_view document) {
  return crypto::sha256_hex(as_bytes(document));
}

TenantPolicy tenant_policy(std::string_view document, const DecisionId& id, std::int64_t revision) {
  return read_document(document, id, revision, read_tenant);
}

KeyPolicy key_policy(std::string_view document, const DecisionId& id, std::int64_t revision) {
  return read_document(document, id, revision, read_key);
}

Acceptance acceptance(std::string_view document, const DecisionId& id, std::int64_t revision) {
  return read_document(document, id, revision, read_acceptance);
}

}  // namespace keyrite::registry
