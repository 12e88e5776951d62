// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "shredding/internal/clouds.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <variant>

#include <fmt/format.h>

#include "act/change_facts.h"
#include "act/chosen_destination.h"
#include "act/registry_rows.h"
#include "approval/operation.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "imports/cloud_version.h"
#include "imports/tenant_target.h"
#include "provider/deletion.h"
#include "provider/provider.h"
#include "shredding/internal/shred_acts.h"

namespace keyrite::shredding {

namespace {

namespace fs = std::filesystem;
using provider::DeletionOf;
using provider::Provider;
using registry::PlacementState;

// Where a cloud key is shared with a version that is to live, nothing was approved.
DeletionOf deletion_of(const CloudPlace& place) {
  return provider::parse_provider(place.destination.provider) == Provider::kGoogle
             ? DeletionOf::kVersion
             : DeletionOf::kKey;
}

std::string file_of(const CloudPlace& place) {
  return fmt::format("{}-{}-v{}.json", place.destination.provider,
                     place.destination.id.substr(0, 8), place.placement.id.number);
}

bool has_answer(const CloudPlace& place) {
  return place.placement.state == PlacementState::kDeletionScheduled ||
         place.placement.state == PlacementState::kDeleted;
}

act::Act record_answer(const ShredRequest& request, const CloudPlace& place,
                       const std::string& path) {
  const auto asked = without_folders(request);
  return {approval::operation_named(kDeletionAct), [=](const act::Context& /*context*/) {
            const auto content = read_file(path);
            return act::PreparedAct{
                .intent = {.act = kDeletionAct,
                           .request = act::record(asked),
                           .inputs = {{.name = "version", .value = place.placement.id.number},
                                      {.name = "evidence_sha256",
                                       .value = crypto::sha256_hex(content)}}},
                .need = {.access = pkcs11::Access::kReadOnly},
                .perform = [=](act::AtWork& at) {
                  const auto deletion = provider::deletion_shown(
                      imports::cloud_version_of(place.destination, place.placement),
                      deletion_of(place), content, path, at.context().now(), place.scheduled);
                  return act::Outcome{
                      .document = Json::object(),
                      .registry = rows_of(place.placement, deletion, crypto::sha256_hex(content))};
                }};
          }};
}

}  // namespace

bool is_to_delete(const DoomedVersion& one, const CloudPlace& place) {
  return is_condemned(one) && place.placement.cloud_key && may_be_at_cloud(place.placement) &&
         place.placement.state != PlacementState::kWrapped &&
         place.placement.state != PlacementState::kWithdrawn;
}

act::RegistryRows rows_of(const registry::Placement& placement, const provider::Deletion& deletion,
                          const std::string& evidence) {
  return act::rows_of(
      kDeletionAct, Json{placement.id.destination, placement.id.number, evidence}, 1,
      [=](registry::Stores& /*stores*/, const std::string& /*batch*/) {
        auto one = placement;
        std::vector<act::Fact> list;
        if (one.state != PlacementState::kDeletionScheduled) {
          one.state = PlacementState::kDeletionScheduled;
          list.push_back(act::placed(
              one, {.evidence_sha256 = evidence,
                    .until = std::chrono::time_point_cast<registry::Time::duration>(deletion.at)}));
        }
        if (deletion.done) {
          one.state = PlacementState::kDeleted;
          list.push_back(act::placed(one, {.evidence_sha256 = evidence}));
        }
        return act::changes(list);
      });
}

std::optional<act::Act> next_answer(const ShredRequest& request, const Scope& scope,
                                    CloudAnswers& answers) {
  if (!request.answers) return std::nullopt;
  if (!fs::is_directory(*request.answers)) {
    throw Error(Kind::kUsage, "shred-what",
                fmt::format("there is no folder {}", printable(*request.answers)),
                "give the folder in which the script of the deletion saved its answers");
  }
  for (const auto& one : scope.versions) {
    for (const auto& place : one.places) {
      const auto path = (fs::path(*request.answers) / file_of(place)).string();
      const bool wanted = is_to_delete(one, place) && fs::exists(path);
      if (wanted && answers.tried.insert(path).second) return record_answer(request, place, path);
    }
  }
  return std::nullopt;
}

namespace {

bool is_replica(const registry::Destination& destination) {
  const auto at = imports::place_of(destination);
  const auto* options = std::get_if<provider::aws::ImportOptions>(&at.options);
  return options != nullptr && options->replica_of.has_value();
}

provider::DeletionStep step_of(const CloudPlace& place) {
  const auto key = imports::cloud_version_of(place.destination, place.placement);
  const auto what = deletion_of(place);
  return {.place = act::place_text(place.destination),
          .file = file_of(place),
          .first = provider::unusable_at_once(key),
          .command = provider::deletion_command(key, what),
          .question = provider::deletion_question(key, what),
          .absent = provider::absence_question(key, what),
          .purge = provider::purge_command(key, what)};
}

// A primary key at AWS waits for its replicas: these come first.
std::map<Provider, std::vector<provider::DeletionStep>> steps_of(const Scope& scope) {
  std::map<Provider, std::vector<provider::DeletionStep>> steps;
  for (const bool replicas : {true, false}) {
    for (const auto& one : scope.versions) {
      for (const auto& place : one.places) {
        if (is_to_delete(one, place) && is_replica(place.destination) == replicas)
          steps[provider::parse_provider(place.destination.provider)].push_back(step_of(place));
      }
    }
  }
  return steps;
}

bool is_open(const DoomedVersion& one, const CloudPlace& place) {
  return is_condemned(one) && may_be_at_cloud(place.placement);
}

}  // namespace

std::vector<std::string> write_scripts(const ShredRequest& request, const Scope& scope) {
  if (!request.output) return {};
  std::vector<FolderFile> files;
  for (const auto& [cloud, list] : steps_of(scope)) {
    const auto text = provider::deletion_script(cloud, "what was shredded", list);
    files.push_back({provider::deletion_script_name(cloud), Bytes(text.begin(), text.end()), true});
  }
  if (files.empty()) return {};
  write_new_folder(*request.output, files);
  return {*request.output};
}

std::size_t clouds_to_answer(const Scope& scope) {
  std::size_t open = 0;
  for (const auto& one : scope.versions)
    open += static_cast<std::size_t>(std::ranges::count_if(
        one.places, [&](const CloudPlace& place) { return is_open(one, place); }));
  return open;
}

std::vector<std::string> cloud_lines(const Scope& scope) {
  std::vector<std::string> lines;
  for (const auto& one : scope.versions) {
    for (const auto& place : one.places) {
      if (!is_open(one, place)) continue;
      lines.push_back(fmt::format("{}: {} has it, or may have it ({})", one.text(),
                                  act::place_text(place.destination),
                                  has_answer(place) ? "it says that it will be deleted"
                                                    : std::string(word(place.placement.state))));
    }
  }
  return lines;
}

}  // namespace keyrite::shredding
