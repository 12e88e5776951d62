#include <fmt/format.h>

#include "base/toml.h"
#include "site/layout.h"
#include "site/site.h"

namespace keyrite::site {

namespace {

std::string optional_toml(std::string_view name, const std::optional<std::string>& value) {
  return value ? fmt::format("{} = {}\n", name, toml_quoted(*value)) : std::string();
}

// Nothing where a person compares each wrapping key, as without the table.
std::string wrapping_keys_toml(const WrappingKeySettings& settings) {
  if (settings.accepted == WrappingKeySettings{}.accepted && settings.fetchers == 1) return {};
  std::string words;
  for (const auto basis : settings.accepted)
    words += fmt::format("{}\"{}\"", words.empty() ? "" : ", ", wrapping_key_basis_name(basis));
  return fmt::format("\n[wrapping-keys]\naccepted = [{}]\nfetchers = {}\n", words,
                     settings.fetchers);
}

}  // namespace

std::string site_toml(const Settings& settings) {
  const auto& approvals = settings.approvals;
  std::string text = fmt::format(
      "# A site of keyrite: one token, its log, and who must approve what. Paths that do not "
      "begin\n"
      "# with / are in this folder. docs/formats/site.md says what each field means.\n"
      "format = \"{}\"\nversion = {}\n\n[token]\nuri = {}\n",
      kSiteFormat, kSiteVersion, toml_quoted(settings.token.uri));
  text += optional_toml("module", settings.token.module);
  text += optional_toml("module_init_args", settings.token.module_init_args);
  text += optional_toml("pin_file", settings.token.pin_file);
  text += optional_toml("so_pin_file", settings.token.so_pin_file);
  text += fmt::format("\n[log]\norigin = {}\nkey_id = \"{}\"\nlast_signed = {}\n",
                      toml_quoted(settings.log.origin), settings.log.key_id,
                      toml_quoted(settings.log.last_signed));
  if (settings.required_origin) {
    text +=
        fmt::format("\n[origin]\nrequired = \"{}\"\n", key_origin_name(*settings.required_origin));
  }
  text += wrapping_keys_toml(settings.wrapping_keys);
  text += fmt::format(
      "\n[approvals]\nroster = {}\n# How long a statement can be approved and used.\nhours = {}\n"
      "# Whether who asks for an act, or runs it, may approve it too.\ninitiator_counts = {}\n"
      "# Whether an authenticator must have asked for its PIN or a finger.\n"
      "user_verification = {}\n\n# How many people of which role an operation needs; \"{}\" where "
      "it needs none.\n"
      "[approvals.needed]\n",
      toml_quoted(approvals.roster), approvals.longest.count(), approvals.initiator_counts,
      approvals.require_user_verification, kNobody);
  // Texts come before the tables: what stands behind a table's head is the table's.
  for (const auto& [operation, threshold] : approvals.needed) {
    if (threshold.empty()) text += fmt::format("{} = \"{}\"\n", operation, kNobody);
  }
  for (const auto& [operation, threshold] : approvals.needed) {
    if (threshold.empty()) continue;
    text += fmt::format("\n[approvals.needed.{}]\n", operation);
    for (const auto& [role, count] : threshold) text += fmt::format("{} = {}\n", role, count);
  }
  return text;
}

}  // namespace keyrite::site
