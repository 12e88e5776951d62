// What list, show and due ask reads no whole table of wrapped keys or events, however many there
// are: the plans of the very statements that the stores run.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <set>
#include <string>

#include "registry/scene.h"
#include "support/command.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace registry;

std::set<std::string>& statements() {
  static std::set<std::string> seen;
  return seen;
}

int note(unsigned /*mask*/, void* /*unused*/, void* statement, void* /*text*/) {
  const char* sql = sqlite3_sql(static_cast<sqlite3_stmt*>(statement));
  if (sql != nullptr) statements().insert(sql);
  return 0;
}

int watch(sqlite3* connection, char** /*message*/, const sqlite3_api_routines* /*unused*/) {
  return sqlite3_trace_v2(connection, SQLITE_TRACE_STMT, note, nullptr);
}

void ask_all(Scene& scene, const VersionId& id, const std::string& tenant,
             const std::string& place) {
  const View view = scene.registry().read();
  static_cast<void>(view->deks.page({.version = id}));
  static_cast<void>(view->deks.counts(id.key));
  static_cast<void>(view->deks.keys_with_left());
  static_cast<void>(view->deks.has_left(id.key));
  static_cast<void>(view->deks.holders(id));
  static_cast<void>(view->deks.expired_until(at_day(30000), 10));
  static_cast<void>(view->deks.find(tenant));
  static_cast<void>(view->deks.in_batch(tenant));
  static_cast<void>(view->deks.unwraps_since(tenant, 1));
  static_cast<void>(view->keys.list());
  static_cast<void>(view->keys.due_until(at_day(30000), 10));
  static_cast<void>(view->keys.of(tenant));
  static_cast<void>(view->keys.find(id.key));
  static_cast<void>(view->keys.named(tenant, "payments"));
  static_cast<void>(view->keys.last_sign_off(id.key));
  static_cast<void>(view->versions.of(id.key));
  static_cast<void>(view->versions.check_values(id));
  static_cast<void>(view->versions.canary(id));
  static_cast<void>(view->versions.events(id));
  static_cast<void>(view->tenants.list());
  static_cast<void>(view->tenants.find(tenant));
  static_cast<void>(view->tenants.named("acme"));
  static_cast<void>(view->destinations.of(id.key));
  static_cast<void>(view->tenants.events(tenant));
  static_cast<void>(view->copies.of(id));
  static_cast<void>(view->copies.events(tenant));
  static_cast<void>(view->placements.of(id));
  static_cast<void>(view->placements.at(place));
  static_cast<void>(view->placements.expiring_until(at_day(30000), 10));
  static_cast<void>(view->placements.events({place, 1}));
  static_cast<void>(view->credentials.of(tenant));
  static_cast<void>(view->credentials.of_dek(tenant));
  static_cast<void>(view->credentials.due_until(at_day(30000), 10));
  static_cast<void>(view->credentials.expired_until(at_day(30000), 10));
  static_cast<void>(view->credentials.ownerless(10));
  static_cast<void>(view->log.open_batches());
  static_cast<void>(view->log.find(tenant));
  static_cast<void>(view->decisions.in_force({DecisionKind::kKey, id.key, 0}));
  static_cast<void>(view->decisions.history({DecisionKind::kTenant, tenant, 0}));
}

TEST_CASE("No statement of a registry reads all wrapped keys, events, batches or credentials") {
  const Workshop shop;
  const std::string path = shop.put("registry.sqlite", {});
  REQUIRE(sqlite3_auto_extension(reinterpret_cast<void (*)()>(watch)) == SQLITE_OK);
  {
    Scene scene([&] { return std::make_unique<Registry>(path); });
    const std::string tenant = scene.tenant("acme");
    const std::string key = scene.key(tenant);
    const VersionId id = scene.active(key);
    static_cast<void>(scene.stored_dek(tenant, id));
    const std::string place = scene.destination(key);
    statements().clear();
    ask_all(scene, id, tenant, place);
    scene.move(id, VersionState::kDeactivated);  // and what a change asks
  }
  sqlite3_reset_auto_extension();
  REQUIRE(statements().size() > 20);
  sqlite3* connection = nullptr;
  REQUIRE(sqlite3_open_v2(path.c_str(), &connection, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK);
  unsigned plans = 0;
  for (const auto& sql : statements()) {
    sqlite3_stmt* plan = nullptr;
    if (sqlite3_prepare_v2(connection, ("EXPLAIN QUERY PLAN " + sql).c_str(), -1, &plan, nullptr) !=
        SQLITE_OK)
      continue;  // BEGIN
    while (sqlite3_step(plan) == SQLITE_ROW) {
      const std::string detail = reinterpret_cast<const char*>(sqlite3_column_text(plan, 3));
      ++plans;
      for (const std::string table : {"dek", "state_event", "batch", "credential", "d", "b"}) {
        const std::string scan = "SCAN " + table;
        const bool whole = detail == scan || detail.find(scan + " ") == 0;
        // An index of the few open, due or ownerless rows is walked in its order.
        const bool partial = detail.find("batch_open") != std::string::npos ||
                             detail.find("credential_ownerless") != std::string::npos;
        CHECK_MESSAGE((!whole || partial), sql << ": " << detail);
      }
      const bool sorted = detail.find("TEMP B-TREE") != std::string::npos;
      CHECK_MESSAGE((!sorted || sql.find(" FROM dek ") == std::string::npos),
                    sql << ": " << detail);
    }
    sqlite3_finalize(plan);
  }
  sqlite3_close(connection);
  CHECK(plans > 20);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
