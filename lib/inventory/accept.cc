#include "inventory/accept.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "act/change_facts.h"
#include "act/option_words.h"
#include "act/registry_replay.h"
#include "approval/operation.h"
#include "base/error.h"
#include "base/text.h"
#include "inventory/internal/destination_rows.h"
#include "inventory/internal/rows.h"
#include "site/layout.h"

namespace keyrite::inventory {

namespace {

using registry::Placement;
using registry::PlacementState;

constexpr auto kLongestAcceptance = std::chrono::days(365);

registry::Time accepted_until(const AcceptRequest& request, TimePoint now) {
  const TimePoint until = act::time_given(request.until, "--until", act::DayMeans::kEnd);
  if (until > now && until - now <= kLongestAcceptance)
    return std::chrono::floor<std::chrono::milliseconds>(until);
  throw Error(Kind::kUsage, "acceptance-until",
              fmt::format("--until {} is {}", format_rfc3339(until),
                          until <= now ? "in the past" : "more than 365 days ahead"),
              "give a day within 365 days; accept it again before that day");
}

bool can_accept(PlacementState state) {
  return state == PlacementState::kImported || state == PlacementState::kAccepted;
}

// The one that is named, or the one that waits for a proof.
Placement placement_meant(const registry::Stores& stores, const std::string& destination,
                          const AcceptRequest& request) {
  const auto all = stores.placements.at(destination);
  if (request.version) {
    const auto found = std::ranges::find_if(
        all, [&](const Placement& one) { return one.id.number == *request.version; });
    if (found != all.end()) return *found;
    throw Error(Kind::kUsage, "version-unknown",
                fmt::format("version {} is not at \"{}\"", *request.version,
                            printable(request.destination)),
                "keyrite destination show lists the versions there");
  }
  std::vector<Placement> waiting;
  std::ranges::copy_if(all, std::back_inserter(waiting),
                       [](const Placement& one) { return one.state == PlacementState::kImported; });
  if (waiting.size() == 1) return waiting.front();
  throw Error(Kind::kUsage, "version-not-given",
              fmt::format("at \"{}\" {} versions are imported and not proven",
                          printable(request.destination), waiting.size()),
              "give its number with --key-version; keyrite destination show lists the versions");
}

std::optional<std::string> newest_evidence(const registry::Stores& stores, const Placement& one) {
  std::optional<std::string> found;
  for (const auto& event : stores.placements.events(one.id)) {
    if (event.evidence_sha256) found = event.evidence_sha256;
  }
  return found;
}

struct Accepting {
  AcceptRequest request{};
  registry::Time until{};
  std::string by{};
  registry::DecisionInLog log{};
};

registry::Destination destination_accepted(const registry::Stores& stores, const Accepting& as) {
  auto row = destination_chosen(
      stores, {as.request.destination, as.request.tenant, as.request.key, as.request.provider});
  stores.decisions.check_destination(row, as.log);
  if (!row.retired) return row;
  throw Error(Kind::kFailed, "destination-retired",
              fmt::format("the destination {} is retired since {}", place_text(row),
                          time_text(*row.retired)),
              "nothing waits for a retired destination, so there is nothing to accept");
}

act::LogFacts accepted_rows(registry::Stores& stores, const Accepting& as, const std::string& batch,
                            Json& written) {
  const auto row = destination_accepted(stores, as);
  auto placement = placement_meant(stores, row.id, as.request);
  if (!can_accept(placement.state)) {
    throw Error(Kind::kFailed, "transition-illegal",
                fmt::format("version {} at {} is {} and does not become accepted",
                            placement.id.number, place_text(row), registry::word(placement.state)),
                "only what is imported and cannot be proven is accepted");
  }
  const auto evidence = newest_evidence(stores, placement);
  const auto decision = stores.decisions.propose(
      {registry::DecisionKind::kAcceptance, row.id, placement.id.number},
      registry::Acceptance{as.by, as.request.reason, as.until, evidence}, batch, random_id());
  written.push_back({{"tenant", as.request.tenant},
                     {"key", as.request.key},
                     {"destination", row.name},
                     {"provider", row.provider},
                     {"version", placement.id.number},
                     {"was", registry::word(placement.state)},
                     {"by", as.by},
                     {"until", time_text(as.until)},
                     {"evidence_sha256", text_json(evidence)}});
  std::vector<act::Fact> told{act::LogFacts{{"decision", facts_of(decision)}}};
  if (placement.state != PlacementState::kAccepted) {
    placement.state = PlacementState::kAccepted;
    told.push_back(act::placed(
        placement,
        {.basis = registry::Basis::kOfficer, .evidence_sha256 = evidence, .until = as.until}));
  }
  return act::changes(told);
}

std::string accepted_sentence(const Json& one) {
  return fmt::format(
      "version {} at \"{}\" ({}) is accepted by {} until {}; nothing proves that the cloud holds "
      "this key",
      one.at("version").get<std::int64_t>(), printable(one.at("destination").get<std::string>()),
      one.at("provider").get<std::string>(), printable(one.at("by").get<std::string>()),
      one.at("until").get<std::string>());
}

act::PreparedAct prepared_accept(const AcceptRequest& request, const act::Context& context) {
  require_name(request.reason, "the reason of an acceptance");
  Accepting as{.request = request,
               .until = accepted_until(request, context.now()),
               .by = printable(context.operator_name)};
  registry::Registry registry(site_of(context).path(site::kRegistryName));
  const auto view = registry.read();
  const auto row = destination_chosen(
      *view.operator->(), {request.destination, request.tenant, request.key, request.provider});
  act::Intent intent{.act = "inventory-accept"};
  intent.request = act::record(request);
  return {.intent = std::move(intent),
          .need = {.access = pkcs11::Access::kReadOnly},
          .perform = [=](act::AtWork& at) {
            const auto written = std::make_shared<Json>(Json::array());
            auto with = as;
            with.log = act::decisions_of(site_of(at.context()));
            auto rows = rows_of("inventory-accept",
                                Json{row.id, with.request.reason, time_text(with.until)}, 1,
                                [=](registry::Stores& stores, const std::string& batch) {
                                  return accepted_rows(stores, with, batch, *written);
                                });
            return outcome_of("accepted", written, accepted_sentence, std::move(rows));
          }};
}

}  // namespace

const std::vector<act::Field<AcceptRequest>>& AcceptRequest::table() {
  using R = AcceptRequest;
  using act::Binds;
  static const std::vector<act::Field<R>> fields{
      {{.name = "tenant",
        .value = "NAME",
        .help = "whose key it is",
        .need = act::Need::kRequired,
        .binds = Binds::name()},
       &R::tenant},
      {{.name = "key",
        .value = "NAME",
        .help = "the key of the tenant",
        .need = act::Need::kRequired,
        .binds = Binds::name()},
       &R::key},
      {{.name = "destination",
        .value = "DESTINATION",
        .help = "its name or identifier at the provider, or its id in the registry",
        .need = act::Need::kRequired,
        .binds = Binds::name()},
       &R::destination},
      {{.name = "provider",
        .value = "CLOUD",
        .help = "at which provider, where the key has two of the same name",
        .choices = {"aws", "azure", "google"},
        .binds = Binds::plain()},
       &R::provider},
      {{.name = "key-version",
        .value = "N",
        .help = "the number of the version",
        .default_text = "the only one that is imported and not proven",
        .binds = Binds::plain()},
       &R::version},
      {{.name = "reason",
        .value = "TEXT",
        .help = "why: kept in the registry, where it can be erased; the log has the SHA-256 of the "
                "decision",
        .need = act::Need::kRequired,
        .binds = Binds::name()},
       &R::reason},
      {{.name = "until",
        .value = "TIME",
        .help =
            "when the acceptance ends, within 365 days: 2027-03-01T00:00:00Z, or 2027-03-01 for "
            "the end of that day in UTC",
        .need = act::Need::kRequired,
        .binds = Binds::word(act::is_time_word)},
       &R::until}};
  return fields;
}

act::Act accept_placement(const AcceptRequest& request) {
  return {approval::operation_named("inventory-accept"),
          [request](const act::Context& context) { return prepared_accept(request, context); }};
}

}  // namespace keyrite::inventory
