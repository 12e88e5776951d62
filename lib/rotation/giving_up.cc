// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "rotation/internal/giving_up.h"

#include <filesystem>
#include <map>

#include <fmt/format.h>

#include "act/change_facts.h"
#include "act/chosen_destination.h"
#include "act/registry_replay.h"
#include "act/registry_rows.h"
#include "base/file.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "imports/tenant_target.h"
#include "keys/abandonment.h"
#include "provider/deletion.h"

namespace keyrite::rotation {

namespace {

namespace fs = std::filesystem;
using provider::DeletionOf;
using registry::PlacementState;

// nullopt: no command deletes it alone. Azure has it as one version of a key that has others; what
// was judged another key may be one of the others.
std::optional<DeletionOf> deletion_of(const GivenUp& given) {
  const bool different = given.place.state() == PlacementState::kDifferent;
  if (given.shares_cloud_version || (different && given.shares_cloud_key)) return std::nullopt;
  switch (provider::parse_provider(given.place.destination.provider)) {
    case provider::Provider::kAws:
      return given.shares_cloud_key ? DeletionOf::kMaterial : DeletionOf::kKey;
    case provider::Provider::kAzure:
      if (given.shares_cloud_key) return std::nullopt;
      return DeletionOf::kKey;
    case provider::Provider::kGoogle:
      return DeletionOf::kVersion;
  }
  return std::nullopt;
}

std::string file_of(const GivenUp& given) {
  return folder_of(given.place.destination, given.place.placement->id.number) + ".json";
}

act::RegistryRows rows_of(const registry::Placement& placement, const provider::Deletion& deletion,
                          const std::string& evidence) {
  return act::rows_of(
      kRotateAct, Json{placement.id.destination, placement.id.number, evidence}, 1,
      [=](registry::Stores& /*stores*/, const std::string& /*batch*/) {
        auto one = placement;
        one.state = PlacementState::kDeletionScheduled;
        const registry::PlacementFacts facts{
            .evidence_sha256 = evidence,
            .until = std::chrono::time_point_cast<registry::Time::duration>(deletion.at)};
        std::vector<act::Fact> list{act::placed(one, facts)};
        if (deletion.done) {
          one.state = PlacementState::kDeleted;
          list.push_back(act::placed(one, {.evidence_sha256 = evidence}));
        }
        return act::changes(list);
      });
}

act::Act record_deletion(const RotateRequest& one, const GivenUp& given, DeletionOf what,
                         const std::string& path) {
  return {
      approval::operation_named(kRotateAct), [=](const act::Context& /*context*/) {
        const auto content = read_file(path);
        return act::PreparedAct{
            .intent = {.act = kRotateAct,
                       .request = act::record(one),
                       .inputs = {{.name = "version", .value = given.place.placement->id.number},
                                  {.name = "evidence_sha256",
                                   .value = crypto::sha256_hex(content)}}},
            .need = {.access = pkcs11::Access::kReadOnly},
            .perform = [=](act::AtWork& at) {
              const auto deletion = provider::deletion_shown(cloud_key_of(given.place), what,
                                                             content, path, at.context().now());
              return act::Outcome{.document = Json::object(),
                                  .registry = rows_of(*given.place.placement, deletion,
                                                      crypto::sha256_hex(content))};
            }};
      }};
}

}  // namespace

act::Act give_up(const RotateRequest& one, const std::shared_ptr<Json>& destroyed) {
  return {approval::operation_named(kRotateAct), [=](const act::Context& context) {
            auto act = keys::prepared_abandonment(
                {.act = kRotateAct, .tenant = *one.tenant, .key = *one.key}, act::record(one),
                context);
            act.perform = [perform = act.perform, destroyed](act::AtWork& at) {
              auto outcome = perform(at);
              outcome.when_logged = [destroyed](act::Outcome& done,
                                                std::optional<std::uint64_t> /*entry*/) {
                *destroyed = done.document;
              };
              return outcome;
            };
            return act;
          }};
}

std::optional<act::Act> next_deletion(const RotateRequest& request, const RotateRequest& one,
                                      KeyRun& run) {
  if (!request.answers) return std::nullopt;
  for (const auto& given : run.given_up) {
    const auto what = deletion_of(given);
    const auto path = (fs::path(*request.answers) / file_of(given)).string();
    if (!what || !fs::exists(path) || !run.tried.insert(path).second) continue;
    return record_deletion(one, given, *what, path);
  }
  return std::nullopt;
}

void remark_bundles(KeyRun& run) {
  for (const auto& place : run.unanswered) {
    const auto& placement = *place.placement;
    run.remarks.push_back(fmt::format(
        "a bundle of version {0} was made for {1}, and no answers came back: if it was imported, "
        "delete there what was imported as version {0}, and nothing else in {2}{3}",
        placement.id.number, act::place_text(place.destination),
        printable(placement.cloud_key.value_or("the cloud key")),
        placement.cloud_version
            ? fmt::format("; the cloud has it as {}", printable(*placement.cloud_version))
            : std::string()));
  }
}

void write_deletions(const RotateRequest& request, KeyRun& run) {
  if (!request.output) return;
  std::map<provider::Provider, std::vector<provider::DeletionStep>> steps;
  for (const auto& given : run.given_up) {
    const auto key = cloud_key_of(given.place);
    const auto what = deletion_of(given);
    provider::DeletionStep step{.place = act::place_text(given.place.destination),
                                .file = file_of(given)};
    if (what) step.command = provider::deletion_command(key, *what);
    if (what) step.question = provider::deletion_question(key, *what);
    steps[key.provider].push_back(std::move(step));
  }
  if (steps.empty()) return;
  std::vector<FolderFile> files;
  for (const auto& [cloud, list] : steps) {
    const auto text = provider::deletion_script(cloud, "what was given up", list);
    files.push_back({provider::deletion_script_name(cloud), Bytes(text.begin(), text.end()), true});
  }
  const auto folder =
      (fs::path(*request.output) / fmt::format("delete-{}", run.key.substr(0, 8))).string();
  require_folder(*request.output);
  if (!has_files(folder, files)) write_new_folder(folder, files);
  run.deleting.push_back(folder);
}

}  // namespace keyrite::rotation
