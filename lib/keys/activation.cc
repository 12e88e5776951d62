// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "keys/activation.h"

#include <memory>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "act/change_facts.h"
#include "act/registry_replay.h"
#include "act/registry_rows.h"
#include "act/tenant_key.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "registry/registry.h"
#include "site/layout.h"

namespace keyrite::keys {

namespace {

VersionOnRecord on_record(const registry::Stores& stores, const Activation& activation,
                          const act::Context& context) {
  const auto tenant = act::tenant_named(stores.tenants, activation.tenant);
  const auto key = act::key_named(stores, activation.tenant, activation.key);
  return require_activatable(stores, tenant, key, activation.number, activation.beside,
                             time_of(context), act::decisions_of(act::required_site(context)));
}

VersionOnRecord read_record(const Activation& activation, const act::Context& context) {
  const registry::Registry registry(act::required_site(context).path(site::kRegistryName));
  const auto view = registry.read();
  return on_record(*view.operator->(), activation, context);
}

Json document_of(const VersionOnRecord& record, const ValidatedVersion& validated) {
  return {{"key", record.key.id},
          {"version", record.version.id.number},
          {"id", to_hex(record.version.cka_id)},
          {"tried", validated.used_by.text()},
          {"check_values", crypto::to_json(validated.check_values)},
          {"canary",
           {{"mechanism", validated.canary.mechanism},
            {"sha256", crypto::sha256_hex(validated.canary.content)}}}};
}

act::LogFacts facts_of_version(const VersionOnRecord& record, const ValidatedVersion& validated) {
  return {{"key_id", act::Fact::id(to_hex(record.version.cka_id))},
          {"attributes", facts_of(validated.attributes)},
          {"tried", validated.used_by},
          {"check_values", act::Fact::of(validated.check_values)},
          {"canary_sha256", act::Fact::sha256(crypto::sha256_hex(validated.canary.content))}};
}

// What is known of the version now and was not on record yet.
void add_values(registry::Stores& stores, const VersionOnRecord& record,
                const std::vector<crypto::CheckValue>& values) {
  for (const auto& value : values) {
    bool known = false;
    for (const auto& one : record.check_values) known = known || one.algorithm == value.alg;
    if (!known) stores.versions.add_check_value(record.version.id, {value.alg, value.value});
  }
}

// One version is active: the one before goes first.
std::vector<act::Fact> moves(const registry::Stores& stores, const VersionOnRecord& record) {
  std::vector<act::Fact> list;
  if (const auto before = stores.versions.active(record.key.id))
    list.push_back(act::moved(before->id, registry::VersionState::kDeactivated));
  list.push_back(act::moved(record.version.id, registry::VersionState::kActive));
  return list;
}

act::RegistryRows activation_rows(const Activation& activation, const act::Context& context,
                                  const VersionOnRecord& record,
                                  const ValidatedVersion& validated) {
  return act::rows_of(activation.act, document_of(record, validated), 1,
                      [=, &context](registry::Stores& stores, const std::string& batch) {
                        // What was so before the token was asked may be otherwise now.
                        const auto now = on_record(stores, activation, context);
                        if (now.version.id != record.version.id ||
                            now.version.revision != record.version.revision) {
                          throw Error(Kind::kFailed, "version-not-waiting",
                                      fmt::format("{} changed while it was tried",
                                                  act::version_text(record.key, record.version.id)),
                                      "nothing was written: run this again");
                        }
                        if (!validated.canary_is_there) {
                          auto canary = validated.canary;
                          canary.created = time_of(context);
                          canary.batch = batch;
                          stores.versions.add_canary(canary);
                        }
                        add_values(stores, record, validated.check_values);
                        return act::changes(moves(stores, record));
                      });
}

act::Outcome performed(const Activation& activation, act::AtWork& at) {
  const auto& context = at.context();
  const auto record = read_record(activation, context);
  const auto validated = validate_version(at.token(), record, act::required_site(context));
  act::Outcome outcome{.document = document_of(record, validated),
                       .facts = facts_of_version(record, validated),
                       .registry = activation_rows(activation, context, record, validated)};
  outcome.text.push_back(fmt::format("{} is active: it was tried by {}, and has its canary",
                                     act::version_text(record.key, record.version.id),
                                     validated.used_by.text()));
  if (activation.after) outcome.text.push_back(activation.after(record, context));
  outcome.when_logged = [](act::Outcome& done, std::optional<std::uint64_t> entry) {
    done.document["entry"] = entry ? Json(*entry) : Json();
  };
  return outcome;
}

act::Outcome previewed(const Activation& activation, act::AtWork& at) {
  const auto record = read_record(activation, at.context());
  const auto validated = validate_version(at.token(), record, act::required_site(at.context()));
  return {.document = document_of(record, validated),
          .text = {fmt::format("would activate {}: it was tried by {}",
                               act::version_text(record.key, record.version.id),
                               validated.used_by.text())}};
}

}  // namespace

act::PreparedAct prepared_activation(const Activation& activation, act::RecordedRequest request,
                                     const act::Context& context) {
  const auto record = read_record(activation, context);
  // Who approves it approves this version, and no later one.
  auto one = activation;
  one.number = record.version.id.number;
  return {.intent = {.act = activation.act,
                     .request = std::move(request),
                     .inputs = {{.name = "version", .value = *one.number}},
                     .id = to_hex(record.version.cka_id),
                     .covers = {.keys = {record.version.id.key}}},
          .need = {.access = pkcs11::Access::kReadOnly},
          .preview = [one](act::AtWork& at) { return previewed(one, at); },
          .perform = [one](act::AtWork& at) { return performed(one, at); }};
}

}  // namespace keyrite::keys
