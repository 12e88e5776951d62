#include "registry/decisions.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "registry/internal/edited.h"
#include "registry/internal/sql.h"

namespace keyrite::registry {

namespace {

using internal::refuse_edited;
using internal::Row;
using internal::text_of;

Decision decision_of(const Row& row) {
  Decision decision;
  decision.id = {row.one_of<DecisionKind>(0), row.text(1), row.number(2)};
  decision.revision = row.number(3);
  decision.document = row.optional_text(4);
  decision.sha256 = row.text(5);
  decision.batch = row.text(6);
  if (!row.is_null(7)) decision.entry = LogEntry{row.count(7), row.text(8)};
  if (decision.document && decision_digest(*decision.document) != decision.sha256)
    refuse_edited(decision.id, "its document has another SHA-256 than its row");
  return decision;
}

constexpr std::string_view kInForce =
    "SELECT d.kind, d.subject, d.number, d.revision, d.content, d.sha256, d.batch_id, b.log_seq, "
    "b.log_leaf FROM decision d JOIN batch b ON b.id = d.batch_id WHERE d.kind = $1 AND "
    "d.subject = $2 AND d.number = $3 AND b.log_seq IS NOT NULL ORDER BY d.revision DESC LIMIT 1";
constexpr std::string_view kProposed =
    "SELECT d.kind, d.subject, d.number, d.revision, d.content, d.sha256, d.batch_id, b.log_seq, "
    "b.log_leaf FROM decision d JOIN batch b ON b.id = d.batch_id WHERE d.kind = $1 AND "
    "d.subject = $2 AND d.number = $3 AND b.log_seq IS NULL ORDER BY d.revision DESC LIMIT 1";
constexpr std::string_view kHistory =
    "SELECT d.kind, d.subject, d.number, d.revision, d.content, d.sha256, d.batch_id, b.log_seq, "
    "b.log_leaf FROM decision d JOIN batch b ON b.id = d.batch_id WHERE d.kind = $1 AND "
    "d.subject = $2 AND d.number = $3 ORDER BY d.revision";

const std::string& document_of(const Decision& decision) {
  if (!decision.document) refuse_edited(decision.id, "its document was erased");
  return *decision.document;
}

DecisionId of_tenant(std::string_view tenant) {
  return {DecisionKind::kTenant, std::string(tenant), 0};
}
DecisionId of_key(std::string_view key) { return {DecisionKind::kKey, std::string(key), 0}; }

}  // namespace

Decision Decisions::propose_document(const DecisionId& id, const Json& content,
                                     std::string_view batch, std::string_view salt) {
  if (proposed(id)) {
    throw Error(Kind::kFailed, "decision-proposed",
                fmt::format("a decision on {} {} is waiting for its log entry already",
                            word(id.kind), printable(id.subject)),
                "keyrite resume ends what was interrupted");
  }
  const std::int64_t revision =
      sql_.number(
          "SELECT coalesce(max(revision), 0) FROM decision WHERE kind = $1 AND subject = $2 AND "
          "number = $3",
          {text_of(word(id.kind)), id.subject, id.number}) +
      1;
  Decision decision{.id = id,
                    .revision = revision,
                    .document = decision_document(id, revision, content, salt),
                    .batch = std::string(batch)};
  decision.sha256 = decision_digest(*decision.document);
  sql_.run(
      "INSERT INTO decision (kind, subject, number, revision, content, sha256, batch_id) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7)",
      {text_of(word(id.kind)), id.subject, id.number, revision, *decision.document, decision.sha256,
       decision.batch});
  return decision;
}

Decision Decisions::propose(const DecisionId& id, const TenantPolicy& policy,
                            std::string_view batch, std::string_view salt) {
  return propose_document({DecisionKind::kTenant, id.subject, 0}, to_json(policy), batch, salt);
}

Decision Decisions::propose(const DecisionId& id, const KeyPolicy& policy, std::string_view batch,
                            std::string_view salt) {
  return propose_document({DecisionKind::kKey, id.subject, 0}, to_json(policy), batch, salt);
}

Decision Decisions::propose(const DecisionId& id, const Acceptance& acceptance,
                            std::string_view batch, std::string_view salt) {
  return propose_document({DecisionKind::kAcceptance, id.subject, id.number}, to_json(acceptance),
                          batch, salt);
}

Decision Decisions::propose(const DecisionId& id, const Destination& destination,
                            std::string_view batch, std::string_view salt) {
  return propose_document({DecisionKind::kDestination, id.subject, 0}, to_json(destination), batch,
                          salt);
}

Decision Decisions::propose(const DecisionId& id, const PinnedKey& pinned, std::string_view batch,
                            std::string_view salt) {
  return propose_document({DecisionKind::kPinnedKey, id.subject, 0}, to_json(pinned), batch, salt);
}

Decision Decisions::propose(const DecisionId& id, const CampaignPlan& plan, std::string_view batch,
                            std::string_view salt) {
  return propose_document({DecisionKind::kCampaign, id.subject, 0}, to_json(plan), batch, salt);
}

std::optional<Decision> Decisions::in_force(const DecisionId& id) const {
  return sql_.one<Decision>(kInForce, {text_of(word(id.kind)), id.subject, id.number}, decision_of);
}

std::optional<Decision> Decisions::proposed(const DecisionId& id) const {
  return sql_.one<Decision>(kProposed, {text_of(word(id.kind)), id.subject, id.number},
                            decision_of);
}

std::vector<Decision> Decisions::history(const DecisionId& id) const {
  return sql_.all<Decision>(kHistory, {text_of(word(id.kind)), id.subject, id.number}, decision_of);
}

std::optional<Decision> Decisions::checked(const DecisionId& id, const DecisionInLog& log) const {
  auto decision = in_force(id);
  const auto logged = log(id, decision ? *decision->entry : LogEntry{});
  if (!decision && !logged) return std::nullopt;
  if (!decision) refuse_edited(id, "the log has one, and the registry none");
  if (!logged) refuse_edited(id, "the log has none");
  if (logged->entry != *decision->entry) refuse_edited(id, "the log's newest is another entry's");
  if (logged->sha256 != decision->sha256) refuse_edited(id, "its SHA-256 is another");
  return decision;
}

TenantPolicy Decisions::checked_tenant_policy(std::string_view tenant,
                                              const DecisionInLog& log) const {
  const auto decision = checked(of_tenant(tenant), log);
  return decision ? tenant_policy(document_of(*decision), decision->id, decision->revision)
                  : TenantPolicy{};
}

KeyPolicy Decisions::checked_key_policy(std::string_view key, const DecisionInLog& log) const {
  const auto decision = checked(of_key(key), log);
  return decision ? key_policy(document_of(*decision), decision->id, decision->revision)
                  : KeyPolicy{};
}

std::optional<Acceptance> Decisions::checked_acceptance(const PlacementId& placement,
                                                        const DecisionInLog& log) const {
  const auto decision =
      checked({DecisionKind::kAcceptance, placement.destination, placement.number}, log);
  if (!decision) return std::nullopt;
  return acceptance(document_of(*decision), decision->id, decision->revision);
}

std::vector<std::string> Decisions::subjects_of(DecisionKind kind) const {
  return sql_.all<std::string>(
      "SELECT DISTINCT subject FROM decision WHERE kind = $1 ORDER BY subject",
      {text_of(word(kind))}, [](const Row& row) { return row.text(0); });
}

std::vector<std::string> Decisions::campaigns() const {
  return subjects_of(DecisionKind::kCampaign);
}

std::optional<Decisions::Campaign> Decisions::checked_campaign(std::string_view id,
                                                               const DecisionInLog& log) const {
  const DecisionId of{DecisionKind::kCampaign, std::string(id), 0};
  const auto decision = checked(of, log);
  if (!decision) return std::nullopt;
  return Campaign{.plan = campaign_plan(document_of(*decision), decision->id, decision->revision),
                  .sha256 = decision->sha256,
                  .first = history(of).front().entry.value_or(LogEntry{})};
}

std::vector<std::pair<DecisionId, PinnedKey>> Decisions::checked_pinned_keys(
    const DecisionInLog& log) const {
  const auto subjects = subjects_of(DecisionKind::kPinnedKey);
  std::vector<std::pair<DecisionId, PinnedKey>> found;
  for (const auto& subject : subjects) {
    // One that is proposed and has no entry yet decides nothing.
    const auto decision = checked({DecisionKind::kPinnedKey, subject, 0}, log);
    if (!decision) continue;
    found.emplace_back(decision->id,
                       pinned_key(document_of(*decision), decision->id, decision->revision));
  }
  return found;
}

void Decisions::check_destination(const Destination& row, const DecisionInLog& log) const {
  const DecisionId id{DecisionKind::kDestination, row.id, 0};
  const auto decision = checked(id, log);
  if (!decision) refuse_edited(id, "the log has none");
  const auto decided = destination(document_of(*decision), decision->id, decision->revision);
  if (to_json(decided) != to_json(row)) refuse_edited(id, "its row is not what was decided");
}

std::optional<Hold> Decisions::hold_on(std::string_view tenant) const {
  for (const auto& decision : {in_force(of_tenant(tenant)), proposed(of_tenant(tenant))}) {
    if (!decision || !decision->document) continue;
    auto policy = tenant_policy(*decision->document, decision->id, decision->revision);
    if (policy.hold) return policy.hold;
  }
  return std::nullopt;
}

KeyPolicy Decisions::unchecked_key_policy(std::string_view key) const {
  const auto decision = in_force(of_key(key));
  return decision ? key_policy(document_of(*decision), decision->id, decision->revision)
                  : KeyPolicy{};
}

std::optional<Acceptance> Decisions::unchecked_acceptance(const PlacementId& placement) const {
  const auto decision =
      in_force({DecisionKind::kAcceptance, placement.destination, placement.number});
  if (!decision || !decision->document) return std::nullopt;
  return acceptance(*decision->document, decision->id, decision->revision);
}

}  // namespace keyrite::registry
