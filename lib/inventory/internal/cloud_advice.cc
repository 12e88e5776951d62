#include "inventory/internal/cloud_advice.h"

#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text.h"
#include "inventory/internal/destination_rows.h"
#include "inventory/internal/rows.h"
#include "provider/state_script.h"

namespace keyrite::inventory {

namespace {

using provider::CloudChange;
using registry::PlacementState;
using registry::VersionState;

// The clouds do as the states say: a deactivated version still opens what it wrapped, and so does a
// compromised one by a policy that says so.
std::optional<CloudChange> change_for(VersionState to, const registry::KeyPolicy& policy) {
  switch (to) {
    case VersionState::kSuspended:
      return CloudChange::kDisable;
    case VersionState::kActive:
      return CloudChange::kEnable;
    case VersionState::kCompromised:
      if (policy.compromised == registry::WhenCompromised::kStop) return CloudChange::kDisable;
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

bool is_at_cloud(PlacementState state) {
  switch (state) {
    case PlacementState::kImported:
    case PlacementState::kProven:
    case PlacementState::kAccepted:
    case PlacementState::kServing:
    case PlacementState::kDisabled:
    case PlacementState::kDifferent:
      return true;
    default:
      return false;
  }
}

// Other versions whose material is in the same key of the cloud.
std::vector<std::int64_t> sharing_versions(const registry::Stores& stores,
                                           const registry::Placement& placement) {
  std::vector<std::int64_t> others;
  if (!placement.cloud_key) return others;
  for (const auto& one : stores.placements.sharing(placement.id.destination, placement)) {
    if (one.id.number != placement.id.number && is_at_cloud(one.state))
      others.push_back(one.id.number);
  }
  return others;
}

provider::CloudKeyVersion cloud_key_of(const registry::Destination& row,
                                       const registry::Placement& placement) {
  const Json options = parse_json(as_bytes(row.options), "options");
  return {.provider = provider::parse_provider(row.provider),
          .account = row.account,
          .container = row.container,
          .name = row.name,
          .region = row.region,
          .profile = options.contains("profile")
                         ? std::optional(options.at("profile").get<std::string>())
                         : std::nullopt,
          .cloud_key = placement.cloud_key,
          .cloud_version = placement.cloud_version};
}

// Nobody uses it any more, and it may be gone.
std::optional<CloudChange> deletion_for(VersionState to, const registry::KeyPolicy& policy) {
  const bool over =
      to == VersionState::kCompromised && policy.compromised == registry::WhenCompromised::kStop;
  return over ? std::optional(CloudChange::kScheduleDeletion) : std::nullopt;
}

bool stops(CloudChange change) { return change != CloudChange::kEnable; }

CloudStep step_at(const registry::Stores& stores, registry::Destination row,
                  const registry::Placement& placement, std::optional<CloudChange> change) {
  const auto cloud = provider::parse_provider(row.provider);
  CloudStep step{.row = std::move(row), .state = placement.state, .change = change};
  if (!change) {
    step.note = "nothing: what this version wrapped is still opened there";
    return step;
  }
  if (stops(*change) && provider::changes_whole_key(cloud, *change)) {
    step.also_stops = sharing_versions(stores, placement);
    if (!step.also_stops.empty()) {
      step.note = fmt::format(
          "{} {} the whole key, and with it version {}: move those to another key first",
          provider::provider_title(cloud),
          *change == CloudChange::kDisable ? "disables" : "deletes",
          fmt::join(step.also_stops, ", "));
      return step;
    }
  }
  const auto key = cloud_key_of(step.row, placement);
  step.command = provider::state_command(key, *change);
  step.question = provider::state_question(key, *change);
  if (!step.command)
    step.note = "the registry does not know the cloud's key: find it there by its name";
  return step;
}

std::vector<CloudStep> steps_for(const registry::Stores& stores, const registry::Version& version,
                                 std::optional<CloudChange> change) {
  std::vector<CloudStep> steps;
  for (const auto& placement : stores.placements.of(version.id)) {
    if (!is_at_cloud(placement.state)) continue;
    if (auto row = stores.destinations.find(placement.id.destination))
      steps.push_back(step_at(stores, *std::move(row), placement, change));
  }
  return steps;
}

void add_scripts(std::vector<FolderFile>& files, const std::vector<CloudStep>& steps,
                 const registry::Version& version) {
  std::map<provider::Provider, provider::StateScript> scripts;
  for (const auto& step : steps) {
    if (!step.change) continue;
    const auto cloud = provider::parse_provider(step.row.provider);
    auto& script = scripts[cloud];
    script.provider = cloud;
    script.change = *step.change;
    script.version = fmt::format("version {}", version.id.number);
    script.steps.push_back({place_text(step.row), step.command, step.question, step.note});
  }
  for (const auto& [cloud, script] : scripts) {
    const std::string text = provider::state_script(script);
    files.push_back(
        {provider::state_script_name(cloud, script.change), Bytes(text.begin(), text.end()), true});
  }
}

}  // namespace

std::vector<CloudStep> cloud_steps(const registry::Stores& stores, const registry::Version& version,
                                   VersionState to, const registry::KeyPolicy& policy) {
  return steps_for(stores, version, change_for(to, policy));
}

std::vector<FolderFile> cloud_scripts(const registry::Stores& stores,
                                      const registry::Version& version, VersionState to,
                                      const registry::KeyPolicy& policy) {
  std::vector<FolderFile> files;
  add_scripts(files, cloud_steps(stores, version, to, policy), version);
  if (const auto deletion = deletion_for(to, policy))
    add_scripts(files, steps_for(stores, version, deletion), version);
  return files;
}

Json to_json(const std::vector<CloudStep>& steps) {
  Json list = Json::array();
  for (const auto& step : steps) {
    list.push_back({{"destination", step.row.name},
                    {"provider", step.row.provider},
                    {"region", region_text(step.row)},
                    {"placement", registry::word(step.state)},
                    {"command", text_json(step.command)},
                    {"also_stops", step.also_stops},
                    {"note", step.note.empty() ? Json() : Json(step.note)}});
  }
  return list;
}

std::vector<std::string> advice_lines(const Json& advice) {
  std::vector<std::string> lines;
  for (const auto& one : advice) {
    const auto& what = one.at(one.at("command").is_null() ? "note" : "command");
    lines.push_back(fmt::format("\"{}\" at {}, {}:\n  {}",
                                printable(one.at("destination").get<std::string>()),
                                one.at("provider").get<std::string>(),
                                one.at("region").get<std::string>(), what.get<std::string>()));
  }
  return lines;
}

}  // namespace keyrite::inventory
