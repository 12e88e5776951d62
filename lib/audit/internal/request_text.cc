// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/internal/request_text.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "act/ceremony_use.h"
#include "act/registry_replay.h"
#include "base/json.h"
#include "base/text.h"

namespace keyrite::audit {

namespace {

class RequestText {
 public:
  explicit RequestText(const act::StatementFiles& files) : files_(files) {}

  [[nodiscard]] std::string text() {
    const auto& statement = files_.statement;
    if (!statement.operator_name.empty())
      row("who asks", fmt::format("\"{}\"", printable(statement.operator_name)));
    row("what", printable(statement.operation));
    const std::string key =
        statement.version == 1 ? statement.kek_label : named(Json(statement.kek_ref));
    if (!key.empty()) row("of the key", fmt::format("\"{}\"", printable(key)));
    if (!files_.request) {
      return "request.json is MISSING beside the statement. What will be done, with which "
             "options,\nunder which wrapping key and for which cloud key, is UNKNOWN.\n" +
             rows_;
    }
    campaign();
    if (files_.request->value("act", std::string()) == act::kOpenCeremonyAct) {
      ceremony();
    } else {
      part("inputs", "");
    }
    part("request", "--");
    outputs();
    return "What will be done (request.json, which the statement names):\n" + rows_;
  }

 private:
  // The one kind of statement that allows more than the act itself.
  void campaign() {
    if (files_.request->value("act", std::string()) != act::kOpenCampaignAct) return;
    const Json plan = files_.request->value("inputs", Json::object());
    const auto said = [&](const char* name) { return words(plan.value(name, Json())); };
    rows_ += fmt::format(
        "  THIS IS A CAMPAIGN. Who approves it approves up to {} acts from {}\n  to {}, of the "
        "kinds, "
        "on the keys and for the destinations below.\n  None of these acts asks anybody again. A "
        "statement of any other kind allows one run.\n",
        said("acts_at_most"), said("valid_from"), said("valid_until"));
  }

  // Step by step, by their numbers: an act below its title, with the fields of its request.
  void ceremony() {
    std::map<std::uint64_t, std::vector<std::pair<std::string, Json>>> steps;
    const Json inputs = files_.request->value("inputs", Json::object());
    for (const auto& [name, value] : inputs.items()) {
      const auto [number, member] = act::step_of_member(name);
      if (number == 0) {
        row(printable(name), words(value));
      } else if (member == act::kStepTitle) {
        steps[number].insert(steps[number].begin(), {member, value});
      } else {
        steps[number].emplace_back(member, value);
      }
    }
    for (const auto& [number, members] : steps) {
      for (const auto& [member, value] : members) {
        if (member == act::kStepTitle) {
          wrapped(fmt::format("step {}: {}", number, words(value)));
        } else if (member == "act") {
          row("  does", "keyrite " + words(value));
        } else {
          row("    " + (member == "keys" ? "on the keys" : "--" + printable(member)), words(value));
        }
      }
    }
  }

  void wrapped(const std::string& text) {
    for (const auto& line : wrap_words(text, kColumns - 2)) rows_ += fmt::format("  {}\n", line);
  }

  // Officers approve each token and each site by its line.
  void sites(const Json& list) {
    for (const auto& one : list) {
      const auto said = [&](const char* name) { return words(one.value(name, Json())); };
      row("site", fmt::format("{}, its log's vkey", said("origin")));
      rows_ += fmt::format("      {}\n", said("vkey"));
      for (const auto& token : one.value("tokens", Json::array()))
        row("  token", token_words(token));
      row("  versions", said("versions"));
      row("  data keys", said("data_keys"));
      row("  credentials", said("credentials"));
      row("  list", said("list_sha256"));
      row("  list of data keys", said("data_key_list_sha256"));
    }
  }

  [[nodiscard]] std::string token_words(const Json& token) const {
    const std::string serial = words(token.value("serial", Json()));
    return token.contains("member") ? serial + ", member " + words(token.at("member")) : serial;
  }

  // A value that does not fit has a line of its own and is not broken: it is compared.
  void row(std::string_view name, std::string_view value) {
    const std::string line = fmt::format("  {:<{}}{}\n", name, kNameColumns, value);
    const bool fits = name.size() < kNameColumns && line.size() <= kColumns + 1;
    rows_ += fits ? line : fmt::format("  {}\n    {}\n", name, value);
  }

  // A pseudonym as the name that it stands for; empty: it has none.
  [[nodiscard]] std::string named(const Json& value) const {
    if (!files_.names || !value.is_string()) return {};
    const auto found = files_.names->find(value.get<std::string>());
    return found == files_.names->end() ? std::string() : found->second;
  }

  [[nodiscard]] std::string words(const Json& value) const {
    if (const std::string name = named(value); !name.empty())
      return fmt::format("\"{}\"", printable(name));
    if (value.is_string()) return printable(value.get<std::string>());
    if (value.is_object() && value.size() == 1 && value.contains("sha256"))
      return "the file with SHA-256 " + words(value.at("sha256"));
    if (value.is_object() && value.contains("serial")) return token_words(value);
    if (!value.is_array()) return printable(value.dump());
    std::string all;
    for (const auto& one : value) all += (all.empty() ? "" : ", ") + words(one);
    return all;
  }

  void part(const char* member, const char* prefix) {
    const Json values = files_.request->value(member, Json::object());
    for (const auto& [name, value] : values.items()) {
      if (name == "sites" && value.is_array() && *prefix == '\0') {
        sites(value);
        continue;
      }
      std::string said = prefix + printable(name);
      if (*prefix == '\0') std::ranges::replace(said, '_', ' ');
      row(said, words(value));
    }
  }

  void outputs() {
    for (const auto& output : files_.request->value("outputs", Json::array()))
      row("makes", words(output));
  }

  static constexpr std::size_t kNameColumns = 20;

  const act::StatementFiles& files_;
  std::string rows_{};
};

}  // namespace

std::string request_text(const act::StatementFiles& files) { return RequestText(files).text(); }

}  // namespace keyrite::audit
