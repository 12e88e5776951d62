// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "provider/deletion.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/json.h"
#include "base/kms_key.h"
#include "base/text.h"
#include "provider/shell_command.h"

namespace keyrite::provider {
namespace {

constexpr const char* kDeletionDays = "30";

ShellCommand& at_aws_key(ShellCommand& command, const CloudKeyVersion& key) {
  return command.option("--key-id", key.cloud_key)
      .option("--region", key.region)
      .option("--profile", key.profile);
}

std::string after_last_slash(const std::string& identifier) {
  const auto slash = identifier.rfind('/');
  return slash == std::string::npos ? identifier : identifier.substr(slash + 1);
}

ShellCommand& of_google(ShellCommand& command, const CloudKeyVersion& key) {
  return command.word(after_last_slash(*key.cloud_version))
      .option("--key", key.name)
      .option("--keyring", key.container)
      .option("--location", key.region)
      .option("--project", key.account);
}

// Under its own name or the check name: the last part of the key's URL.
ShellCommand& of_azure(ShellCommand& command, const CloudKeyVersion& key, bool in_hsm) {
  return command
      .option(in_hsm ? "--hsm-name" : "--vault-name",
              key.container.substr(0, key.container.find('.')))
      .option("--name", after_last_slash(*key.cloud_key));
}

bool in_hsm(const CloudKeyVersion& key) {
  return key.container.find(".managedhsm.") != std::string::npos;
}

bool is_known(const CloudKeyVersion& key, DeletionOf what) {
  switch (what) {
    case DeletionOf::kMaterial:
      // Without the id AWS would delete the material that is in use.
      return key.cloud_key && key.cloud_version;
    case DeletionOf::kKey:
      return key.cloud_key.has_value();
    case DeletionOf::kVersion:
      return key.cloud_version.has_value();
  }
  return false;
}

[[noreturn]] void not_shown(const std::string& origin, std::string_view why) {
  throw Error(
      Kind::kConfig, "deletion-not-shown",
      fmt::format("{} does not show that the version is deleted: {}", printable(origin), why),
      "run the script of the deletion, and bring what it saved");
}

void require_same(const std::string& origin, const std::string& found, const std::string& wanted) {
  if (found == wanted) return;
  not_shown(origin, fmt::format("it is about {}", printable(found)));
}

// AWS calls a KMS key by its ARN in one answer, and by its id in another.
void require_same_kms_key(const std::string& origin, const std::string& found,
                          const CloudKeyVersion& key) {
  if (is_same_kms_key({found, key.region, key.account}, {*key.cloud_key, key.region, key.account}))
    return;
  not_shown(origin, fmt::format("it is about {}", printable(found)));
}

Deletion material_shown(const CloudKeyVersion& key, const JsonView& answer,
                        const std::string& origin, TimePoint now) {
  if (answer.at("Truncated").boolean()) not_shown(origin, "the list has no end");
  bool of_key = false;
  for (const auto& row : answer.at("Rotations").items()) {
    require_same_kms_key(origin, row.text("KeyId"), key);
    of_key = true;
    if (row.text("KeyMaterialId") == *key.cloud_version &&
        row.optional_text("ImportState").value_or("") != "PENDING_IMPORT")
      not_shown(origin, "the KMS key has the material");
  }
  // Another key's list would be as empty.
  if (!of_key) not_shown(origin, "it names no KMS key");
  return {.done = true, .at = now};
}

Deletion aws_key_shown(const CloudKeyVersion& key, const JsonView& answer,
                       const std::string& origin) {
  const auto data = answer.at("KeyMetadata");
  require_same_kms_key(origin, data.text("Arn"), key);
  if (data.text("KeyState") != "PendingDeletion") not_shown(origin, "the KMS key is in use");
  const auto date = data.at("DeletionDate");
  if (date.is_text()) return {.at = parse_rfc3339(date.text(), "DeletionDate")};
  // Version 1 of the aws command prints seconds since 1970.
  return {.at = TimePoint(std::chrono::seconds(static_cast<std::int64_t>(date.number())))};
}

Deletion azure_key_shown(const CloudKeyVersion& key, const JsonView& answer,
                         const std::string& origin, TimePoint now) {
  const auto kid = answer.at("key").text("kid");
  require_same(origin, kid.substr(0, kid.rfind('/')), *key.cloud_key);
  const auto until = answer.optional_text("scheduledPurgeDate");
  if (!answer.find("deletedDate")) not_shown(origin, "the key is in use");
  return {.at = until ? parse_rfc3339(*until, "scheduledPurgeDate") : now};
}

Deletion google_version_shown(const CloudKeyVersion& key, const JsonView& answer,
                              const std::string& origin, TimePoint now) {
  require_same(origin, answer.text("name"), *key.cloud_version);
  const auto state = answer.text("state");
  if (state == "DESTROYED") return {.done = true, .at = now};
  if (state != "DESTROY_SCHEDULED") not_shown(origin, "it is in state " + printable(state));
  return {.at = parse_rfc3339(answer.text("destroyTime"), "destroyTime")};
}

}  // namespace

std::optional<std::string> deletion_command(const CloudKeyVersion& key, DeletionOf what) {
  if (!is_known(key, what)) return std::nullopt;
  if (key.provider == Provider::kGoogle) {
    ShellCommand command("gcloud kms keys versions destroy");
    return of_google(command, key).text();
  }
  if (key.provider == Provider::kAzure) {
    ShellCommand command("az keyvault key delete");
    return of_azure(command, key, in_hsm(key)).text();
  }
  ShellCommand command(what == DeletionOf::kMaterial ? "aws kms delete-imported-key-material"
                                                     : "aws kms schedule-key-deletion");
  at_aws_key(command, key);
  if (what == DeletionOf::kMaterial)
    return command.option("--key-material-id", key.cloud_version).text();
  return command.option("--pending-window-in-days", kDeletionDays).text();
}

std::optional<std::string> unusable_at_once(const CloudKeyVersion& key) {
  if (key.provider != Provider::kAws || !key.cloud_key) return std::nullopt;
  ShellCommand command("aws kms delete-imported-key-material");
  return at_aws_key(command, key).text();
}

std::optional<std::string> purge_command(const CloudKeyVersion& key, DeletionOf what) {
  if (key.provider != Provider::kAzure || !is_known(key, what)) return std::nullopt;
  ShellCommand command("az keyvault key purge");
  return of_azure(command, key, in_hsm(key)).text();
}

std::optional<std::string> deletion_question(const CloudKeyVersion& key, DeletionOf what) {
  if (!is_known(key, what)) return std::nullopt;
  if (key.provider == Provider::kGoogle) {
    ShellCommand command("gcloud kms keys versions describe");
    return of_google(command, key).fixed("--format json").text();
  }
  if (key.provider == Provider::kAzure) {
    ShellCommand command("az keyvault key show-deleted");
    return of_azure(command, key, in_hsm(key)).fixed("--output json").text();
  }
  ShellCommand command(what == DeletionOf::kMaterial
                           ? "aws kms list-key-rotations --include-key-material ALL_KEY_MATERIAL"
                           : "aws kms describe-key");
  return at_aws_key(command, key).fixed("--output json").text();
}

Deletion deletion_shown(const CloudKeyVersion& key, DeletionOf what, ByteView answer,
                        const std::string& origin, TimePoint now,
                        const std::optional<TimePoint>& scheduled) {
  if (!is_known(key, what)) not_shown(origin, "the registry does not know the cloud's version");
  const Json json = parse_json(answer, origin);
  const JsonView view(json, origin);
  if (what == DeletionOf::kKey && says_absent(view))
    return absence_shown(key, view, origin, now, scheduled);
  switch (key.provider) {
    case Provider::kAws:
      return what == DeletionOf::kMaterial ? material_shown(key, view, origin, now)
                                           : aws_key_shown(key, view, origin);
    case Provider::kAzure:
      return azure_key_shown(key, view, origin, now);
    case Provider::kGoogle:
      return google_version_shown(key, view, origin, now);
  }
  throw Error(Kind::kInternal, "value-outside-table", "a provider outside the table");
}

}  // namespace keyrite::provider
