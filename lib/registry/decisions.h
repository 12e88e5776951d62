// The decisions of a registry: proposed in an open batch, in force when the batch has its entry,
// each revision once. To use one, a caller needs what the log says about it. Part of a transaction;
// one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "registry/decision.h"
#include "registry/model.h"

namespace keyrite::registry {

namespace internal {
class Sql;
}  // namespace internal

struct Decision {
  DecisionId id{};
  std::int64_t revision{};                // from 1
  std::optional<std::string> document{};  // nullopt: erased, its tenant was forgotten
  std::string sha256{};
  std::string batch{};
  std::optional<LogEntry> entry{};  // nullopt: proposed
};

// What the log says about a decision: the newest entry that set it, and the SHA-256 in that entry.
struct LoggedDecision {
  LogEntry entry{};
  std::string sha256{};
};
// nullopt: the log has no entry that set this decision. `newest` is where the registry says it is:
// the function must also search for a later one, or a restored older row would be believed.
using DecisionInLog =
    std::function<std::optional<LoggedDecision>(const DecisionId& id, const LogEntry& newest)>;

class Decisions {
 public:
  explicit Decisions(internal::Sql& sql) : sql_(sql) {}

  // The next revision, in force once the batch is bound. `salt`: 32 random digits of hex. One that
  // is proposed already: error kFailed "decision-proposed".
  Decision propose(const DecisionId& id, const TenantPolicy& policy, std::string_view batch,
                   std::string_view salt);
  Decision propose(const DecisionId& id, const KeyPolicy& policy, std::string_view batch,
                   std::string_view salt);
  Decision propose(const DecisionId& id, const Acceptance& acceptance, std::string_view batch,
                   std::string_view salt);

  Decision propose(const DecisionId& id, const Destination& destination, std::string_view batch,
                   std::string_view salt);

  Decision propose(const DecisionId& id, const PinnedKey& pinned, std::string_view batch,
                   std::string_view salt);

  Decision propose(const DecisionId& id, const CampaignPlan& plan, std::string_view batch,
                   std::string_view salt);

  // The one in force, and the one that is proposed. Error kVerification "decision-edited" when its
  // document has another SHA-256.
  [[nodiscard]] std::optional<Decision> in_force(const DecisionId& id) const;
  [[nodiscard]] std::optional<Decision> proposed(const DecisionId& id) const;
  [[nodiscard]] std::vector<Decision> history(const DecisionId& id) const;

  // In force, and what the log's newest entry about it says; nothing else is to be acted on. No
  // decision in force: one with nothing in it (any jurisdiction, no hold; the strictest key policy;
  // no acceptance), and only when the log has none either. Error kVerification "decision-edited".
  [[nodiscard]] TenantPolicy checked_tenant_policy(std::string_view tenant,
                                                   const DecisionInLog& log) const;
  [[nodiscard]] KeyPolicy checked_key_policy(std::string_view key, const DecisionInLog& log) const;
  [[nodiscard]] std::optional<Acceptance> checked_acceptance(const PlacementId& placement,
                                                             const DecisionInLog& log) const;

  // Of each pinned key what was decided last, compared with the log; also of those that ended.
  [[nodiscard]] std::vector<std::pair<DecisionId, PinnedKey>> checked_pinned_keys(
      const DecisionInLog& log) const;

  // nullopt: there is no such campaign. `first`: the entry that opened it.
  struct Campaign {
    CampaignPlan plan{};
    std::string sha256{};  // of the document in force
    LogEntry first{};
  };
  [[nodiscard]] std::optional<Campaign> checked_campaign(std::string_view id,
                                                         const DecisionInLog& log) const;
  [[nodiscard]] std::vector<std::string> campaigns() const;  // their ids

  // The row is what the log's newest decision about it says: nothing else says where a key goes.
  void check_destination(const Destination& row, const DecisionInLog& log) const;

  // For display and for rules that only grow stricter by it: a hold that is proposed or in force.
  [[nodiscard]] std::optional<Hold> hold_on(std::string_view tenant) const;
  [[nodiscard]] KeyPolicy unchecked_key_policy(std::string_view key) const;
  // For display. nullopt: nobody accepted it.
  [[nodiscard]] std::optional<Acceptance> unchecked_acceptance(const PlacementId& placement) const;

 private:
  Decision propose_document(const DecisionId& id, const Json& content, std::string_view batch,
                            std::string_view salt);
  [[nodiscard]] std::vector<std::string> subjects_of(DecisionKind kind) const;
  [[nodiscard]] std::optional<Decision> checked(const DecisionId& id,
                                                const DecisionInLog& log) const;
  internal::Sql& sql_;
};

}  // namespace keyrite::registry
