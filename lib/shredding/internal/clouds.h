// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What a shred has clouds delete: the scripts for the connected machine, and what they saved. Part
// of a Shredding; one thread.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "act/act.h"
#include "shredding/requests.h"
#include "shredding/scope.h"

namespace keyrite::shredding {

struct CloudAnswers {
  std::set<std::string> tried{};  // files that this run took up
};

// Of the first answer in --answers that is not recorded yet: that the cloud has the version
// deleted, or will. Only of a version that was approved for destruction. Errors kUsage "shred-what"
// (no such folder); those of provider::deletion_shown.
[[nodiscard]] std::optional<act::Act> next_answer(const ShredRequest& request, const Scope& scope,
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
