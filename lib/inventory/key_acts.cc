// The acts of keyrite key, and what it shows.
#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "act/registry_replay.h"
#include "approval/operation.h"
#include "base/error.h"
#include "base/key_type.h"
#include "base/text.h"
#include "inventory/internal/next_steps.h"
#include "inventory/internal/rows.h"
#include "inventory/keys.h"
#include "inventory/record_file.h"
#include "site/layout.h"

namespace keyrite::inventory {

namespace {

using act::Fact;
using act::LogFacts;
using registry::DecisionId;
using registry::DecisionKind;
using registry::KeyPolicy;

struct NewKey {
  std::string tenant{};
  registry::Key key{};
  KeyPolicy policy{};
};
using WrittenKeys = std::shared_ptr<Json>;

DecisionId key_policy_id(const std::string& key) { return {DecisionKind::kKey, key, 0}; }

// A word that a file gave and no option table checked.
template <class Enum>
Enum word_of(std::string_view text, std::string_view what) {
  if (const auto found = registry::from_word<Enum>(text)) return *found;
  throw Error(Kind::kUsage, "value-not-allowed",
              fmt::format("keyrite does not know the {} \"{}\"", what, printable(text)),
              fmt::format("use one of: {}", fmt::join(registry::WordTable<Enum>::words, ", ")));
}

bool says_policy(const PolicyOptions& options) {
  return options.accept || options.compromised || options.copies || options.period_days;
}

// `policy` with what is given. Error kUsage "registry-value".
KeyPolicy with_options(KeyPolicy policy, const PolicyOptions& options) {
  if (options.accept) policy.accept = word_of<registry::Basis>(*options.accept, "basis of a proof");
  if (options.compromised)
    policy.compromised = word_of<registry::WhenCompromised>(*options.compromised, "rule");
  if (options.copies) policy.copies_needed = *options.copies;
  if (options.period_days) policy.period_days = *options.period_days;
  (void)registry::to_json(policy);
  return policy;
}

Json key_policy_json(const KeyPolicy& policy) {
  return {{"accept", registry::word(policy.accept)},
          {"compromised", registry::word(policy.compromised)},
          {"copies", policy.copies_needed},
          {"period_days", policy.period_days}};
}

Json key_json(const std::string& tenant, const registry::Key& key, const KeyPolicy& policy) {
  return {{"tenant", tenant},
          {"name", text_json(key.name)},
          {"id", key.id},
          {"type", key.type},
          {"usage", registry::word(key.usage)},
          {"owner", text_json(key.owner)},
          {"policy", key_policy_json(policy)}};
}

AddKeysRequest asked_in(const Record& record) {
  record.require_only({"tenant", "name", "type", "usage", "owner", "accept", "compromised",
                       "copies", "period_days"});
  const auto number = [&](std::string_view name) -> std::optional<std::uint32_t> {
    const auto given = record.optional_number(name);
    if (!given) return std::nullopt;
    // One that makes no sense is refused where a policy is made.
    return std::in_range<std::uint32_t>(*given) ? static_cast<std::uint32_t>(*given) : 0U;
  };
  AddKeysRequest asked;
  asked.accept = record.optional_text("accept");
  asked.compromised = record.optional_text("compromised");
  asked.copies = number("copies");
  asked.period_days = number("period_days");
  asked.tenant = record.optional_text("tenant");
  asked.name = record.optional_text("name");
  asked.type = record.optional_text("type");
  asked.usage = record.optional_text("usage");
  asked.owner = record.optional_text("owner");
  return asked;
}

NewKey new_key(const AddKeysRequest& asked) {
  if (!asked.tenant || !asked.name || !asked.type) {
    throw Error(Kind::kUsage, "key-incomplete", "a key needs a name, a tenant and a type",
                "give NAME, --tenant and --type");
  }
  require_new_name(*asked.name, "the name of a key");
  require_name(*asked.tenant, "the name of a tenant");
  require_names(asked.owner, "the owner of a key");
  NewKey made{.tenant = *asked.tenant, .policy = with_options({}, asked)};
  made.key.id = random_id();
  made.key.name = asked.name;
  made.key.type = parse_key_type(*asked.type).name();
  made.key.usage = word_of<registry::Usage>(asked.usage.value_or("wrap"), "usage");
  made.key.owner = asked.owner;
  return made;
}

std::vector<NewKey> wanted_keys(const AddKeysRequest& request, std::optional<RecordFile>& file) {
  const bool fields =
      request.tenant || request.type || request.usage || request.owner || says_policy(request);
  if (request.name.has_value() == request.from.has_value() || (request.from && fields)) {
    throw Error(Kind::kUsage, "name-or-file", "key add takes one NAME with its options, or --from",
                "give one of the two");
  }
  if (request.name) return {new_key(request)};
  file = read_records(*request.from, "key");
  std::vector<NewKey> keys;
  std::set<std::pair<std::string, std::string>> names;
  for (const auto& record : file->records) {
    keys.push_back(new_key(asked_in(record)));
    const auto& one = keys.back();
    if (names.emplace(one.tenant, *one.key.name).second) continue;
    throw Error(Kind::kUsage, "key-twice",
                fmt::format("key \"{}\" of tenant \"{}\" is named twice", printable(*one.key.name),
                            printable(one.tenant)),
                "name each key once; nothing was written");
  }
  return keys;
}

void require_free(const registry::Stores& stores, const std::string& tenant,
                  const std::string& name) {
  if (!stores.keys.named(tenant, name)) return;
  throw Error(Kind::kFailed, "key-exists",
              fmt::format("the tenant has a key \"{}\" already", printable(name)),
              "nothing was written; choose another name");
}

Fact add_key(registry::Stores& stores, NewKey one, const std::string& batch, Json& written) {
  const auto tenant = tenant_named(stores.tenants, one.tenant);
  require_active(tenant);
  require_free(stores, tenant.id, one.key.name.value_or(""));
  one.key.tenant = tenant.id;
  one.key.batch = batch;
  stores.keys.add(one.key);
  const auto decision =
      stores.decisions.propose(key_policy_id(one.key.id), one.policy, batch, random_id());
  written.push_back(key_json(one.tenant, one.key, one.policy));
  return LogFacts{{"key", Fact::id(one.key.id)},
                  {"tenant", Fact::id(tenant.id)},
                  {"type", act::Words::of(parse_key_type(one.key.type))},
                  {"usage", act::Words::listed(registry::word(one.key.usage),
                                               {"wrap", "encrypt", "sign", "mac", "derive"})},
                  {"decision", facts_of(decision)}};
}

act::Outcome keys_outcome(const WrittenKeys& written, const std::string& verb,
                          act::RegistryRows rows) {
  return outcome_of(
      "keys", written,
      [verb](const Json& one) {
        return fmt::format("key \"{}\" of tenant \"{}\" is {}; its id is {}",
                           printable(one.at("name").get<std::string>()),
                           printable(one.at("tenant").get<std::string>()), verb,
                           one.at("id").get<std::string>());
      },
      std::move(rows));
}

Json manifest_of(const std::vector<NewKey>& keys) {
  Json rows = Json::array();
  for (const auto& one : keys) rows.push_back(key_json(one.tenant, one.key, one.policy));
  return rows;
}

act::PreparedAct prepared_keys(const AddKeysRequest& request, const act::Context& context) {
  (void)site_of(context);
  std::optional<RecordFile> file;
  const auto keys = wanted_keys(request, file);
  Json ids = Json::array();
  std::vector<std::string> tenants;
  for (const auto& one : keys) {
    ids.push_back(one.key.id);
    if (std::ranges::find(tenants, one.tenant) == tenants.end()) tenants.push_back(one.tenant);
  }
  act::Intent intent{.act = "key-add"};
  intent.request.push_back({"tenants", Json(tenants), true});
  intent.request.push_back({"key_ids", std::move(ids), false});
  if (file) intent.inputs.push_back({"from", Json{{"sha256", file->sha256}}, false});
  return {.intent = std::move(intent), .perform = [keys](act::AtWork& at) {
            const auto written = std::make_shared<Json>(Json::array());
            auto rows = rows_of("key-add", manifest_of(keys), keys.size(),
                                [=](registry::Stores& stores, const std::string& batch) {
                                  std::vector<Fact> list;
                                  for (const auto& one : keys)
                                    list.push_back(add_key(stores, one, batch, *written));
                                  return changes(list);
                                });
            return followed_by(
                keys_outcome(written, "added", std::move(rows)),
                keys.size() == 1
                    ? after_key(keys.front().tenant, keys.front().key.name.value(), at.context())
                    : after_key("", "", at.context()));
          }};
}

LogFacts change_rows(registry::Stores& stores, const ChangeKeyRequest& request,
                     const site::Site& site, const std::string& batch, Json& written) {
  auto key = key_named(stores, request.tenant, request.name);
  auto policy = stores.decisions.checked_key_policy(key.id, act::decisions_of(site));
  if (request.new_name) {
    require_free(stores, key.tenant, *request.new_name);
    key.name = request.new_name;
  }
  if (request.owner) key.owner = request.owner;
  if (request.new_name || request.owner) stores.keys.change(key);
  LogFacts facts{{"key", Fact::id(key.id)}};
  if (says_policy(request)) {
    policy = with_options(policy, request);
    facts.add("decision", facts_of(stores.decisions.propose(key_policy_id(key.id), policy, batch,
                                                            random_id())));
  }
  written.push_back(key_json(request.tenant, key, policy));
  return facts;
}

std::string id_of_key(const act::Context& context, const ChangeKeyRequest& request) {
  registry::Registry registry(site_of(context).path(site::kRegistryName));
  const auto view = registry.read();
  return key_named(*view.operator->(), request.tenant, request.name).id;
}

act::PreparedAct prepared_change(const ChangeKeyRequest& request, const act::Context& context) {
  require_names(request.new_name, "the name of a key");
  require_names(request.owner, "the owner of a key");
  if (!request.new_name && !request.owner && !says_policy(request)) {
    throw Error(Kind::kUsage, "nothing-to-change", "it is not said what is to be changed",
                "give --new-name, --owner, or an option of the policy");
  }
  act::Intent intent{.act = "key-change"};
  intent.request.push_back({"tenants", Json::array({request.tenant}), true});
  intent.request.push_back({"key_ids", Json::array({id_of_key(context, request)}), false});
  return {
      .intent = std::move(intent), .perform = [request](act::AtWork& at) {
        const auto written = std::make_shared<Json>(Json::array());
        const Json what{request.tenant, request.name, text_json(request.new_name),
                        text_json(request.owner)};
        auto rows = rows_of(
            "key-change", what, 1,
            [=, site = site_of(at.context())](registry::Stores& stores, const std::string& batch) {
              return changes({change_rows(stores, request, site, batch, *written)});
            });
        return keys_outcome(written, "changed", std::move(rows));
      }};
}

Json versions_json(const registry::View& view, const std::string& key) {
  Json list = Json::array();
  for (const auto& version : view->versions.of(key)) {
    list.push_back({{"number", version.id.number},
                    {"state", registry::word(version.state)},
                    {"id", to_hex(version.cka_id)}});
  }
  return list;
}

}  // namespace

act::Act add_keys(const AddKeysRequest& request) {
  return {approval::operation_named("key-add"),
          [request](const act::Context& context) { return prepared_keys(request, context); }};
}

act::Act change_key(const ChangeKeyRequest& request) {
  return {approval::operation_named("key-change"),
          [request](const act::Context& context) { return prepared_change(request, context); }};
}

Shown show_key(const ShowKeyRequest& request, const act::Context& context) {
  const auto& site = site_of(context);
  registry::Registry registry(site.path(site::kRegistryName));
  const auto view = registry.read();
  const auto key = key_named(*view.operator->(), request.tenant, request.name);
  const auto policy = view->decisions.checked_key_policy(key.id, act::decisions_of(site));
  Json document = key_json(request.tenant, key, policy);
  document["due"] = key.due ? Json(time_text(*key.due)) : Json();
  document["versions"] = versions_json(view, key.id);
  std::vector<std::vector<std::string>> rows{
      {"key", or_dash(key.name)},
      {"tenant", printable(request.tenant)},
      {"id", key.id},
      {"type", printable(key.type)},
      {"usage", std::string(registry::word(key.usage))},
      {"owner", key.owner ? printable(*key.owner) : "the tenant's"},
      {"accepts", fmt::format("{} proof", registry::word(policy.accept))},
      {"compromised", std::string(registry::word(policy.compromised))},
      {"copies", fmt::format("{} proven", policy.copies_needed)},
      {"rotation", fmt::format("every {} days{}", policy.period_days,
                               key.due ? ", next " + time_text(*key.due) : "")}};
  for (const auto& version : document["versions"]) {
    rows.push_back({fmt::format("version {}", version.at("number").get<std::int64_t>()),
                    version.at("state").get<std::string>()});
  }
  return {std::move(document), {format_table(rows)}};
}

}  // namespace keyrite::inventory
