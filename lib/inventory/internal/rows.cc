#include "inventory/internal/rows.h"

#include <fmt/format.h>

#include "base/canonical_json.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/random.h"

namespace keyrite::inventory {

namespace {

constexpr std::size_t kIdBytes = 16;
constexpr std::size_t kLongestName = 500;

}  // namespace

std::string random_id() { return to_hex(crypto::random_bytes(kIdBytes)); }

act::RegistryRows rows_of(std::string_view act, const Json& what, std::size_t records,
                          const WriteRows& write) {
  act::RegistryRows rows{.batch = random_id(), .records = static_cast<std::int64_t>(records)};
  rows.manifest_sha256 = crypto::sha256_hex(
      as_bytes(canonical_json({{"act", act}, {"batch", rows.batch}, {"rows", what}})));
  rows.write = [write, batch = rows.batch](registry::Stores& stores) {
    return write(stores, batch);
  };
  return rows;
}

act::Outcome outcome_of(const char* list, const std::shared_ptr<Json>& written, Sentence sentence,
                        act::RegistryRows rows) {
  act::Outcome outcome{.registry = std::move(rows)};
  outcome.when_logged = [=, sentence = std::move(sentence)](act::Outcome& done,
                                                            std::optional<std::uint64_t> entry) {
    for (const auto& one : *written) done.text.push_back(sentence(one));
    done.document = {{list, *written}, {"entry", entry ? Json(*entry) : Json()}};
  };
  return outcome;
}

const site::Site& site_of(const act::Context& context) {
  if (context.site) return context.site->site;
  throw Error(Kind::kUsage, "site-not-given", "tenants, keys and destinations are those of a site",
              "give --site, or set KEYRITE_SITE");
}

void require_name(std::string_view text, std::string_view what) {
  if (!text.empty() && text.size() <= kLongestName && printable(text) == text) return;
  throw Error(Kind::kUsage, "name-invalid",
              fmt::format("{} is \"{}\"", what, printable(text.substr(0, kLongestName))),
              fmt::format("give a text of 1 to {} bytes of UTF-8 without control characters",
                          kLongestName));
}

void require_names(const std::optional<std::string>& text, std::string_view what) {
  if (text) require_name(*text, what);
}

registry::Tenant tenant_named(const registry::Tenants& tenants, std::string_view name) {
  if (auto tenant = tenants.named(name)) return *tenant;
  throw Error(Kind::kUsage, "tenant-unknown",
              fmt::format("the site has no tenant \"{}\"", printable(name)),
              "keyrite tenant list shows the tenants that there are");
}

registry::Key key_named(const registry::Stores& stores, std::string_view tenant,
                        std::string_view key) {
  const auto of = tenant_named(stores.tenants, tenant);
  if (auto found = stores.keys.named(of.id, key)) return *found;
  throw Error(Kind::kUsage, "key-unknown",
              fmt::format("tenant \"{}\" has no key \"{}\"", printable(tenant), printable(key)),
              "keyrite tenant show lists the tenant's keys");
}

void require_active(const registry::Tenant& tenant) {
  if (tenant.state == registry::TenantState::kActive) return;
  throw Error(Kind::kFailed, "tenant-not-active",
              fmt::format("tenant {} is {}, and gets nothing new", or_dash(tenant.name),
                          registry::word(tenant.state)),
              "keyrite tenant show says since when");
}

act::LogFacts facts_of(const registry::Decision& decision) {
  return {{"kind",
           act::Words::listed(registry::word(decision.id.kind), {"tenant", "key", "acceptance"})},
          {"subject", act::Fact::id(decision.id.subject)},
          {"number", decision.id.number},
          {"revision", decision.revision},
          {"sha256", act::Fact::sha256(decision.sha256)}};
}

act::LogFacts changes(const std::vector<act::Fact>& list) { return {{"changes", act::Fact(list)}}; }

Json text_json(const std::optional<std::string>& text) { return text ? Json(*text) : Json(); }

std::string or_dash(const std::optional<std::string>& text) {
  return text ? printable(*text) : std::string("-");
}

std::string time_text(registry::Time time) { return format_rfc3339(time); }

Json to_json(const std::vector<registry::StateEvent>& events) {
  Json list = Json::array();
  for (const auto& event : events) {
    list.push_back({{"from", event.from},
                    {"to", event.to},
                    {"time", time_text(event.mark.at)},
                    {"actor", event.mark.actor},
                    {"entry", event.mark.entry.seq}});
  }
  return list;
}

}  // namespace keyrite::inventory
