// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// A tenant whose names leave the registry: which they are, and how they go.
#include <array>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/json.h"
#include "registry/internal/sql.h"
#include "registry/names.h"
#include "registry/tenants.h"

namespace keyrite::registry {

namespace {

using internal::Row;
using internal::text_of;

// Where names of a tenant are; {} is "=" for the tenant's own, "<>" for those of others.
constexpr std::array<const char*, 15> kNameColumns{
    {"SELECT owner FROM tenant WHERE id {} $1 AND owner IS NOT NULL",
     "SELECT contact FROM tenant WHERE id {} $1 AND contact IS NOT NULL",
     "SELECT name FROM tenant_key WHERE tenant_id {} $1 AND name IS NOT NULL",
     "SELECT owner FROM tenant_key WHERE tenant_id {} $1 AND owner IS NOT NULL",
     "SELECT d.account FROM destination d JOIN tenant_key k ON k.id = d.key_id "
     "WHERE k.tenant_id {} $1",
     "SELECT d.container FROM destination d JOIN tenant_key k ON k.id = d.key_id "
     "WHERE k.tenant_id {} $1",
     "SELECT d.name FROM destination d JOIN tenant_key k ON k.id = d.key_id "
     "WHERE k.tenant_id {} $1",
     "SELECT d.retired_reason FROM destination d JOIN tenant_key k ON k.id = d.key_id "
     "WHERE k.tenant_id {} $1 AND d.retired_reason IS NOT NULL",
     "SELECT p.cloud_key FROM placement p JOIN tenant_key k ON k.id = p.key_id "
     "WHERE k.tenant_id {} $1 AND p.cloud_key IS NOT NULL",
     "SELECT p.cloud_version FROM placement p JOIN tenant_key k ON k.id = p.key_id "
     "WHERE k.tenant_id {} $1 AND p.cloud_version IS NOT NULL",
     "SELECT owner FROM credential WHERE tenant_id {} $1 AND owner IS NOT NULL",
     "SELECT service FROM credential WHERE tenant_id {} $1",
     "SELECT environment FROM credential WHERE tenant_id {} $1",
     "SELECT scope FROM credential WHERE tenant_id {} $1",
     "SELECT DISTINCT holder FROM dek WHERE holder IS NOT NULL AND tenant_id {} $1"}};

// What forget() writes in their place.
constexpr std::array<const char*, 10> kErase{
    {"UPDATE tenant SET owner = NULL, contact = NULL WHERE id = $1",
     "UPDATE tenant_key SET name = NULL, name_sha256 = NULL, owner = NULL, "
     "revision = revision + 1 WHERE tenant_id = $1",
     "UPDATE placement SET cloud_key = NULL, cloud_version = NULL, revision = revision + 1 "
     "WHERE key_id IN (SELECT id FROM tenant_key WHERE tenant_id = $1)",
     "UPDATE destination SET account = '', container = '', name = id, options = '{}', "
     "retired_reason = NULL, revision = revision + 1 "
     "WHERE key_id IN (SELECT id FROM tenant_key WHERE tenant_id = $1)",
     "UPDATE credential SET owner = NULL, service = id, environment = 'forgotten', scope = '', "
     "revision = revision + 1 WHERE tenant_id = $1",
     "UPDATE dek SET holder = NULL, revision = revision + 1 WHERE holder IS NOT NULL AND "
     "key_id IN (SELECT id FROM tenant_key WHERE tenant_id = $1)",
     "UPDATE decision SET content = NULL WHERE kind = 'tenant' AND subject = $1",
     "UPDATE decision SET content = NULL WHERE kind = 'key' AND subject IN "
     "(SELECT id FROM tenant_key WHERE tenant_id = $1)",
     "UPDATE decision SET content = NULL WHERE kind = 'acceptance' AND subject IN (SELECT d.id "
     "FROM destination d JOIN tenant_key k ON k.id = d.key_id WHERE k.tenant_id = $1)",
     "UPDATE decision SET content = NULL WHERE kind = 'destination' AND subject IN (SELECT d.id "
     "FROM destination d JOIN tenant_key k ON k.id = d.key_id WHERE k.tenant_id = $1)"}};

std::set<std::string> names_in(internal::Sql& sql, std::string_view tenant, const char* whose) {
  std::set<std::string> names;
  for (const char* column : kNameColumns) {
    sql.each(fmt::format(fmt::runtime(column), whose), {text_of(tenant)},
             [&](const Row& row) { names.insert(row.text(0)); });
  }
  names.erase("");
  return names;
}

struct Pseudonym {
  std::string id{};
  std::string name{};
};

// Its own, those of its names, and those of texts that have its name as a word: a reason, a folder.
// What is another's name too stays.
std::vector<Pseudonym> pseudonyms_of(internal::Sql& sql, std::string_view tenant) {
  const auto own = names_in(sql, tenant, "=");
  const auto others = names_in(sql, tenant, "<>");
  const auto name = Names(sql).name_of(tenant);
  std::set<std::string> tenants;
  sql.each("SELECT id FROM tenant WHERE id <> $1", {text_of(tenant)},
           [&](const Row& row) { tenants.insert(row.text(0)); });
  std::vector<Pseudonym> found;
  sql.each("SELECT pseudonym, name FROM pseudonym ORDER BY pseudonym", {}, [&](const Row& row) {
    Pseudonym one{row.text(0), row.text(1)};
    const bool is_its_own = one.id == tenant;
    const bool is_others = tenants.contains(one.id) || others.contains(one.name);
    const bool says_it = own.contains(one.name) || (name && has_word(one.name, *name));
    if (is_its_own || (says_it && !is_others)) found.push_back(std::move(one));
  });
  return found;
}

Json rows_json(internal::Sql& sql, std::string_view tenant, std::string_view statement,
               const std::vector<const char*>& members) {
  Json rows = Json::array();
  sql.each(statement, {text_of(tenant)}, [&](const Row& row) {
    Json one = Json::object();
    for (std::size_t i = 0; i < members.size(); ++i) {
      const auto value = row.optional_text(i);
      one[members[i]] = value ? Json(*value) : Json();
    }
    rows.push_back(std::move(one));
  });
  return rows;
}

}  // namespace

Json Tenants::names(std::string_view id) const {
  const auto tenant = find(id);
  if (!tenant) internal::refuse_unknown(sql_, "tenant", id);
  Json pseudonyms = Json::object();
  for (const auto& one : pseudonyms_of(sql_, id)) pseudonyms[one.id] = one.name;
  return {
      {"tenant",
       {{"id", tenant->id},
        {"name", tenant->name ? Json(*tenant->name) : Json()},
        {"owner", tenant->owner ? Json(*tenant->owner) : Json()},
        {"contact", tenant->contact ? Json(*tenant->contact) : Json()}}},
      {"keys", rows_json(sql_, id,
                         "SELECT id, name, owner FROM tenant_key WHERE tenant_id = $1 ORDER BY id",
                         {"id", "name", "owner"})},
      {"destinations",
       rows_json(sql_, id,
                 "SELECT d.id, d.provider, d.account, d.container, d.name, d.region, d.options, "
                 "d.retired_reason FROM destination d JOIN tenant_key k ON k.id = d.key_id "
                 "WHERE k.tenant_id = $1 ORDER BY d.id",
                 {"id", "provider", "account", "container", "name", "region", "options",
                  "retired_reason"})},
      {"placements",
       rows_json(sql_, id,
                 "SELECT p.destination_id, CAST(p.number AS TEXT), p.cloud_key, p.cloud_version "
                 "FROM placement p JOIN tenant_key k ON k.id = p.key_id WHERE k.tenant_id = $1 "
                 "ORDER BY p.destination_id, p.number",
                 {"destination", "version", "cloud_key", "cloud_version"})},
      {"credentials", rows_json(sql_, id,
                                "SELECT id, service, environment, scope, owner FROM credential "
                                "WHERE tenant_id = $1 ORDER BY id",
                                {"id", "service", "environment", "scope", "owner"})},
      {"holders",
       rows_json(sql_, id,
                 "SELECT DISTINCT key_id, CAST(number AS TEXT), holder FROM dek "
                 "WHERE holder IS NOT NULL AND tenant_id = $1 ORDER BY key_id, number, holder",
                 {"key", "version", "holder"})},
      {"decisions",
       rows_json(sql_, id,
                 "SELECT sha256, content FROM decision WHERE content IS NOT NULL AND "
                 "(subject = $1 OR subject IN (SELECT id FROM tenant_key WHERE tenant_id = $1) OR "
                 "subject IN (SELECT d.id FROM destination d JOIN tenant_key k ON k.id = d.key_id "
                 "WHERE k.tenant_id = $1)) ORDER BY sha256",
                 {"sha256", "document"})},
      {"pseudonyms", std::move(pseudonyms)}};
}

void Tenants::forget(std::string_view id) {
  for (const auto& one : pseudonyms_of(sql_, id))
    static_cast<void>(Names(sql_).erase_pseudonym(one.id));
  for (const char* erase : kErase) sql_.run(erase, {text_of(id)});
}

}  // namespace keyrite::registry
