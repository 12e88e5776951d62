#include "dek/internal/new_rows.h"

#include <fmt/format.h>

#include "act/tenant_key.h"
#include "base/error.h"
#include "base/json.h"
#include "base/key_type.h"
#include "base/text.h"
#include "dek/internal/batch.h"
#include "dek/new_id.h"
#include "dek/requests.h"
#include "registry/registry.h"
#include "site/layout.h"

namespace keyrite::dek {

KekOnRecord new_dek_kek(const registry::Stores& stores, const NewDekTerms& terms,
                        const site::Site& site) {
  act::require_active(act::tenant_named(stores.tenants, terms.tenant));
  const auto key = act::key_named(stores, terms.tenant, terms.key);
  return active_kek(stores, key, decisions_when_asked(site));
}

KekOnRecord read_new_dek_kek(const NewDekTerms& terms, const act::Context& context) {
  const auto& site = act::required_site(context);
  const registry::Registry registry(site.path(site::kRegistryName));
  const auto view = registry.read();
  return new_dek_kek(*view.operator->(), terms, site);
}

void require_wraps_inside(const KekOnRecord& record) {
  if (parse_key_type(record.key.type).is_secret()) return;
  throw Error(Kind::kFailed, "key-wraps-nothing",
              fmt::format("the key \"{}\" is an RSA key: others wrap data keys under its public "
                          "half, and the token wraps none under it",
                          printable(record.key.name.value_or(record.key.id))),
              "keyrite dek import takes what was wrapped; use an AES key for keys made here");
}

registry::Dek new_dek(const KekOnRecord& record, const NewDekTerms& terms, registry::Time now) {
  registry::Dek dek{.id = new_dek_id(now),
                    .tenant = record.key.tenant,
                    .version = record.version.id,
                    .kept = terms.kept_by_caller ? registry::Kept::kCaller : registry::Kept::kHere,
                    .created = now,
                    .holder = terms.holder};
  if (terms.ttl) dek.expires = now + parse_ttl(*terms.ttl).value();
  return dek;
}

act::Fact fact_of_new(const registry::Dek& dek) {
  return act::LogFacts{{"id", act::Fact::id(dek.id)},
                       {"sha256", act::Fact::sha256(dek.wrapped_sha256)}};
}

act::Words words_of_wrap(const registry::Dek& dek) {
  return act::Words::listed(dek.mechanism, {"aes-kwp", "aes-kw", "rsa-oaep-sha256", "rsa-oaep-sha1",
                                            "rsa-aes-key-wrap-sha256", "rsa-aes-key-wrap-sha1"});
}

act::RegistryRows rows_of_new(const char* act, const NewDekTerms& terms, const KekOnRecord& record,
                              const std::vector<registry::Dek>& deks, std::size_t records,
                              const site::Site& site) {
  Json manifest = Json::array();
  for (const auto& dek : deks) manifest.push_back({{"id", dek.id}, {"sha256", dek.wrapped_sha256}});
  return act::rows_of(
      act, manifest, records, [&](registry::Stores& stores, const std::string& batch) {
        const auto now = new_dek_kek(stores, terms, site);
        if (now.version.id != record.version.id) {
          throw Error(
              Kind::kFailed, "version-not-active",
              fmt::format("{} was active when it wrapped, and is not any more", record.text()),
              "nothing was written of this part: run this again for the rest");
        }
        auto rows = deks;
        for (auto& dek : rows) {
          if (dek.kept == registry::Kept::kCaller) dek.wrapped.clear();
          dek.batch = batch;
        }
        stores.deks.add(rows);
        return act::LogFacts();
      });
}

}  // namespace keyrite::dek
