// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What CloudTrail recorded of a KMS key that was to be deleted.
#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "act/chosen_destination.h"
#include "approval/operation.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "imports/cloud_version.h"
#include "shredding/internal/clouds.h"
#include "shredding/internal/shred_acts.h"

namespace keyrite::shredding {

namespace {

namespace fs = std::filesystem;
using provider::aws::CloudTrail;
using provider::aws::RecordedDeletion;

CloudTrail read_trail(const ShredRequest& request) {
  if (!fs::is_directory(*request.cloudtrail)) {
    throw Error(Kind::kUsage, "shred-what",
                fmt::format("there is no folder {}", printable(*request.cloudtrail)),
                "give the folder with the files of CloudTrail");
  }
  std::vector<provider::aws::TrailFile> files;
  for (const auto& entry : fs::directory_iterator(*request.cloudtrail))
    files.push_back({entry.path().filename().string(), read_file(entry.path().string())});
  std::ranges::sort(files, {}, &provider::aws::TrailFile::name);
  return CloudTrail::verified(files, request.cloudtrail_key);
}

act::Act record(const ShredRequest& request, const CloudPlace& place,
                const RecordedDeletion& found) {
  const auto asked = without_folders(request);
  return {
      approval::operation_named(kDeletionAct), [=](const act::Context& /*context*/) {
        return act::PreparedAct{
            .intent = {.act = kDeletionAct,
                       .request = act::record(asked),
                       .inputs = {{.name = "version", .value = place.placement.id.number},
                                  {.name = "evidence_sha256", .value = found.log_sha256},
                                  {.name = "cloudtrail_key_sha256", .value = found.key_sha256}}},
            .need = {.access = pkcs11::Access::kReadOnly},
            .perform = [=](act::AtWork& /*at*/) {
              return act::Outcome{
                  .document = Json::object(),
                  .text = {fmt::format("{}: by CloudTrail, AWS deleted the KMS key at {}",
                                       act::place_text(place.destination),
                                       format_rfc3339(found.at))},
                  .facts = {{"deleted_at", act::Fact(found.at)},
                            {"cloudtrail_key_sha256", act::Fact::sha256(found.key_sha256)},
                            {"cloudtrail_digest_sha256", act::Fact::sha256(found.digest_sha256)}},
                  .registry =
                      rows_of(place.placement, {.done = true, .at = found.at}, found.log_sha256)};
            }};
      }};
}

}  // namespace

std::optional<act::Act> next_recorded_deletion(const ShredRequest& request, const Scope& scope,
                                               CloudAnswers& answers) {
  if (!request.cloudtrail) return std::nullopt;
  if (!answers.trail) answers.trail = read_trail(request);
  for (const auto& one : scope.versions) {
    for (const auto& place : one.places) {
      if (!is_to_delete(one, place)) continue;
      const auto found =
          answers.trail->deletion_of(imports::cloud_version_of(place.destination, place.placement));
      const auto name = fmt::format("{} {}", place.destination.id, place.placement.id.number);
      if (found && answers.tried.insert(name).second) return record(request, place, *found);
    }
  }
  return std::nullopt;
}

}  // namespace keyrite::shredding
