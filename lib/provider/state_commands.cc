#include "provider/state_commands.h"

#include <string_view>

#include <fmt/format.h>

#include "base/error.h"
#include "provider/shell_command.h"

namespace keyrite::provider {
namespace {

// The longest that AWS offers: the deletion can be cancelled until then.
constexpr const char* kPendingDays = "30";

// "cryptoKeyVersions/3" and "https://HOST/keys/NAME/VERSION" end in the version. nullopt: it is not
// known, or would be an option of the client.
std::optional<std::string> version_of(const CloudKeyVersion& key) {
  if (!key.cloud_version) return std::nullopt;
  const std::string_view identifier = *key.cloud_version;
  const auto slash = identifier.rfind('/');
  const auto last = slash == std::string_view::npos ? identifier : identifier.substr(slash + 1);
  if (last.empty() || last.starts_with('-')) return std::nullopt;
  return std::string(last);
}

[[noreturn]] void outside_table() {
  throw Error(Kind::kInternal, "value-outside-table",
              "a change of a cloud's key outside the table");
}

ShellCommand& at_aws(ShellCommand& command, const CloudKeyVersion& key) {
  return command.option("--key-id", key.cloud_key)
      .option("--region", key.region)
      .option("--profile", key.profile);
}

ShellCommand& at_google(ShellCommand& command, const CloudKeyVersion& key,
                        const std::string& version) {
  return command.word(version)
      .option("--key", key.name)
      .option("--keyring", key.container)
      .option("--location", key.region)
      .option("--project", key.account);
}

std::string azure_id(const CloudKeyVersion& key, const std::string& version) {
  return fmt::format("https://{}/keys/{}/{}", key.container, key.name, version);
}

std::string aws_command(const CloudKeyVersion& key, CloudChange change) {
  switch (change) {
    case CloudChange::kDisable: {
      ShellCommand command("aws kms disable-key");
      return at_aws(command, key).text();
    }
    case CloudChange::kEnable: {
      ShellCommand command("aws kms enable-key");
      return at_aws(command, key).text();
    }
    case CloudChange::kScheduleDeletion: {
      ShellCommand command("aws kms schedule-key-deletion");
      return at_aws(command, key).option("--pending-window-in-days", kPendingDays).text();
    }
  }
  outside_table();
}

// A version is disabled; what is deleted is the key, which the vault keeps for a while.
std::string azure_command(const CloudKeyVersion& key, CloudChange change,
                          const std::string& version) {
  if (change == CloudChange::kScheduleDeletion) {
    return ShellCommand("az keyvault key delete")
        .option("--id", fmt::format("https://{}/keys/{}", key.container, key.name))
        .text();
  }
  return ShellCommand("az keyvault key set-attributes")
      .option("--id", azure_id(key, version))
      .option("--enabled", change == CloudChange::kEnable ? "true" : "false")
      .text();
}

std::string google_command(const CloudKeyVersion& key, CloudChange change,
                           const std::string& version) {
  const auto with = [&](const char* fixed) {
    ShellCommand command(fixed);
    return at_google(command, key, version).text();
  };
  switch (change) {
    case CloudChange::kDisable:
      return with("gcloud kms keys versions disable");
    case CloudChange::kEnable:
      return with("gcloud kms keys versions enable");
    case CloudChange::kScheduleDeletion:
      return with("gcloud kms keys versions destroy");
  }
  outside_table();
}

// Of AWS and of Google, in each one's words.
struct StateWords {
  const char* aws{};
  const char* google{};
};
StateWords words_after(CloudChange change) {
  switch (change) {
    case CloudChange::kDisable:
      return {"Disabled", "DISABLED"};
    case CloudChange::kEnable:
      return {"Enabled", "ENABLED"};
    case CloudChange::kScheduleDeletion:
      return {"PendingDeletion", "DESTROY_SCHEDULED"};
  }
  outside_table();
}

}  // namespace

bool changes_whole_key(Provider provider, CloudChange change) {
  if (provider == Provider::kAws) return true;
  return provider == Provider::kAzure && change == CloudChange::kScheduleDeletion;
}

std::optional<std::string> state_command(const CloudKeyVersion& key, CloudChange change) {
  if (key.provider == Provider::kAws) {
    if (!key.cloud_key) return std::nullopt;
    return aws_command(key, change);
  }
  const auto version = version_of(key);
  if (!version) return std::nullopt;
  return key.provider == Provider::kAzure ? azure_command(key, change, *version)
                                          : google_command(key, change, *version);
}

std::optional<StateQuestion> state_question(const CloudKeyVersion& key, CloudChange change) {
  if (key.provider == Provider::kAws) {
    if (!key.cloud_key) return std::nullopt;
    ShellCommand command("aws kms describe-key");
    return StateQuestion{
        at_aws(command, key).fixed("--query KeyMetadata.KeyState --output text").text(),
        words_after(change).aws};
  }
  const auto version = version_of(key);
  if (!version) return std::nullopt;
  if (key.provider == Provider::kAzure) {
    if (change == CloudChange::kScheduleDeletion) return std::nullopt;
    return StateQuestion{ShellCommand("az keyvault key show")
                             .option("--id", azure_id(key, *version))
                             .fixed("--query attributes.enabled --output tsv")
                             .text(),
                         change == CloudChange::kEnable ? "true" : "false"};
  }
  ShellCommand command("gcloud kms keys versions describe");
  return StateQuestion{at_google(command, key, *version).fixed("'--format=value(state)'").text(),
                       words_after(change).google};
}

}  // namespace keyrite::provider
