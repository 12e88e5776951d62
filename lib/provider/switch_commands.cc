// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "provider/switch_commands.h"

#include "provider/shell_command.h"

namespace keyrite::provider {
namespace {

constexpr std::string_view kVersions = "/cryptoKeyVersions/";

ShellCommand& finish_aws(ShellCommand& command, const CloudKeyVersion& key) {
  return command.option("--region", key.region).option("--profile", key.profile);
}

std::string aws_question(const CloudKeyVersion& key, const std::string& key_id,
                         std::string_view query) {
  ShellCommand command("aws kms describe-key");
  command.option("--key-id", key_id);
  return finish_aws(command, key).fixed("--query").fixed(query).fixed("--output text").text();
}

// The number at the end of "projects/.../cryptoKeyVersions/3".
std::optional<std::string> number_of(const CloudKeyVersion& key) {
  if (!key.cloud_version) return std::nullopt;
  const auto at = key.cloud_version->rfind(kVersions);
  if (at == std::string::npos) return std::nullopt;
  const auto number = key.cloud_version->substr(at + kVersions.size());
  const bool digits =
      !number.empty() && number.find_first_not_of("0123456789") == std::string::npos;
  return digits ? std::optional(number) : std::nullopt;
}

ShellCommand& in_ring(ShellCommand& command, const CloudKeyVersion& key) {
  return command.word(key.name)
      .option("--keyring", key.container)
      .option("--location", key.region)
      .option("--project", key.account);
}

}  // namespace

bool has_primary_version(const KeyPlace& place, const KeyType& type) {
  const auto* options = std::get_if<google::ImportOptions>(&place.options);
  return options != nullptr && cloud_type(Provider::kGoogle, type, options->algorithm).algorithm ==
                                   "google-symmetric-encryption";
}

std::optional<std::string> switch_command(const CloudKeyVersion& key, SwitchBy by) {
  switch (by) {
    case SwitchBy::kRotateInPlace: {
      if (!key.cloud_key || !key.cloud_version) return std::nullopt;
      ShellCommand command("aws kms rotate-key-on-demand");
      command.option("--key-id", key.cloud_key);
      return finish_aws(command, key).text();
    }
    case SwitchBy::kMoveAlias: {
      if (!key.cloud_key) return std::nullopt;
      ShellCommand command("aws kms update-alias");
      command.option("--alias-name", key.name).option("--target-key-id", key.cloud_key);
      return finish_aws(command, key).text();
    }
    case SwitchBy::kSetPrimary: {
      const auto number = number_of(key);
      if (!number) return std::nullopt;
      ShellCommand command("gcloud kms keys set-primary-version");
      return in_ring(command, key).option("--version", number).text();
    }
    case SwitchBy::kConsumers:
      break;
  }
  return std::nullopt;
}

std::optional<StateQuestion> switch_question(const CloudKeyVersion& key, SwitchBy by) {
  if (!switch_command(key, by)) return std::nullopt;
  switch (by) {
    case SwitchBy::kRotateInPlace:
      return StateQuestion{aws_question(key, *key.cloud_key, "KeyMetadata.CurrentKeyMaterialId"),
                           *key.cloud_version};
    case SwitchBy::kMoveAlias: {
      const bool is_arn = key.cloud_key->starts_with("arn:");
      return StateQuestion{
          aws_question(key, key.name, is_arn ? "KeyMetadata.Arn" : "KeyMetadata.KeyId"),
          *key.cloud_key};
    }
    case SwitchBy::kSetPrimary: {
      ShellCommand command("gcloud kms keys describe");
      return StateQuestion{in_ring(command, key).word("--format=value(primary.name)").text(),
                           *key.cloud_version};
    }
    case SwitchBy::kConsumers:
      break;
  }
  return std::nullopt;
}

}  // namespace keyrite::provider
