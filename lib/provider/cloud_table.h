// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// One row for each cloud: its functions and the facts that need no function. Code that is the same
// for every cloud asks here; what a cloud does is in its own folder. Internal to provider.
// Immutable, any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "provider/answer_check.h"
#include "provider/command_words.h"
#include "provider/commands.h"
#include "provider/destination.h"
#include "provider/file_form.h"
#include "provider/payload_files.h"
#include "provider/place_words.h"
#include "provider/rules.h"
#include "provider/target_words.h"
#include "provider/wrapping_choice.h"

namespace keyrite::provider {

struct Cloud {
  Provider provider{};
  std::vector<unsigned> wrapping_key_sizes{};  // RSA bits, ascending
  // The code with which it refuses to decrypt a ciphertext.
  std::string_view refusing_code{};
  // How long import parameters live; unset: as long as somebody says.
  std::optional<std::chrono::hours> parameters_lifetime{};
  std::string_view expiry_member{};  // of to_json(ImportParameters)
  // How its client is made to write JSON: the option, with the program; and a whole command.
  std::string_view json_option{};
  std::string_view json_command{};
  std::vector<OtherClient> other_clients{};
  std::string_view answer_suffix{};  // of the files into which its client's answers are saved
  // Why no operation on its secret keys gives an answer that can be computed outside; empty: the
  // key's type is the reason.
  std::string_view why_no_answer{};
  std::vector<KeyRule> (*make_key_rules)() = nullptr;
  std::vector<WrappingChoice> (*make_wrapping_choices)() = nullptr;
  // Fills in what make_place() is asked for, and says how a key gets there.
  PlaceTransport (*locate)(KeyPlace& place, const PlaceWords& words, const KeyType& type,
                           Force force, TimePoint now) = nullptr;
  // As resolve(), for what the cloud alone knows.
  void (*complete)(Destination& destination, std::string_view label, Force force,
                   TimePoint now) = nullptr;
  StepSet (*make_steps)(const Destination& destination, const ScriptInput& input) = nullptr;
  std::vector<std::string> (*preparation)(const Destination& destination) = nullptr;
  FetchedFiles (*fetched_files)(const FetchOrder& order) = nullptr;
  ClientCalls (*make_fetch)(const FetchOrder& order) = nullptr;
  void (*add_target)(TargetWords& words, const ImportParameters& parameters,
                     const ImportOptions& options,
                     const std::optional<std::string>& label) = nullptr;
  // As provider::lay_out, of a blob that is checked; as check_files; as payload_contradiction.
  std::vector<FolderFile> (*payload_files)(const Destination& destination, ByteView blob,
                                           std::string_view generator) = nullptr;
  void (*check_payload)(const PayloadCheck& wanted) = nullptr;
  std::string (*payload_contradiction)(const RecordedImport& import, std::string_view generator,
                                       const std::vector<FolderFile>& files) = nullptr;
  // What a bundle says of its import, held against itself (recorded_import.h).
  std::string (*parameters_contradiction)(const RecordedImport& import) = nullptr;
  std::string (*names_contradiction)(const RecordedImport& import) = nullptr;
  std::vector<std::string> (*unverified_names)(const RecordedImport& import) = nullptr;
  std::vector<CommandOption> command_options{};
  // Of the words in its commands that are no row of command_options.
  std::string (*words_contradiction)(const RecordedImport& import,
                                     std::string_view script) = nullptr;
  // One finding for each file, in their order.
  std::vector<Finding> (*judge_answers)(const Expected& expected,
                                        const std::vector<JsonEvidence>& files) = nullptr;
  // What a file is that is neither text nor an answer; nullopt: not known to this cloud.
  std::optional<Finding> (*judge_binary)(const Expected& expected, const std::string& file,
                                         ByteView content) = nullptr;
  bool (*is_bundle_key)(const Expected& expected, std::string_view name) = nullptr;
  std::string (*normal_name)(std::string_view name) = nullptr;  // as provider::normal_name
};

[[nodiscard]] const Cloud& cloud_of(Provider provider);

// The rows.
namespace aws {
[[nodiscard]] Cloud cloud();
}
namespace azure {
[[nodiscard]] Cloud cloud();
}
namespace google {
[[nodiscard]] Cloud cloud();
}

}  // namespace keyrite::provider
