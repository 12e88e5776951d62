// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/as_begun.h"

#include <filesystem>
#include <optional>
#include <set>
#include <string>

#include <fmt/format.h>

#include "act/asked_request.h"
#include "act/ceremony_use.h"
#include "act/intent.h"
#include "approval/statement.h"
#include "approval/statement_names.h"
#include "base/error.h"
#include "base/file.h"
#include "base/presence.h"
#include "base/text.h"
#include "ceremony/planned_request.h"
#include "crypto/digest.h"
#include "registry/registry.h"
#include "site/layout.h"
#include "transcript/entry_fields.h"

namespace keyrite::ceremony {

namespace {

namespace fs = std::filesystem;

// Of a name that the registry does not know: it is that of no pseudonym in the log.
constexpr const char* kUnknown = "unknown";

[[noreturn]] void differs(const char* code, const std::string& what) {
  throw Error(Kind::kVerification, code,
              fmt::format("{} is not what the ceremony was begun with", what),
              "find out who changed the files of the site; put back what was approved, or abort "
              "the ceremony");
}

// The names that officers read, by the statement that the opening names; nullopt: nobody approved.
std::optional<approval::Names> approved_names(const Story& story, const site::Site& site) {
  const std::string sha256 = transcript::entry_text(story.intent, "approval", "statement_sha256");
  if (sha256.empty()) return std::nullopt;
  const fs::path folder = fs::path(site.path(site::kApprovalsName)) / sha256;
  const auto path = folder / site::kStatementName;
  if (!is_there(path)) differs("ceremony-other-step", "the statement that officers approved");
  const Bytes bytes = read_file(path);
  if (crypto::sha256_hex(bytes) != sha256)
    differs("ceremony-other-step", "the statement that officers approved");
  const auto statement = approval::statement_from_bytes(bytes, path.native());
  const Bytes names = read_file(folder / site::kNamesName);
  if (crypto::sha256_hex(names) != statement.names_sha256)
    differs("ceremony-other-step", "names.json beside the approved statement");
  return approval::names_from_bytes(names, (folder / site::kNamesName).native());
}

// `fields` in pseudonyms, as an intent has its inputs.
Json in_pseudonyms(act::RecordedRequest fields, const Story& story, const site::Site& site) {
  const registry::Registry registry(site.path(site::kRegistryName));
  const auto view = registry.read();
  const act::Intent intent{.act = act::kOpenCeremonyAct, .inputs = std::move(fields)};
  const auto asked = act::asked_request(intent, [&](const std::string& name) {
    return view->names.known_pseudonym(name).value_or(std::string(kUnknown) + name);
  });
  if (const auto approved = approved_names(story, site)) {
    for (const auto& [pseudonym, name] : asked.names) {
      const auto read = approved->find(pseudonym);
      // The registry says now what the pseudonym stands for: officers may have read another name.
      if (read != approved->end() && read->second != name)
        differs("ceremony-other-step", fmt::format("the name \"{}\"", printable(name)));
    }
  }
  return asked.json.at("inputs");
}

}  // namespace

void require_bindings_as_begun(const Ceremony& ceremony, const Bindings& bindings,
                               const Story& story, const site::Site& site) {
  act::RecordedRequest fields;
  for (const auto& input : ceremony.inputs) {
    if (input.when != BoundWhen::kFixed) continue;
    fields.push_back({.name = "bind." + input.name,
                      .value = bindings.value(input.name).value_or(""),
                      .is_name = true});
  }
  const Json now = in_pseudonyms(std::move(fields), story, site);
  const Json begun = transcript::entry_object(story.intent, "request");
  for (const auto& [name, value] : now.items()) {
    if (begun.value(name, Json()) != value)
      differs(
          "ceremony-bindings-changed",
          fmt::format("the value of \"{}\"", printable(name.substr(std::string("bind.").size()))));
  }
}

Json require_step_as_begun(const Step& step, const ValueOf& value_of, const Story& story,
                           const site::Site& site) {
  const Json now = in_pseudonyms(recorded_request(step, value_of), story, site);
  const Json begun = transcript::entry_object(story.intent, "inputs");
  const std::string prefix = act::step_member(step.number, "");
  std::set<std::string> names;
  for (const auto* object : {&now, &begun}) {
    for (const auto& [name, value] : object->items()) {
      if (name.starts_with(prefix) && name != prefix + "keys") names.insert(name);
    }
  }
  Json fixed = Json::object();
  for (const auto& name : names) {
    const Json approved = begun.value(name, Json());
    if (approved == Json(act::kFreshValue)) continue;
    if (approved != now.value(name, Json()))
      differs("ceremony-other-step",
              fmt::format("\"{}\" of step {}", printable(name.substr(prefix.size())), step.number));
    if (name != prefix + "act") fixed[name.substr(prefix.size())] = approved;
  }
  return fixed;
}

}  // namespace keyrite::ceremony
