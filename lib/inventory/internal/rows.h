// What all acts of this room that write into a site's registry have in common. Nothing is kept; one
// thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "act/act.h"
#include "act/log_facts.h"
#include "act/registry_rows.h"
#include "base/json.h"
#include "registry/registry.h"
#include "site/site.h"

namespace keyrite::inventory {

// 32 random digits of hex: an id, a salt.
[[nodiscard]] std::string random_id();

// `what` is bound by its SHA-256 together with the batch's id, which is random.
using WriteRows = std::function<act::LogFacts(registry::Stores& stores, const std::string& batch)>;
[[nodiscard]] act::RegistryRows rows_of(std::string_view act, const Json& what, std::size_t records,
                                        const WriteRows& write);

// What an act tells once its entry is there: a sentence for each of `written`, which its rows fill
// in, and the document {LIST: written, "entry": its number}.
using Sentence = std::function<std::string(const Json& one)>;
[[nodiscard]] act::Outcome outcome_of(const char* list, const std::shared_ptr<Json>& written,
                                      Sentence sentence, act::RegistryRows rows);

// The site of an act or of a view. Error kUsage "site-not-given".
[[nodiscard]] const site::Site& site_of(const act::Context& context);

// Error kUsage "name-invalid": no text of 1 to 500 bytes that can be shown as it is.
void require_name(std::string_view text, std::string_view what);
void require_names(const std::optional<std::string>& text, std::string_view what);

// Errors kUsage "tenant-unknown", "key-unknown".
[[nodiscard]] registry::Tenant tenant_named(const registry::Tenants& tenants,
                                            std::string_view name);

[[nodiscard]] registry::Key key_named(const registry::Stores& stores, std::string_view tenant,
                                      std::string_view key);
// Error kFailed "tenant-not-active".
void require_active(const registry::Tenant& tenant);

// A decision that was proposed, as its entry tells of it.
[[nodiscard]] act::LogFacts facts_of(const registry::Decision& decision);

// The fact of a name-free change: "changes", a list.
[[nodiscard]] act::LogFacts changes(const std::vector<act::Fact>& list);

[[nodiscard]] Json text_json(const std::optional<std::string>& text);
[[nodiscard]] std::string or_dash(const std::optional<std::string>& text);  // for people
[[nodiscard]] std::string time_text(registry::Time time);
[[nodiscard]] Json to_json(const std::vector<registry::StateEvent>& events);

}  // namespace keyrite::inventory
