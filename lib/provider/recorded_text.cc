#include "provider/recorded_text.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "base/text.h"
#include "provider/cloud_table.h"
#include "provider/command_words.h"
#include "provider/name_form.h"
#include "provider/recorded_import.h"

namespace keyrite::provider {
namespace {

constexpr std::size_t kGroup = 8;
constexpr std::string_view kCoreSetting = "bundle_core";

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
  const Cloud& cloud = cloud_of(import.provider);
  for (const CommandOption& row : cloud.command_options) {
    if (!is_in_commands(import, row.name)) continue;
    if (auto why = option_contradiction(script, row.option, command_value(import, row.name));
        !why.empty()) {
      return why;
    }
  }
  return cloud.words_contradiction(import, script);
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
