// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What a shred has clouds delete: the scripts for the connected machine, and what they saved. Part
// of a Shredding; one thread.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "act/act.h"
#include "provider/aws/cloud_trail.h"
#include "provider/deletion.h"
#include "shredding/requests.h"
#include "shredding/scope.h"

namespace keyrite::shredding {

struct CloudAnswers {
  std::set<std::string> tried{};  // files, and ids of placements, that this run took up
  std::optional<provider::aws::CloudTrail> trail{};  // when it was read
};

// Whether a cloud was told, or is to be told, to delete it. A bundle that nobody imported is not at
// the cloud, as far as anybody said.
[[nodiscard]] bool is_to_delete(const DoomedVersion& one, const CloudPlace& place);

// What the registry takes over of an answer: that it is scheduled, and that it is done.
[[nodiscard]] act::RegistryRows rows_of(const registry::Placement& placement,
                                        const provider::Deletion& deletion,
                                        const std::string& evidence);

// Of the first answer in --answers that is not recorded yet: that the cloud has the version
// deleted, or will. Only of a version that was approved for destruction. Errors kUsage "shred-what"
// (no such folder); those of provider::deletion_shown.
[[nodiscard]] std::optional<act::Act> next_answer(const ShredRequest& request, const Scope& scope,
                                                  CloudAnswers& answers);

// Of the first KMS key whose deletion stands in the files of --cloudtrail, and is not recorded yet.
// Errors kUsage "shred-what" (no such folder); those of provider::aws::CloudTrail::verified.
[[nodiscard]] std::optional<act::Act> next_recorded_deletion(const ShredRequest& request,
                                                             const Scope& scope,
                                                             CloudAnswers& answers);

// Into --output, for what clouds may have of versions that were approved; the folders that were
// written. Errors: those of write_new_folder.
[[nodiscard]] std::vector<std::string> write_scripts(const ShredRequest& request,
                                                     const Scope& scope);

// How many places may have a version that was approved for destruction, as far as any answer says.
[[nodiscard]] std::size_t clouds_to_answer(const Scope& scope);

// For people: what each cloud has still, and until when.
[[nodiscard]] std::vector<std::string> cloud_lines(const Scope& scope);

}  // namespace keyrite::shredding
