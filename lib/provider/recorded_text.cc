#include "provider/recorded_text.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include "base/text.h"
#include "provider/aws/reimport.h"
#include "provider/name_form.h"
#include "provider/recorded_import.h"

namespace keyrite::provider {
namespace {

constexpr std::size_t kGroup = 8;
constexpr std::string_view kCoreSetting = "bundle_core";

// Which option of the client's commands has which of the names.
struct OptionRow {
  Provider provider{};
  std::string_view name{};
  std::string_view option{};
};
constexpr std::array<OptionRow, 19> kOptions{{
    {Provider::kAws, "key", "--key-id"},
    {Provider::kAws, "region", "--region"},
    {Provider::kAws, "expiration_model", "--expiration-model"},
    {Provider::kAws, "valid_to", "--valid-to"},
    {Provider::kAws, "import_type", "--import-type"},
    {Provider::kAws, "key_material_id", "--key-material-id"},
    {Provider::kAzure, "vault", "--vault-name"},
    {Provider::kAzure, "hsm", "--hsm-name"},
    {Provider::kAzure, "name", "--name"},
    {Provider::kAzure, "kty", "--kty"},
    {Provider::kAzure, "curve", "--curve"},
    {Provider::kAzure, "expires", "--expires"},
    {Provider::kGoogle, "project", "--project"},
    {Provider::kGoogle, "location", "--location"},
    {Provider::kGoogle, "keyring", "--keyring"},
    {Provider::kGoogle, "key", "--key"},
    {Provider::kGoogle, "algorithm", "--algorithm"},
    {Provider::kGoogle, "purpose", "--purpose"},
    {Provider::kGoogle, "protection_level", "--protection-level"},
}};

// "2026-02-13T17:39:25Z" as a number that sh can compare: 20260213173925.
std::string digits_of(std::string text) {
  text.erase(std::remove_if(text.begin(), text.end(), [](char c) { return c < '0' || c > '9'; }),
             text.end());
  return text;
}

// The values of the lines NAME=VALUE.
std::vector<std::string_view> assigned(std::string_view script, std::string_view name) {
  std::vector<std::string_view> values;
  while (!script.empty()) {
    const auto end = std::min(script.find('\n'), script.size());
    const std::string_view line = script.substr(0, end);
    if (line.size() > name.size() && line.starts_with(name) && line.at(name.size()) == '=') {
      values.push_back(line.substr(name.size() + 1));
    }
    script.remove_prefix(std::min(end + 1, script.size()));
  }
  return values;
}

std::string settings_contradiction(const RecordedImport& import, std::string_view script) {
  for (const auto& [name, value] :
       script_settings(import.provider, import.valid_until, import.core_sha256)) {
    const auto found = assigned(script, name);
    if (found.size() == 1 && found.front() == value) continue;
    return fmt::format(
        "import.sh sets {} to {}, but the manifest requires {}", name,
        found.size() == 1 ? in_quotes(found.front()) : fmt::format("{} lines", found.size()),
        in_quotes(value));
  }
  return {};
}

struct Uses {
  std::size_t same{};
  std::size_t other{};
};

// How often the option stands there with this word, and with another that is no expansion.
Uses uses_of(std::string_view script, std::string_view option, std::string_view word) {
  const std::string wanted = fmt::format(" {} ", option);
  Uses uses;
  for (auto at = script.find(wanted); at != std::string_view::npos;
       at = script.find(wanted, at + 1)) {
    const std::string_view rest = script.substr(at + wanted.size());
    if (rest.starts_with('"')) continue;
    const bool ends = rest.size() > word.size() &&
                      std::string_view(" \n)").find(rest.at(word.size())) != std::string_view::npos;
    ++(!word.empty() && rest.starts_with(word) && ends ? uses.same : uses.other);
  }
  return uses;
}

std::string option_contradiction(std::string_view script, std::string_view option,
                                 const std::optional<std::string>& value) {
  const auto [same, other] = uses_of(script, option, value ? shell_quote(*value) : "");
  if (other != 0) return fmt::format("import.sh and the manifest disagree about {}", option);
  return value && same == 0 ? fmt::format("import.sh does not contain {}", option) : std::string();
}

std::optional<std::string> value_for(const RecordedImport& import, std::string_view name) {
  // A re-import has its own type, and finds the material's id by itself where it was not told.
  if (import.purpose == Purpose::kVerification && name == "import_type") {
    return std::string(aws::kExistingMaterial);
  }
  const auto it = std::find_if(import.names.begin(), import.names.end(),
                               [&](const auto& one) { return one.first == name; });
  return it == import.names.end() ? std::nullopt : std::optional(it->second);
}

// The words that are no row of the table.
std::string other_words(const RecordedImport& import, std::string_view script) {
  if (import.provider == Provider::kGoogle) {
    const JsonView parameters(import.import_parameters, "import_parameters");
    const std::string job = parameters.text("import_job");
    return option_contradiction(script, "--import-job", job.substr(job.rfind('/') + 1));
  }
  const auto ops = value_for(import, "ops");
  return ops && script.find(fmt::format(" --ops {} --", *ops)) == std::string_view::npos
             ? "import.sh does not request the operations that the manifest lists"
             : std::string();
}

bool is_in_commands(const RecordedImport& import, std::string_view name) {
  return !(import.purpose == Purpose::kVerification && name == "key_material_id");
}

}  // namespace

std::string core_in_groups(std::string_view core_sha256) {
  std::string groups;
  for (std::size_t i = 0; i < core_sha256.size(); ++i) {
    if (i != 0 && i % kGroup == 0) groups += ' ';
    groups += static_cast<char>(std::toupper(static_cast<unsigned char>(core_sha256[i])));
  }
  return groups;
}

std::vector<std::pair<std::string, std::string>> script_settings(
    Provider provider, const std::optional<TimePoint>& valid_until, std::string_view core_sha256) {
  const std::string text = valid_until ? format_rfc3339(*valid_until) : "";
  std::vector<std::pair<std::string, std::string>> settings{
      {"client", std::string(provider_client(provider))},
      {"valid_until", digits_of(text)},
      {"valid_until_text", text}};
  if (!core_sha256.empty()) {
    settings.emplace_back(kCoreSetting, fmt::format("'{}'", core_in_groups(core_sha256)));
  }
  return settings;
}

std::string readme_facts(const std::vector<std::pair<std::string, std::string>>& names,
                         std::string_view origin, const std::optional<TimePoint>& valid_until,
                         std::string_view core_sha256) {
  std::string text;
  const auto add = [&](std::string_view name, std::string_view value) {
    text += fmt::format("  {:<24} {}\n", name, value);
  };
  for (const auto& [name, value] : names) add(name, printable(value));
  if (!origin.empty()) add("origin of the key", origin);
  add("import before", valid_until ? format_rfc3339(*valid_until) : "no limit is known");
  if (!core_sha256.empty()) {
    const std::string groups = core_in_groups(core_sha256);
    const auto half = groups.size() / 2;
    add("core of the bundle", groups.substr(0, half));
    add("", groups.substr(half + 1));
  }
  return text + "\n";
}

std::string script_contradiction(const RecordedImport& import, std::string_view script) {
  if (auto why = settings_contradiction(import, script); !why.empty()) return why;
  for (const OptionRow& row : kOptions) {
    if (row.provider != import.provider || !is_in_commands(import, row.name)) continue;
    if (auto why = option_contradiction(script, row.option, value_for(import, row.name));
        !why.empty()) {
      return why;
    }
  }
  return other_words(import, script);
}

std::string readme_contradiction(const RecordedImport& import, std::string_view readme) {
  const std::string block = fmt::format(
      "\n\n{}What to do\n",
      readme_facts(import.names, import.origin, import.valid_until, import.core_sha256));
  return readme.find(block) == std::string_view::npos
             ? "README.txt and the manifest disagree about the names, the expiry or the core"
             : std::string();
}

}  // namespace keyrite::provider
