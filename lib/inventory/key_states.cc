// The acts that move a version's state. Whether the version may go there is asked before the entry
// is written; the state moves when the entry is there (act/registry_changes.h).
#include "inventory/key_states.h"

#include <algorithm>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "act/change_facts.h"
#include "act/registry_replay.h"
#include "act/typed_text.h"
#include "approval/operation.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "inventory/internal/cloud_advice.h"
#include "inventory/internal/rows.h"
#include "registry/registry.h"
#include "site/layout.h"

namespace keyrite::inventory {

namespace {

using act::Fact;
using act::LogFacts;
using registry::Version;
using registry::VersionState;

struct Move {
  const char* act{};
  VersionState to{};
};

// A version in pre-activation becomes active by its validation alone (keys/activate_key.h).
bool may_move(const Version& version, VersionState to) {
  if (version.state == VersionState::kPreActivation && to == VersionState::kActive) return false;
  return registry::is_legal(registry::Subject::kVersion, registry::word(version.state),
                            registry::word(to));
}

[[noreturn]] void refuse_move(const Version& version, VersionState to) {
  throw Error(Kind::kFailed, "transition-illegal",
              fmt::format("version {} is {} and does not become {}", version.id.number,
                          registry::word(version.state), registry::word(to)),
              "keyrite key show says in which state each version is");
}

Version numbered(const std::vector<Version>& versions, std::int64_t number) {
  const auto found =
      std::ranges::find_if(versions, [&](const Version& one) { return one.id.number == number; });
  if (found != versions.end()) return *found;
  throw Error(Kind::kUsage, "version-unknown", fmt::format("the key has no version {}", number),
              "keyrite key show lists the versions of the key");
}

// The one that is named, or the one that can be meant.
Version version_meant(const registry::Stores& stores, const std::string& key,
                      const MoveVersionRequest& request, VersionState to) {
  const auto versions = stores.versions.of(key);
  if (request.version) return numbered(versions, *request.version);
  std::vector<Version> able;
  std::ranges::copy_if(versions, std::back_inserter(able),
                       [&](const Version& one) { return may_move(one, to); });
  if (able.size() == 1) return able.front();
  if (able.empty() && versions.size() == 1) refuse_move(versions.front(), to);
  throw Error(
      Kind::kUsage, "version-not-given",
      fmt::format("the key has {} versions that can become {}", able.size(), registry::word(to)),
      "give its number with --key-version; keyrite key show lists the versions");
}

void require_may_move(const registry::Stores& stores, const Version& version, VersionState to) {
  if (version.frozen_by) {
    throw Error(Kind::kFailed, "version-frozen",
                fmt::format("version {} is frozen by entry {} of the log", version.id.number,
                            *version.frozen_by),
                "end what froze it first");
  }
  if (!may_move(version, to)) refuse_move(version, to);
  const auto active = stores.versions.active(version.id.key);
  if (to != VersionState::kActive || !active) return;
  throw Error(Kind::kFailed, "version-not-alone",
              fmt::format("version {} of the key is active", active->id.number),
              "only one version is active; deactivate that one first");
}

Json moved_json(const MoveVersionRequest& request, const Version& version, VersionState to,
                const Json& clouds) {
  return {{"tenant", request.tenant},     {"key", request.name},
          {"version", version.id.number}, {"from", registry::word(version.state)},
          {"state", registry::word(to)},  {"clouds", clouds}};
}

LogFacts moved_rows(registry::Stores& stores, const MoveVersionRequest& request, const Move& move,
                    const registry::DecisionInLog& log, Json& written) {
  const auto key = key_named(stores, request.tenant, request.name);
  const auto policy = stores.decisions.checked_key_policy(key.id, log);
  const auto version = version_meant(stores, key.id, request, move.to);
  require_may_move(stores, version, move.to);
  written.push_back(moved_json(request, version, move.to,
                               to_json(cloud_steps(stores, version, move.to, policy))));
  return act::changes({act::moved(version.id, move.to)});
}

// Before anything is logged; the same lock is held until the entry is there.
std::vector<FolderFile> scripts_for(const site::Site& site, const MoveVersionRequest& request,
                                    const Move& move) {
  const registry::Registry registry(site.path(site::kRegistryName));
  const auto view = registry.read();
  const auto& stores = *view.operator->();
  const auto key = key_named(stores, request.tenant, request.name);
  const auto version = version_meant(stores, key.id, request, move.to);
  require_may_move(stores, version, move.to);
  return cloud_scripts(stores, version, move.to,
                       stores.decisions.checked_key_policy(key.id, act::decisions_of(site)));
}

// The folder of the scripts; no file, no folder.
void write_scripts(act::Outcome& outcome, const std::string& folder,
                   const std::vector<FolderFile>& files) {
  if (files.empty()) {
    outcome.text.emplace_back("nothing is to be done at a cloud: no script was written");
    return;
  }
  write_new_folder(folder, files);
  const std::string named = printable(folder);
  outcome.lasting = {.made = fmt::format("the folder {} was written", named),
                     .code = "scripts-made-unreported",
                     .hint = fmt::format("look at the state of the version with keyrite key show, "
                                         "and remove the folder {} if it did not change",
                                         named)};
  outcome.text.push_back(fmt::format("scripts for whoever works at the clouds are in {}:", named));
  for (const auto& file : files) outcome.text.push_back("  " + file.name);
}

act::Outcome moved_outcome(const std::shared_ptr<Json>& written, act::RegistryRows rows) {
  act::Outcome outcome{.registry = std::move(rows)};
  outcome.when_logged = [written](act::Outcome& done, std::optional<std::uint64_t> entry) {
    for (const auto& one : *written) {
      done.text.push_back(fmt::format(
          "version {} of key \"{}\" was {} and is {} now", one.at("version").get<std::int64_t>(),
          printable(one.at("key").get<std::string>()), one.at("from").get<std::string>(),
          one.at("state").get<std::string>()));
      for (auto& line : advice_lines(one.at("clouds"))) done.text.push_back(std::move(line));
      done.document = one;
    }
    done.document["entry"] = entry ? Json(*entry) : Json();
  };
  return outcome;
}

std::string key_id(const act::Context& context, const MoveVersionRequest& request) {
  registry::Registry registry(site_of(context).path(site::kRegistryName));
  const auto view = registry.read();
  return key_named(*view.operator->(), request.tenant, request.name).id;
}

act::Act move_act(const MoveVersionRequest& request, const Move& move) {
  return {approval::operation_named(move.act), [=](const act::Context& context) {
            require_name(request.reason, "the reason");
            act::Intent intent{.act = move.act};
            intent.request.push_back({"tenants", Json::array({request.tenant}), true});
            intent.request.push_back({"key_ids", Json::array({key_id(context, request)}), false});
            if (request.version) intent.request.push_back({"version", *request.version, false});
            if (request.output) {
              require_writable_new_path(*request.output);
              intent.outputs.push_back(*request.output);
            }
            return act::PreparedAct{
                .intent = std::move(intent), .perform = [=](act::AtWork& at) {
                  const auto written = std::make_shared<Json>(Json::array());
                  const auto& site = site_of(at.context());
                  const auto reason = act::keep_text(site.path(site::kTextsName), request.reason);
                  auto rows = rows_of(
                      move.act, Json{request.tenant, request.name, registry::word(move.to)}, 1,
                      [=](registry::Stores& stores, const std::string&) {
                        return moved_rows(stores, request, move, act::decisions_of(site), *written);
                      });
                  auto outcome = moved_outcome(written, std::move(rows));
                  outcome.facts = reason.log_facts();
                  if (request.output)
                    write_scripts(outcome, *request.output, scripts_for(site, request, move));
                  return outcome;
                }};
          }};
}

}  // namespace

const std::vector<act::Field<MoveVersionRequest>>& MoveVersionRequest::table() {
  using R = MoveVersionRequest;
  using act::Binds;
  static const std::vector<act::Field<R>> fields{
      {{.name = "name",
        .value = "NAME",
        .help = "the key, one of its tenant",
        .need = act::Need::kRequired,
        .shape = act::Shape::kPositional,
        .binds = Binds::name()},
       &R::name},
      {{.name = "tenant",
        .value = "NAME",
        .help = "whose key it is",
        .need = act::Need::kRequired,
        .binds = Binds::name()},
       &R::tenant},
      {{.name = "key-version",
        .value = "N",
        .help = "the number of the version",
        .default_text = "the only one that can go into the new state",
        .binds = Binds::plain()},
       &R::version},
      {{.name = "reason",
        .value = "TEXT",
        .help = "why: kept in the site, where it can be erased; the log has its SHA-256",
        .need = act::Need::kRequired,
        .binds = Binds::name()},
       &R::reason},
      {{.name = "output",
        .value = "FOLDER",
        .help = "writes there, for each provider that has the version, the script that disables or "
                "enables it, and for a compromised one that nothing may read any more the script "
                "that schedules its deletion; the folder must not exist",
        .binds = Binds::output()},
       &R::output}};
  return fields;
}

act::Act suspend_version(const MoveVersionRequest& request) {
  return move_act(request, {"key-suspend", VersionState::kSuspended});
}
act::Act resume_version(const MoveVersionRequest& request) {
  return move_act(request, {"key-resume", VersionState::kActive});
}
act::Act deactivate_version(const MoveVersionRequest& request) {
  return move_act(request, {"key-set-deactivation", VersionState::kDeactivated});
}
act::Act compromise_version(const MoveVersionRequest& request) {
  return move_act(request, {"key-mark-compromised", VersionState::kCompromised});
}

}  // namespace keyrite::inventory
