// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "keys/abandonment.h"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "act/change_facts.h"
#include "act/registry_replay.h"
#include "act/registry_rows.h"
#include "act/tenant_key.h"
#include "base/error.h"
#include "base/text.h"
#include "keys/fresh_look.h"
#include "keys/legal_hold.h"
#include "keys/logged_versions.h"
#include "keys/validate_version.h"
#include "keys/version_objects.h"
#include "registry/registry.h"
#include "site/layout.h"

namespace keyrite::keys {

namespace {

using registry::CopyState;
using registry::PlacementState;

void require_logged_alike(const VersionOnRecord& record, const act::Context& context) {
  const auto logged = logged_versions(act::required_site(context)).of(record.version.id);
  const auto compare = [&](std::string_view what, const std::string& has, const std::string& log) {
    if (has == log) return;
    throw Error(Kind::kVerification, "version-differs",
                fmt::format("{}: the registry has the {} {}, and the log {}",
                            act::version_text(record.key, record.version.id), what, printable(has),
                            log.empty() ? "none" : printable(log)),
                "nothing was destroyed: a row was changed, find out by whom")
        .with_compared({.expected = log, .found = has});
  };
  compare("id", to_hex(record.version.cka_id), logged.cka_id);
  compare("state", std::string(registry::word(record.version.state)), logged.state);
}

void require_no_data_key(const registry::Stores& stores, const VersionOnRecord& record) {
  for (const auto& count : stores.deks.counts(record.key.id)) {
    if (count.version != record.version.id || count.here + count.caller == 0) continue;
    throw Error(
        Kind::kVerification, "version-differs",
        fmt::format("{} waits by its row, and {} data key(s) are under it",
                    act::version_text(record.key, record.version.id), count.here + count.caller),
        "nothing was destroyed: a row was changed, find out by whom");
  }
}

VersionOnRecord waiting_version(const registry::Stores& stores, const Abandonment& abandonment,
                                const act::Context& context) {
  const auto tenant = act::tenant_named(stores.tenants, abandonment.tenant);
  const auto key = act::key_named(stores, abandonment.tenant, abandonment.key);
  const auto log = act::decisions_of(act::required_site(context));
  require_no_hold(stores, tenant, log);
  const auto version = stores.versions.waiting(key.id);
  if (!version) {
    throw Error(Kind::kFailed, "version-not-waiting",
                "no version of the key waits, so there is nothing to give up",
                "keyrite key show lists the versions and their states");
  }
  VersionOnRecord record{
      .key = key, .version = *version, .check_values = stores.versions.check_values(version->id)};
  require_no_data_key(stores, record);
  return record;
}

VersionOnRecord read_waiting(const Abandonment& abandonment, const act::Context& context) {
  const registry::Registry registry(act::required_site(context).path(site::kRegistryName));
  const auto view = registry.read();
  return waiting_version(*view.operator->(), abandonment, context);
}

bool is_on_token(const registry::Copy& copy) {
  return copy.form == registry::CopyForm::kToken && copy.state != CopyState::kDestroyed;
}

// What this token cannot destroy.
void require_here_alone(const VersionOnRecord& record, const act::Context& context,
                        act::TokenSession& token) {
  const registry::Registry registry(act::required_site(context).path(site::kRegistryName));
  const auto view = registry.read();
  for (const auto& copy : view->copies.of(record.version.id)) {
    if (!is_on_token(copy) || copy.token_serial == token.info().serial) continue;
    throw Error(
        Kind::kFailed, "copies-elsewhere",
        fmt::format("{} is on another token too", act::version_text(record.key, record.version.id)),
        "work at the token that holds it, or activate the version");
  }
}

void require_gone(const VersionOnRecord& record, act::TokenSession& token,
                  const act::Context& context) {
  const auto seen = look_afresh(token, context, {sought(record)}).seen.front();
  if (seen.is_absent()) return;
  throw Error(Kind::kUnknownOutcome, "key-remains",
              fmt::format("{} was to be destroyed, and a fresh process finds {} object(s) of it",
                          act::version_text(record.key, record.version.id), seen.objects.size()),
              "find out why the token keeps them; run the same command again");
}

void destroy_each(const VersionOnRecord& record, pkcs11::Session& session,
                  const std::vector<pkcs11::ObjectHandle>& objects) {
  std::size_t gone = 0;
  try {
    for (const auto handle : objects) {
      session.destroy_object(handle, "giving the version up");
      ++gone;
    }
  } catch (const Error& error) {
    if (gone == 0) throw;
    throw Error(Kind::kUnknownOutcome, "key-remains",
                fmt::format("{}: {} of {} objects are destroyed, then: {}",
                            act::version_text(record.key, record.version.id), gone, objects.size(),
                            error.message()),
                "find out why the token keeps the rest; run the same command again");
  }
}

std::size_t destroy(const VersionOnRecord& record, const act::Context& context,
                    act::TokenSession& token) {
  const auto objects = objects_of(token.session(), record.version.cka_id);
  require_objects_of(token, record, act::required_site(context));
  destroy_each(record, token.session(), objects);
  require_gone(record, token, context);
  return objects.size();
}

std::vector<act::Fact> destruction_of(const registry::Stores& stores,
                                      const VersionOnRecord& record) {
  std::vector<act::Fact> list;
  for (const auto& copy : stores.copies.of(record.version.id)) {
    if (!is_on_token(copy)) continue;
    if (copy.state == CopyState::kPresent)
      list.push_back(act::moved(copy.id, CopyState::kDestructionPending));
    list.push_back(act::moved(copy.id, CopyState::kDestroyed));
  }
  for (auto placement : stores.placements.of(record.version.id)) {
    if (placement.state != PlacementState::kAsked && placement.state != PlacementState::kWrapped)
      continue;
    placement.state = PlacementState::kWithdrawn;
    list.push_back(act::placed(placement));
  }
  list.push_back(act::moved(record.version.id, registry::VersionState::kDestroyed));
  return list;
}

act::RegistryRows abandonment_rows(const Abandonment& abandonment, const act::Context& context,
                                   const VersionOnRecord& record) {
  return act::rows_of(abandonment.act, Json{record.key.id, record.version.id.number}, 1,
                      [=, &context](registry::Stores& stores, const std::string& /*batch*/) {
                        const auto now = waiting_version(stores, abandonment, context);
                        if (now.version.id != record.version.id) {
                          throw Error(Kind::kFailed, "version-not-waiting",
                                      "another version waits now than the one that was destroyed",
                                      "look at the key with keyrite key show");
                        }
                        return act::changes(destruction_of(stores, record));
                      });
}

// Where nobody is there to answer, the approvals stand for it. Whoever types the name has it from
// the command or from the policy, not from this question.
void require_typed_name(const Abandonment& abandonment, const VersionOnRecord& record,
                        const act::Context& context) {
  if (!context.ask) return;
  const auto answer = context.ask(
      {.lines = {fmt::format("Version {}, id {}, will be destroyed in the token. Nothing brings it "
                             "back.",
                             record.version.id.number, to_hex(record.version.cka_id))},
       .prompt = "Type the name of its key:",
       .typed = abandonment.key});
  if (!answer || *answer) return;
  throw Error(Kind::kUsage, "destruction-not-confirmed",
              fmt::format("the name of the key whose version {} was to be destroyed was not typed",
                          record.version.id.number),
              "nothing was destroyed: run this again, and type the name as --key has it");
}

act::Outcome performed(const Abandonment& abandonment, std::int64_t number, act::AtWork& at) {
  const auto record = read_waiting(abandonment, at.context());
  if (record.version.id.number != number) {
    throw Error(Kind::kFailed, "version-not-waiting",
                fmt::format("version {} waited when this began, and {} does now", number,
                            act::version_text(record.key, record.version.id)),
                "nothing was destroyed: run this again");
  }
  require_logged_alike(record, at.context());
  require_here_alone(record, at.context(), at.token());
  const auto count = destroy(record, at.context(), at.token());
  return {
      .document = {{"version", record.version.id.number}, {"objects", count}},
      .text = {fmt::format("{} is {}", act::version_text(record.key, record.version.id),
                           count > 0 ? "destroyed" : "given up: the token had no object of it")},
      .facts = {{"key_id", act::Fact::id(to_hex(record.version.cka_id))}, {"destroyed", count}},
      .registry = abandonment_rows(abandonment, at.context(), record)};
}

}  // namespace

act::PreparedAct prepared_abandonment(const Abandonment& abandonment, act::RecordedRequest request,
                                      const act::Context& context) {
  const auto record = read_waiting(abandonment, context);
  require_logged_alike(record, context);
  require_typed_name(abandonment, record, context);
  const auto number = record.version.id.number;
  return {
      .intent =
          {.act = abandonment.act,
           // Whom policy asks before a key is destroyed, it asks before one that nobody used too.
           .also = {kShredAct},
           .request = std::move(request),
           .inputs = {{.name = "version", .value = number}},
           .id = to_hex(record.version.cka_id),
           .covers = {.keys = {record.key.id}}},
      .perform = [=](act::AtWork& at) { return performed(abandonment, number, at); }};
}

}  // namespace keyrite::keys
