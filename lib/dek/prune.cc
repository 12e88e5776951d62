#include "dek/prune.h"

#include <map>

#include "act/tenant_key.h"
#include "approval/operation.h"
#include "dek/internal/batch.h"
#include "dek/requests.h"
#include "registry/registry.h"
#include "site/layout.h"

namespace keyrite::dek {

namespace {

using OverDeks = std::vector<registry::Dek>;

// What stays could fill every page, so pages grow until one has something to remove.
OverDeks over(const registry::Stores& stores, registry::Time now) {
  std::map<std::string, bool> held;
  for (std::int64_t limit = kLargestBatch;; limit *= 2) {
    const auto page = stores.deks.expired_until(now, limit);
    OverDeks may_go;
    for (const auto& dek : page) {
      const auto [hold, fresh] = held.try_emplace(dek.tenant, false);
      if (fresh) hold->second = stores.decisions.hold_on(dek.tenant).has_value();
      const bool stays = hold->second || stores.deks.seals_credential(dek.id);
      if (!stays && may_go.size() < kLargestBatch) may_go.push_back(dek);
    }
    if (!may_go.empty() || page.size() < static_cast<std::size_t>(limit)) return may_go;
  }
}

act::Outcome removed_batch(act::AtWork& at, const std::shared_ptr<std::uint64_t>& removed,
                           const std::shared_ptr<bool>& done) {
  const auto now = time_of(at.context());
  OverDeks deks;
  {
    const registry::Registry registry(act::required_site(at.context()).path(site::kRegistryName));
    deks = over(*registry.read().operator->(), now);
  }
  *done = deks.size() < kLargestBatch;
  Json rows = Json::array();
  std::vector<act::Fact> list;
  for (const auto& dek : deks) {
    rows.push_back({{"id", dek.id}, {"sha256", dek.wrapped_sha256}});
    list.emplace_back(act::LogFacts{{"id", act::Fact::id(dek.id)},
                                    {"sha256", act::Fact::sha256(dek.wrapped_sha256)}});
  }
  act::Outcome outcome{.facts = {{"records", deks.size()}, {"deks", list}}};
  if (!deks.empty()) {
    outcome.registry =
        act::rows_of(kPruneAct, rows, deks.size(),
                     [deks, now](registry::Stores& stores, const std::string& /*batch*/) {
                       for (const auto& dek : deks)
                         stores.deks.remove_expired(dek.id, dek.revision, now);
                       return act::LogFacts();
                     });
  }
  outcome.when_logged = [removed, count = deks.size()](act::Outcome& /*done*/,
                                                       std::optional<std::uint64_t> /*entry*/) {
    *removed += count;
  };
  return outcome;
}

}  // namespace

std::optional<act::Act> Pruning::next() {
  if (*done_) return std::nullopt;
  return act::Act{approval::operation_named(kPruneAct),
                  [removed = removed_, done = done_](const act::Context& context) {
                    (void)act::required_site(context);
                    return act::PreparedAct{.intent = {.act = kPruneAct},
                                            .perform = [=](act::AtWork& at) {
                                              return removed_batch(at, removed, done);
                                            }};
                  }};
}

}  // namespace keyrite::dek
