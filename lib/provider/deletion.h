// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What a person runs at a cloud so that it deletes a version that was given up, and what the
// cloud's answer then shows. AWS deletes waiting material at once, and a whole KMS key after a
// while; Azure and Google after a while. Pure, any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/json.h"
#include "provider/state_commands.h"

namespace keyrite::provider {

enum class DeletionOf {
  kMaterial,  // AWS: material of a KMS key that has other versions too
  kKey,       // AWS, Azure: the whole key, which has this version alone
  kVersion    // Google
};

// The command; and the question whose answer, JSON, is saved. nullopt: the registry does not know
// the cloud's key or version.
[[nodiscard]] std::optional<std::string> deletion_command(const CloudKeyVersion& key,
                                                          DeletionOf what);
// Of a whole KMS key at AWS: what makes it unusable at once. nullopt elsewhere.
[[nodiscard]] std::optional<std::string> unusable_at_once(const CloudKeyVersion& key);
// Of a deleted key at Azure: what ends it before its day, where the vault has no purge protection.
// nullopt elsewhere.
[[nodiscard]] std::optional<std::string> purge_command(const CloudKeyVersion& key, DeletionOf what);
[[nodiscard]] std::optional<std::string> deletion_question(const CloudKeyVersion& key,
                                                           DeletionOf what);

struct Deletion {
  bool done{false};  // else it is scheduled
  TimePoint at{};    // when it is, or was asked for
};
// By the provider's word. `scheduled`: the day on which it was to be deleted, by an earlier answer;
// only then, and at AWS after it, a key that is not found counts. Errors kConfig
// "deletion-not-shown": the answer is about another key, or says that it is there; those of
// parse_json.
[[nodiscard]] Deletion deletion_shown(const CloudKeyVersion& key, DeletionOf what, ByteView answer,
                                      const std::string& origin, TimePoint now,
                                      const std::optional<TimePoint>& scheduled = std::nullopt);

// A whole key that the cloud does not know any more is told by an error. The word of that error,
// and what is asked in the same run beside it: who asks, and which other keys this one sees there.
// nullopt where a deleted key is shown for good (Google).
struct AbsenceQuestion {
  std::string word{};
  std::string caller{};
  std::string others{};
};
[[nodiscard]] std::optional<AbsenceQuestion> absence_question(const CloudKeyVersion& key,
                                                              DeletionOf what);
// What the script then saves: {"not_found", "caller", "others"}.
[[nodiscard]] bool says_absent(const JsonView& answer);
// Errors kConfig "deletion-not-shown": no earlier answer, its day is not over, another account,
// region or vault was asked, or no other key was seen there; those of JsonView.
[[nodiscard]] Deletion absence_shown(const CloudKeyVersion& key, const JsonView& answer,
                                     const std::string& origin, TimePoint now,
                                     const std::optional<TimePoint>& scheduled);

// "aws-delete.sh": one command for each step, whose question's answer it saves as the step's file
// in the folder with .answers at the end. With --print it prints the commands; with --purge it
// purges what was deleted before, where that is possible.
struct DeletionStep {
  std::string place{};  // for people
  std::string file{};   // "aws-1f2e3d4c-v2.json"
  // Done before, where there is one: AWS deletes the material at once, and the KMS key after a
  // while.
  std::optional<std::string> first{};
  std::optional<std::string> command{};
  std::optional<std::string> question{};
  std::optional<AbsenceQuestion> absent{};
  std::optional<std::string> purge{};  // with --purge, in the place of the command
};
[[nodiscard]] std::string deletion_script_name(Provider provider);
[[nodiscard]] std::string deletion_script(Provider provider, const std::string& version,
                                          const std::vector<DeletionStep>& steps);

}  // namespace keyrite::provider
