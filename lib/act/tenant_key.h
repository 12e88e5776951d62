// Whose key an act works with: a tenant and its key as people name them, looked up in the site's
// registry. Nothing is kept; one thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "act/context.h"
#include "registry/transaction.h"
#include "site/site.h"

namespace keyrite::act {

// Error kUsage "site-not-given".
[[nodiscard]] const site::Site& required_site(const Context& context);

// Errors kUsage "tenant-unknown", "key-unknown".
[[nodiscard]] registry::Tenant tenant_named(const registry::Tenants& tenants,
                                            std::string_view name);
[[nodiscard]] registry::Key key_named(const registry::Stores& stores, std::string_view tenant,
                                      std::string_view key);
// Error kFailed "tenant-not-active".
void require_active(const registry::Tenant& tenant);

// Errors kUsage "name-invalid": not a text of 1 to 500 bytes that can be shown as it is;
// "name-edges": it begins or ends with a blank.
void require_name(std::string_view text, std::string_view what);
void require_names(const std::optional<std::string>& text, std::string_view what);
// Of a tenant or key that is new: also "name-dash", since a command would take it for an option.
void require_new_name(std::string_view text, std::string_view what);

// For people: "version 3 of the key \"payments\"".
[[nodiscard]] std::string version_text(const registry::Key& key, const registry::VersionId& id);

}  // namespace keyrite::act
