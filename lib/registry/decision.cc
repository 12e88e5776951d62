#include "registry/decision.h"

#include <algorithm>
#include <chrono>
#include <functional>

#include <fmt/format.h>

#include "base/canonical_json.h"
#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "registry/internal/decision_document.h"
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

PinnedKey read_pinned(const JsonView& content) {
  PinnedKey pinned{.provider = content.at("provider").text(),
                   .place = content.at("place").text(),
                   .sha256 = content.at("sha256").text(),
                   .until = Time(std::chrono::milliseconds(content.at("until_ms").integer())),
                   .by = content.at("by").text(),
                   .reason = content.at("reason").text(),
                   .ended = content.optional_text("ended")};
  if (const auto threshold = content.find("threshold")) {
    for (const auto& [role, needed] : threshold->raw().items())
      pinned.threshold[role] = needed.get<std::uint64_t>();
  }
  return pinned;
}

std::optional<Time> optional_time(const JsonView& content, std::string_view name) {
  const auto found = content.find(name);
  return found ? std::optional(Time(std::chrono::milliseconds(found->integer()))) : std::nullopt;
}

Destination read_destination(const JsonView& content) {
  Destination made;
  made.key = content.at("key").text();
  made.provider = content.at("provider").text();
  made.account = content.at("account").text();
  made.container = content.at("container").text();
  made.name = content.at("name").text();
  made.region = content.at("region").text();
  made.region_declared = content.at("region_declared").boolean();
  made.algorithm = content.at("algorithm").text();
  made.options = canonical_json(content.at("options").raw());
  made.retired = optional_time(content, "retired_ms");
  made.retired_reason = content.optional_text("retired_reason");
  return made;
}

bool same_letters(std::string_view one, std::string_view other) {
  const auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return std::ranges::equal(one, other, {}, lower, lower);
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

std::optional<std::string> lacking_role(const PinnedKey& pinned,
                                        const std::map<std::string, std::uint64_t>& needed) {
  for (const auto& [role, count] : needed) {
    const auto approved = pinned.threshold.find(role);
    if (approved == pinned.threshold.end() || approved->second < count) return role;
  }
  return std::nullopt;
}

Json to_json(const PinnedKey& pinned) {
  internal::require_text(pinned.provider, "the provider of a wrapping key");
  internal::require_text(pinned.place, "the place of a wrapping key");
  internal::require_sha256(pinned.sha256, "the wrapping key");
  internal::require_text(pinned.by, "who pins a wrapping key");
  internal::require_text(pinned.reason, "the reason to pin a wrapping key");
  Json json{{"by", pinned.by},
            {"ended", nullptr},
            {"place", pinned.place},
            {"provider", pinned.provider},
            {"reason", pinned.reason},
            {"sha256", pinned.sha256},
            {"until_ms", std::int64_t{pinned.until.time_since_epoch().count()}}};
  // Nobody, and rows of before, have none.
  if (!pinned.threshold.empty()) json["threshold"] = pinned.threshold;
  if (pinned.ended) {
    internal::require_text(*pinned.ended, "the reason to unpin a wrapping key");
    json["ended"] = *pinned.ended;
  }
  return json;
}

Json to_json(const Destination& destination) {
  internal::require_id(destination.key, "the key of a destination");
  internal::require_text(destination.provider, "the provider of a destination");
  internal::require_text(destination.name, "the name of a destination");
  internal::require_text(destination.region, "the region of a destination");
  internal::require_text(destination.algorithm, "the wrapping algorithm of a destination");
  Json json{{"account", destination.account},
            {"algorithm", destination.algorithm},
            {"container", destination.container},
            {"key", destination.key},
            {"name", destination.name},
            {"options", parse_json(as_bytes(destination.options), "options")},
            {"provider", destination.provider},
            {"region", destination.region},
            {"region_declared", destination.region_declared},
            {"retired_ms", nullptr},
            {"retired_reason", nullptr}};
  if (destination.retired)
    json["retired_ms"] = std::int64_t{destination.retired->time_since_epoch().count()};
  if (destination.retired_reason) {
    internal::require_text(*destination.retired_reason, "the reason to retire a destination");
    json["retired_reason"] = *destination.retired_reason;
  }
  return json;
}

bool allows_region(const TenantPolicy& policy, std::string_view region) {
  return policy.jurisdictions.empty() ||
         std::ranges::any_of(policy.jurisdictions,
                             [&](const std::string& one) { return same_letters(one, region); });
}

void require_region(const TenantPolicy& policy, std::string_view region) {
  if (allows_region(policy, region)) return;
  std::string list;
  for (const auto& one : policy.jurisdictions) list += (list.empty() ? "" : ", ") + printable(one);
  throw Error(Kind::kFailed, "region-outside-jurisdictions",
              fmt::format("the region {} is not one of the tenant's jurisdictions: {}",
                          printable(region), list),
              "choose another destination, or change the tenant's jurisdictions first");
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
  return internal::read_document(document, id, revision, read_tenant);
}

KeyPolicy key_policy(std::string_view document, const DecisionId& id, std::int64_t revision) {
  return internal::read_document(document, id, revision, read_key);
}

Acceptance acceptance(std::string_view document, const DecisionId& id, std::int64_t revision) {
  return internal::read_document(document, id, revision, read_acceptance);
}

PinnedKey pinned_key(std::string_view document, const DecisionId& id, std::int64_t revision) {
  return internal::read_document(document, id, revision, read_pinned);
}

Destination destination(std::string_view document, const DecisionId& id, std::int64_t revision) {
  auto made = internal::read_document(document, id, revision, read_destination);
  made.id = id.subject;
  return made;
}

}  // namespace keyrite::registry
