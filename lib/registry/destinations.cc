#include "base/error.h"
#include "registry/internal/events.h"
#include "registry/internal/sql.h"
#include "registry/placements.h"

namespace keyrite::registry {

namespace {

using internal::Row;
using internal::text_of;
using internal::value_of;

constexpr std::string_view kCountDestination = "SELECT count(*) FROM destination WHERE id = $1";

Destination destination_of(const Row& row) {
  Destination made;
  made.id = row.text(0);
  made.key = row.text(1);
  made.provider = row.text(2);
  made.account = row.text(3);
  made.container = row.text(4);
  made.name = row.text(5);
  made.region = row.text(6);
  made.region_declared = row.number(7) != 0;
  made.algorithm = row.text(8);
  made.options = row.text(9);
  made.retired = row.optional_time(10);
  made.retired_reason = row.optional_text(11);
  made.batch = row.text(12);
  made.revision = row.number(13);
  return made;
}

void require_way(const Destination& destination) {
  internal::require_text(destination.region, "the region of a destination");
  internal::require_text(destination.algorithm, "the wrapping algorithm of a destination");
}

}  // namespace

void Destinations::add(const Destination& destination) {
  internal::require_id(destination.id, "the id of a destination");
  internal::require_text(destination.provider, "the provider of a destination");
  internal::require_text(destination.name, "the name of a destination");
  require_way(destination);
  sql_.run(
      "INSERT INTO destination (id, key_id, provider, account, container, name, region, "
      "region_declared, algorithm, options, batch_id, revision) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1)",
      {destination.id, destination.key, destination.provider, destination.account,
       destination.container, destination.name, destination.region,
       std::int64_t{destination.region_declared ? 1 : 0}, destination.algorithm,
       destination.options, destination.batch});
}

void Destinations::change(const Destination& destination) {
  require_way(destination);
  const auto changed = sql_.run(
      "UPDATE destination SET region = $1, region_declared = $2, algorithm = $3, options = $4, "
      "revision = revision + 1 WHERE id = $5 AND revision = $6",
      {destination.region, std::int64_t{destination.region_declared ? 1 : 0}, destination.algorithm,
       destination.options, destination.id, destination.revision});
  internal::require_swapped(sql_, changed, "destination", kCountDestination, {destination.id});
}

void Destinations::retire(std::string_view id, std::string_view reason, Time time,
                          std::int64_t revision) {
  internal::require_text(reason, "the reason to retire a destination");
  const auto changed = sql_.run(
      "UPDATE destination SET retired_ms = $1, retired_reason = $2, revision = revision + 1 "
      "WHERE id = $3 AND revision = $4 AND retired_ms IS NULL",
      {value_of(time), text_of(reason), text_of(id), revision});
  internal::require_swapped(sql_, changed, "destination", kCountDestination, {text_of(id)});
}

bool Destinations::follow(const Destination& decided) {
  const auto row = find(decided.id);
  if (!row) return false;
  require_way(decided);
  const auto changed = sql_.run(
      "UPDATE destination SET region = $1, region_declared = $2, algorithm = $3, options = $4, "
      "retired_ms = $5, retired_reason = $6, revision = revision + 1 WHERE id = $7 AND revision = "
      "$8",
      {decided.region, std::int64_t{decided.region_declared ? 1 : 0}, decided.algorithm,
       decided.options, value_of(decided.retired), value_of(decided.retired_reason), decided.id,
       row->revision});
  internal::require_swapped(sql_, changed, "destination", kCountDestination, {decided.id});
  return true;
}

std::optional<Destination> Destinations::find(std::string_view id) const {
  return sql_.one<Destination>(
      "SELECT id, key_id, provider, account, container, name, region, region_declared, algorithm, "
      "options, retired_ms, retired_reason, batch_id, revision FROM destination WHERE id = $1",
      {text_of(id)}, destination_of);
}

std::vector<Destination> Destinations::of(std::string_view key) const {
  return sql_.all<Destination>(
      "SELECT id, key_id, provider, account, container, name, region, region_declared, algorithm, "
      "options, retired_ms, retired_reason, batch_id, revision FROM destination "
      "WHERE key_id = $1 ORDER BY id",
      {text_of(key)}, destination_of);
}

std::optional<Destination> Destinations::named(std::string_view key, std::string_view provider,
                                               std::string_view account, std::string_view container,
                                               std::string_view name,
                                               std::string_view region) const {
  return sql_.one<Destination>(
      "SELECT id, key_id, provider, account, container, name, region, region_declared, algorithm, "
      "options, retired_ms, retired_reason, batch_id, revision FROM destination WHERE key_id = $1 "
      "AND provider = $2 AND account = $3 AND container = $4 AND name = $5 AND "
      "region = $6",
      {text_of(key), text_of(provider), text_of(account), text_of(container), text_of(name),
       text_of(region)},
      destination_of);
}

}  // namespace keyrite::registry
