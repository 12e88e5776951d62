// What keyrite tenant list and show read. Nobody holds the log meanwhile.
#include <fmt/format.h>

#include "act/registry_replay.h"
#include "base/text.h"
#include "inventory/internal/rows.h"
#include "inventory/tenants.h"

namespace keyrite::inventory {

namespace {

Json keys_json(const std::vector<registry::Key>& keys) {
  Json list = Json::array();
  for (const auto& key : keys) {
    list.push_back({{"name", text_json(key.name)},
                    {"id", key.id},
                    {"type", key.type},
                    {"usage", registry::word(key.usage)}});
  }
  return list;
}

std::string joined(const std::vector<std::string>& regions) {
  if (regions.empty()) return "any";
  std::string text;
  for (const auto& region : regions) text += (text.empty() ? "" : ", ") + printable(region);
  return text;
}

std::string key_names(const std::vector<registry::Key>& keys) {
  std::string text;
  for (const auto& key : keys) text += (text.empty() ? "" : ", ") + or_dash(key.name);
  return text.empty() ? "none" : text;
}

}  // namespace

Shown list_tenants(const act::Context& context) {
  const auto registry = registry_to_read(context);
  const auto view = registry->read();
  Json list = Json::array();
  std::vector<std::vector<std::string>> rows{{"state", "hold", "keys", "tenant (owner)"}};
  for (const auto& tenant : view->tenants.list()) {
    const auto hold = view->decisions.hold_on(tenant.id);
    const auto keys = view->keys.of(tenant.id);
    rows.push_back({std::string(registry::word(tenant.state)), hold ? "yes" : "no",
                    std::to_string(keys.size()),
                    fmt::format("{} ({})", tenant.name ? printable(*tenant.name) : tenant.id,
                                or_dash(tenant.owner))});
    list.push_back({{"name", text_json(tenant.name)},
                    {"id", tenant.id},
                    {"state", registry::word(tenant.state)},
                    {"owner", text_json(tenant.owner)},
                    {"hold", hold.has_value()},
                    {"keys", keys.size()}});
  }
  if (rows.size() == 1) return {{{"tenants", list}}, {"the site has no tenants"}};
  return {{{"tenants", std::move(list)}}, {format_table(rows)}};
}

Shown show_tenant(const ShowTenantRequest& request, const act::Context& context) {
  const auto& site = site_of(context);
  const auto registry = registry_to_read(context);
  const auto view = registry->read();
  const auto tenant = tenant_named(view->tenants, request.name);
  const auto policy = view->decisions.checked_tenant_policy(tenant.id, act::decisions_of(site));
  const auto keys = view->keys.of(tenant.id);
  const auto events = view->tenants.events(tenant.id);
  Json hold;
  if (policy.hold) hold = {{"authority", policy.hold->authority}, {"reason", policy.hold->reason}};
  std::vector<std::vector<std::string>> rows{
      {"tenant", or_dash(tenant.name)},
      {"in the log", tenant.id},
      {"state", std::string(registry::word(tenant.state))},
      {"owner", or_dash(tenant.owner)},
      {"contact", or_dash(tenant.contact)},
      {"jurisdictions", joined(policy.jurisdictions)},
      {"legal hold", policy.hold ? fmt::format("{}: {}", printable(policy.hold->authority),
                                               printable(policy.hold->reason))
                                 : "none"},
      {"keys", key_names(keys)}};
  for (const auto& event : events) {
    rows.push_back(
        {"became " + event.to, fmt::format("{}, by {}, entry {}", time_text(event.mark.at),
                                           printable(event.mark.actor), event.mark.entry.seq)});
  }
  return {{{"name", text_json(tenant.name)},
           {"id", tenant.id},
           {"state", registry::word(tenant.state)},
           {"owner", text_json(tenant.owner)},
           {"contact", text_json(tenant.contact)},
           {"created", time_text(tenant.created)},
           {"jurisdictions", policy.jurisdictions},
           {"hold", hold},
           {"keys", keys_json(keys)},
           {"events", to_json(events)}},
          {format_table(rows)}};
}

}  // namespace keyrite::inventory
