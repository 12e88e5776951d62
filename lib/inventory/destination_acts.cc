// The acts of keyrite destination. The row of a new destination is written with its decision;
// afterwards the row follows what is decided of it (act/registry_replay.h).
#include <chrono>
#include <memory>
#include <set>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "act/registry_replay.h"
#include "approval/operation.h"
#include "base/canonical_json.h"
#include "base/error.h"
#include "base/key_type.h"
#include "base/text.h"
#include "inventory/destinations.h"
#include "inventory/internal/destination_rows.h"
#include "inventory/internal/next_steps.h"
#include "inventory/internal/rows.h"
#include "inventory/internal/wanted_destinations.h"
#include "inventory/record_file.h"
#include "provider/key_place.h"
#include "site/layout.h"

namespace keyrite::inventory {

namespace {

using act::Fact;
using act::LogFacts;
using provider::Force;
using registry::DecisionId;
using registry::DecisionKind;

// What an act on destinations writes with: the log's decisions are read once for all of them.
struct Writing {
  registry::DecisionInLog log{};
  Force force{};
  registry::Time now{};
  std::shared_ptr<Json> written = std::make_shared<Json>(Json::array());
};

Writing writing_of(const act::Context& context, bool allow_unverified) {
  return {.log = act::decisions_of(site_of(context)),
          .force = allow_unverified ? Force::kYes : Force::kNo,
          .now = time_of(context)};
}

// The row of a place, without what only a registry knows.
void put_place(registry::Destination& row, const provider::KeyPlace& place) {
  row.account = place.account;
  row.container = place.container;
  row.name = place.name;
  row.region = place.region;
  row.region_declared = place.region_declared;
  row.algorithm = place.algorithm.name();
  row.options = canonical_json(provider::stored_options(place.options));
}

provider::KeyPlace place_of(const provider::PlaceWords& words, provider::Provider provider,
                            const Json& options, const registry::Key& key, const Writing& with) {
  return provider::make_place(
      words, provider::read_stored_options(provider, JsonView(options, "options")),
      parse_key_type(key.type), with.force, std::chrono::floor<std::chrono::seconds>(with.now));
}

LogFacts told_of(const registry::Destination& row, const registry::Decision& decision) {
  const LogFacts told{{"id", Fact::id(row.id)},
                      {"key", Fact::id(row.key)},
                      {"provider", act::Words::of(provider::parse_provider(row.provider))},
                      {"algorithm", act::Words::of(parse_wrapping_algorithm(row.algorithm))},
                      {"region_declared", row.region_declared},
                      {"retired", row.retired.has_value()}};
  return {{"destination", Fact(told)}, {"decision", facts_of(decision)}};
}

// The decision on `row`, which the row then follows.
LogFacts decide(registry::Stores& stores, const registry::Destination& row,
                const std::string& batch) {
  return told_of(row, stores.decisions.propose({DecisionKind::kDestination, row.id, 0}, row, batch,
                                               random_id()));
}

void require_free_place(const registry::Stores& stores, const registry::Destination& row) {
  const auto there = stores.destinations.named(row.key, row.provider, row.account, row.container,
                                               row.name, row.region);
  if (!there) return;
  throw Error(Kind::kFailed, "destination-exists",
              fmt::format("the key serves {} in {} already{}", place_text(row), region_text(row),
                          there->retired ? ", and that destination is retired" : ""),
              there->retired ? "keyrite destination retire --end ends its retirement"
                             : "nothing was written; keyrite destination change changes it");
}

LogFacts add_destination(registry::Stores& stores, const NewDestination& wanted,
                         const std::string& batch, const Writing& with) {
  const auto tenant = tenant_named(stores.tenants, wanted.tenant);
  require_active(tenant);
  const auto key = key_named(stores, wanted.tenant, wanted.key);
  registry::Destination row{.id = wanted.id, .key = key.id, .batch = batch};
  row.provider = provider::provider_name(wanted.provider);
  put_place(row, place_of(wanted.words, wanted.provider, wanted.options, key, with));
  registry::require_region(stores.decisions.checked_tenant_policy(tenant.id, with.log), row.region);
  require_free_place(stores, row);
  stores.destinations.add(row);
  with.written->push_back(destination_json(wanted.tenant, wanted.key, row));
  return decide(stores, row, batch);
}

act::Outcome destinations_outcome(const std::shared_ptr<Json>& written, const std::string& verb,
                                  act::RegistryRows rows) {
  return outcome_of(
      "destinations", written,
      [verb](const Json& one) {
        const auto text = [&](const char* name) {
          return printable(one.at(name).get<std::string>());
        };
        return fmt::format(
            "destination \"{}\" at {} of key \"{}\" is {}; region {}{}; its id is {}", text("name"),
            provider::provider_title(provider::parse_provider(text("provider"))), text("key"), verb,
            text("region"), one.at("region_declared").get<bool>() ? " (declared)" : "", text("id"));
      },
      std::move(rows));
}

// What is asked for, so that the log's entry is bound to it.
Json asked_json(const std::vector<NewDestination>& list) {
  Json rows = Json::array();
  for (const auto& one : list) {
    rows.push_back({one.id, one.tenant, one.key, provider::provider_name(one.provider),
                    one.words.name, text_json(one.words.account), text_json(one.words.container),
                    text_json(one.words.region), one.options});
  }
  return rows;
}

act::Intent intent_of(const char* act, const std::set<std::string>& tenants, const Json& ids) {
  act::Intent intent{.act = act};
  intent.request.push_back(
      {"tenants", Json(std::vector<std::string>(tenants.begin(), tenants.end())), true});
  intent.request.push_back({"destination_ids", ids, false});
  return intent;
}

act::PreparedAct prepared_destinations(const AddDestinationsRequest& request,
                                       const act::Context& context) {
  (void)site_of(context);
  std::optional<RecordFile> file;
  const auto list = wanted_destinations(request, file);
  Json ids = Json::array();
  std::set<std::string> tenants;
  for (const auto& one : list) {
    ids.push_back(one.id);
    tenants.insert(one.tenant);
  }
  auto intent = intent_of("destination-add", tenants, ids);
  if (file) intent.inputs.push_back({"from", Json{{"sha256", file->sha256}}, false});
  return {.intent = std::move(intent), .perform = [=](act::AtWork& at) {
            const auto with = writing_of(at.context(), request.allow_unverified);
            auto rows = rows_of("destination-add", asked_json(list), list.size(),
                                [=](registry::Stores& stores, const std::string& batch) {
                                  std::vector<Fact> told;
                                  for (const auto& one : list)
                                    told.emplace_back(add_destination(stores, one, batch, with));
                                  return changes(told);
                                });
            return followed_by(
                destinations_outcome(with.written, "added", std::move(rows)),
                list.size() == 1 ? after_destination(list.front(), at.context()) : std::string());
          }};
}

using ChangeRow = std::function<void(const registry::Stores& stores, registry::Destination& row,
                                     const registry::Key& key, const Writing& with)>;

// One destination: `change` gets its row as the log has it, and what it makes of it is decided.
LogFacts changed_row(registry::Stores& stores, const ChosenDestination& chosen,
                     const std::string& batch, const Writing& with, const ChangeRow& change) {
  auto row = destination_chosen(stores, chosen);
  stores.decisions.check_destination(row, with.log);
  change(stores, row, key_named(stores, chosen.tenant, chosen.key), with);
  with.written->push_back(destination_json(chosen.tenant, chosen.key, row));
  return decide(stores, row, batch);
}

std::string id_chosen(const act::Context& context, const ChosenDestination& chosen) {
  registry::Registry registry(site_of(context).path(site::kRegistryName));
  const auto view = registry.read();
  return destination_chosen(*view.operator->(), chosen).id;
}

struct OneChange {
  const char* act{};
  ChosenDestination chosen{};
  std::string verb{};
  bool allow_unverified{false};
  Json what{};
  ChangeRow change{};
};

act::Act act_on_one(const OneChange& one) {
  return {approval::operation_named(one.act), [=](const act::Context& context) {
            const Json ids = Json::array({id_chosen(context, one.chosen)});
            return act::PreparedAct{
                .intent = intent_of(one.act, {one.chosen.tenant}, ids),
                .perform = [=](act::AtWork& at) {
                  const auto with = writing_of(at.context(), one.allow_unverified);
                  auto rows = rows_of(
                      one.act, Json::array({ids, one.what}), 1,
                      [=](registry::Stores& stores, const std::string& batch) {
                        return changes({changed_row(stores, one.chosen, batch, with, one.change)});
                      });
                  return destinations_outcome(with.written, one.verb, std::move(rows));
                }};
          }};
}

void require_serving(const registry::Destination& row) {
  if (!row.retired) return;
  throw Error(Kind::kFailed, "destination-retired",
              fmt::format("the destination {} is retired since {}", place_text(row),
                          time_text(*row.retired)),
              "add the destination that takes its place, or end the retirement with --end");
}

// Its name, account and container stay: another place is another destination.
void change_place(const registry::Stores& stores, registry::Destination& row,
                  const registry::Key& key, const Writing& with,
                  const ChangeDestinationRequest& request) {
  require_serving(row);
  const auto cloud = provider::parse_provider(row.provider);
  Json options = parse_json(as_bytes(row.options), "options");
  for (const auto& name : request.without) options.erase(name);
  options.update(given_options(request, cloud));
  if (request.region && !row.region_declared) {
    throw Error(Kind::kUsage, "identifier-mismatch",
                fmt::format("the region of {} is a part of its identifier", place_text(row)),
                "add the destination in the other region, and retire this one");
  }
  provider::PlaceWords words{
      .name = row.name,
      .account = row.account.empty() ? std::nullopt : std::optional(row.account),
      .container = row.container.empty() ? std::nullopt : std::optional(row.container),
      .region = request.region.value_or(row.region)};
  const bool declared = row.region_declared;
  put_place(row, place_of(words, cloud, options, key, with));
  row.region_declared = declared;
  registry::require_region(stores.decisions.checked_tenant_policy(key.tenant, with.log),
                           row.region);
}

void retire_row(registry::Destination& row, const Writing& with,
                const RetireDestinationRequest& request) {
  if (!request.end) {
    require_serving(row);
    row.retired = with.now;
    row.retired_reason = request.reason;
    return;
  }
  if (!row.retired) {
    throw Error(Kind::kFailed, "destination-not-retired",
                fmt::format("the destination {} is not retired", place_text(row)),
                "nothing was changed");
  }
  row.retired.reset();
  row.retired_reason.reset();
}

}  // namespace

act::Act add_destinations(const AddDestinationsRequest& request) {
  return {approval::operation_named("destination-add"), [request](const act::Context& context) {
            return prepared_destinations(request, context);
          }};
}

act::Act change_destination(const ChangeDestinationRequest& request) {
  require_names(request.region, "the region of a destination");
  const Json options = said_options(request);
  if (!request.region && request.without.empty() && options.empty()) {
    throw Error(Kind::kUsage, "nothing-to-change", "it is not said what is to be changed",
                "give --region, --without, or an option of the import");
  }
  return act_on_one(
      {.act = "destination-change",
       .chosen = request.chosen(),
       .verb = "changed",
       .allow_unverified = request.allow_unverified,
       .what = Json::array({text_json(request.region), Json(request.without), options}),
       .change = [request](const registry::Stores& stores, registry::Destination& row,
                           const registry::Key& key, const Writing& with) {
         change_place(stores, row, key, with, request);
       }});
}

act::Act retire_destination(const RetireDestinationRequest& request) {
  require_name(request.reason, "the reason to retire a destination");
  return act_on_one({.act = "destination-retire",
                     .chosen = {request.destination, request.tenant, request.key, request.provider},
                     .verb = request.end ? "in service again" : "retired",
                     .what = Json::array({request.reason, request.end}),
                     .change = [request](const registry::Stores& /*stores*/,
                                         registry::Destination& row, const registry::Key& /*key*/,
                                         const Writing& with) { retire_row(row, with, request); }});
}

}  // namespace keyrite::inventory
