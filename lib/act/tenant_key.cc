#include "act/tenant_key.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/nearest.h"
#include "base/text.h"

namespace keyrite::act {

namespace {

constexpr std::size_t kLongestName = 500;

// Those that were not erased.
template <class Row>
std::vector<std::string> names_of(const std::vector<Row>& rows) {
  std::vector<std::string> names;
  for (const auto& row : rows) {
    if (row.name) names.push_back(*row.name);
  }
  return names;
}

}  // namespace

const site::Site& required_site(const Context& context) {
  if (context.site) return context.site->site;
  throw Error(Kind::kUsage, "site-not-given", "tenants, keys and destinations are those of a site",
              "give --site, or set KEYRITE_SITE");
}

registry::Tenant tenant_named(const registry::Tenants& tenants, std::string_view name) {
  if (auto tenant = tenants.named(name)) return *tenant;
  throw Error(Kind::kUsage, "tenant-unknown",
              fmt::format("the site has no tenant \"{}\"", printable(name)),
              hint_with_nearest(name, names_of(tenants.list()),
                                "keyrite tenant list shows the tenants that there are"));
}

registry::Key key_named(const registry::Stores& stores, std::string_view tenant,
                        std::string_view key) {
  const auto of = tenant_named(stores.tenants, tenant);
  if (auto found = stores.keys.named(of.id, key)) return *found;
  throw Error(Kind::kUsage, "key-unknown",
              fmt::format("tenant \"{}\" has no key \"{}\"", printable(tenant), printable(key)),
              hint_with_nearest(key, names_of(stores.keys.of(of.id)),
                                "keyrite tenant show lists the tenant's keys"));
}

void require_active(const registry::Tenant& tenant) {
  if (tenant.state == registry::TenantState::kActive) return;
  throw Error(Kind::kFailed, "tenant-not-active",
              fmt::format("tenant {} is {}, and gets nothing new",
                          tenant.name ? printable(*tenant.name) : std::string("-"),
                          registry::word(tenant.state)),
              "keyrite tenant show says since when");
}

std::string version_text(const registry::Key& key, const registry::VersionId& id) {
  return fmt::format("version {} of the key \"{}\"", id.number,
                     key.name ? printable(*key.name) : key.id);
}

void require_name(std::string_view text, std::string_view what) {
  if (has_blank_edges(text)) {
    throw Error(Kind::kUsage, "name-edges",
                fmt::format("{} is \"{}\": it begins or ends with a blank, which nobody sees", what,
                            printable(text.substr(0, kLongestName))),
                "leave the blank out: two names that look alike are taken for one another");
  }
  if (!text.empty() && text.size() <= kLongestName && printable(text) == text) return;
  throw Error(Kind::kUsage, "name-invalid",
              fmt::format("{} is \"{}\"", what, printable(text.substr(0, kLongestName))),
              fmt::format("give a text of 1 to {} bytes of UTF-8 without control characters",
                          kLongestName));
}

void require_names(const std::optional<std::string>& text, std::string_view what) {
  if (text) require_name(*text, what);
}

void require_new_name(std::string_view text, std::string_view what) {
  require_name(text, what);
  if (!text.starts_with('-')) return;
  throw Error(Kind::kUsage, "name-dash",
              fmt::format("{} is \"{}\": a command takes what begins with a dash for an option",
                          what, printable(text)),
              "begin the name with another character");
}

}  // namespace keyrite::act
