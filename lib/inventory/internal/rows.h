// What all acts of this room that write into a site's registry share. Keeps nothing; one thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "act/act.h"
#include "act/change_facts.h"
#include "act/log_facts.h"
#include "act/registry_rows.h"
#include "act/tenant_key.h"
#include "base/json.h"
#include "registry/registry.h"
#include "site/site.h"

namespace keyrite::inventory {

using act::changes;
using act::key_named;
using act::random_id;
using act::require_active;
using act::require_name;
using act::require_names;
using act::require_new_name;
using act::rows_of;
using act::tenant_named;
using act::WriteRows;

// What an act tells once its entry is there: a sentence for each of `written`, which its rows fill
// in, and the document {LIST: written, "entry": its number}.
using Sentence = std::function<std::string(const Json& one)>;
[[nodiscard]] act::Outcome outcome_of(const char* list, const std::shared_ptr<Json>& written,
                                      Sentence sentence, act::RegistryRows rows);

// The outcome, whose text ends with `closing` (act/closing.h).
[[nodiscard]] act::Outcome followed_by(act::Outcome outcome, std::string closing);

[[nodiscard]] inline const site::Site& site_of(const act::Context& context) {
  return act::required_site(context);
}

// The registry of the context's site, for what only reads. Errors: those of site_of, Registry and
// act::require_readable.
[[nodiscard]] std::unique_ptr<registry::Registry> registry_to_read(const act::Context& context);

// A decision that was proposed, as its entry tells of it.
[[nodiscard]] act::LogFacts facts_of(const registry::Decision& decision);

[[nodiscard]] Json text_json(const std::optional<std::string>& text);
[[nodiscard]] std::string or_dash(const std::optional<std::string>& text);  // for people
[[nodiscard]] std::string time_text(registry::Time time);
[[nodiscard]] Json to_json(const std::vector<registry::StateEvent>& events);

}  // namespace keyrite::inventory
