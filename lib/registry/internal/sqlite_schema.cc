// Versions of the file: which tables, indexes and triggers each has, and the step from one to the
// next.
#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/bytes.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "registry/internal/sqlite_connection.h"
#include "registry/internal/sqlite_engine.h"
#include "registry/schema.h"

namespace keyrite::registry::internal {

namespace {

// Of the file's header, by which file(1) and we know whose it is: "krrg".
constexpr int kApplicationId = 0x6b727267;
constexpr int kSchemaVersion = 4;
// The version from which on a file has all tables.
constexpr int kFirstWithAllTables = 3;
constexpr std::string_view kTransitionTable = "legal_transition";

// Of keyrite 0.1.0, without an application id; version 2 has the same table and one.
constexpr const char* kFirstSchema =
    "CREATE TABLE pseudonym (pseudonym TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL UNIQUE) "
    "STRICT";

// What foreign keys and CHECK cannot say. The one part of the schema that each engine says for
// itself.
constexpr std::array<SchemaPart, 25> kTriggers{{
    {"log_position_forward", R"(CREATE TRIGGER log_position_forward BEFORE UPDATE ON log_position
  WHEN NEW.size < OLD.size OR (NEW.size = OLD.size AND NEW.leaf <> OLD.leaf)
    OR NEW.origin <> OLD.origin OR NEW.revision <> OLD.revision + 1
  BEGIN SELECT RAISE(ABORT, 'the log only grows'); END)"},
    {"log_position_stays", R"(CREATE TRIGGER log_position_stays BEFORE DELETE ON log_position
  BEGIN SELECT RAISE(ABORT, 'the log only grows'); END)"},
    {"legal_transition_stays",
     R"(CREATE TRIGGER legal_transition_stays BEFORE DELETE ON legal_transition
  BEGIN SELECT RAISE(ABORT, 'legal transitions are not changed'); END)"},
    {"state_event_once", R"(CREATE TRIGGER state_event_once BEFORE UPDATE ON state_event
  BEGIN SELECT RAISE(ABORT, 'events are written once'); END)"},
    {"state_event_stays", R"(CREATE TRIGGER state_event_stays BEFORE DELETE ON state_event
  BEGIN SELECT RAISE(ABORT, 'events are never removed'); END)"},
    {"batch_bound_once", R"(CREATE TRIGGER batch_bound_once BEFORE UPDATE ON batch
  WHEN OLD.log_seq IS NOT NULL
  BEGIN SELECT RAISE(ABORT, 'a batch has one entry'); END)"},
    {"batch_stays", R"(CREATE TRIGGER batch_stays BEFORE DELETE ON batch
  WHEN OLD.log_seq IS NOT NULL
  BEGIN SELECT RAISE(ABORT, 'a batch that has its entry stays'); END)"},
    {"decision_once", R"(CREATE TRIGGER decision_once BEFORE UPDATE ON decision
  WHEN NEW.kind <> OLD.kind OR NEW.subject <> OLD.subject OR NEW.number <> OLD.number
    OR NEW.revision <> OLD.revision OR NEW.sha256 <> OLD.sha256 OR NEW.batch_id <> OLD.batch_id
    OR (NEW.content IS NOT NULL AND NEW.content IS NOT OLD.content)
  BEGIN SELECT RAISE(ABORT, 'decisions are written once'); END)"},
    {"decision_stays", R"(CREATE TRIGGER decision_stays BEFORE DELETE ON decision
  WHEN EXISTS (SELECT 1 FROM batch b WHERE b.id = OLD.batch_id AND b.log_seq IS NOT NULL)
  BEGIN SELECT RAISE(ABORT, 'a decision that has its entry stays'); END)"},
    {"tenant_forward", R"(CREATE TRIGGER tenant_forward BEFORE UPDATE ON tenant
  WHEN NEW.id <> OLD.id OR (NEW.state_seq IS NOT OLD.state_seq
    AND (NEW.state_seq IS NULL OR NEW.state_seq <> coalesce(OLD.state_seq, 0) + 1))
  BEGIN SELECT RAISE(ABORT, 'a tenant goes forward by one event'); END)"},
    {"version_forward", R"(CREATE TRIGGER version_forward BEFORE UPDATE ON version
  WHEN NEW.state_seq NOT IN (OLD.state_seq, OLD.state_seq + 1) OR NEW.key_id <> OLD.key_id
    OR NEW.number <> OLD.number OR NEW.cka_id <> OLD.cka_id
  BEGIN SELECT RAISE(ABORT, 'a version goes forward by one event'); END)"},
    {"version_stays", R"(CREATE TRIGGER version_stays BEFORE DELETE ON version
  BEGIN SELECT RAISE(ABORT, 'a version is never removed'); END)"},
    {"version_destroyed_last", R"(CREATE TRIGGER version_destroyed_last BEFORE UPDATE ON version
  WHEN NEW.state = 'destroyed' AND EXISTS (SELECT 1 FROM dek d
    WHERE d.key_id = NEW.key_id AND d.number = NEW.number AND d.kept IN ('here', 'caller'))
  BEGIN SELECT RAISE(ABORT, 'wrapped keys are left under this version'); END)"},
    {"version_destroyed_everywhere",
     R"(CREATE TRIGGER version_destroyed_everywhere BEFORE UPDATE ON version
  WHEN NEW.state = 'destroyed' AND EXISTS (SELECT 1 FROM key_copy c WHERE c.key_id = NEW.key_id
    AND c.version_number = NEW.number AND c.form = 'token' AND c.state <> 'destroyed')
  BEGIN SELECT RAISE(ABORT, 'this version is left on a token'); END)"},
    {"copy_forward", R"(CREATE TRIGGER copy_forward BEFORE UPDATE ON key_copy
  WHEN NEW.state_seq NOT IN (OLD.state_seq, OLD.state_seq + 1) OR NEW.id <> OLD.id
    OR NEW.key_id <> OLD.key_id OR NEW.version_number <> OLD.version_number
  BEGIN SELECT RAISE(ABORT, 'a copy goes forward by one event'); END)"},
    {"copy_stays", R"(CREATE TRIGGER copy_stays BEFORE DELETE ON key_copy
  BEGIN SELECT RAISE(ABORT, 'a copy is never removed'); END)"},
    {"placement_forward", R"(CREATE TRIGGER placement_forward BEFORE UPDATE ON placement
  WHEN NEW.state_seq NOT IN (OLD.state_seq, OLD.state_seq + 1)
    OR NEW.destination_id <> OLD.destination_id OR NEW.number <> OLD.number
  BEGIN SELECT RAISE(ABORT, 'a placement goes forward by one event'); END)"},
    {"placement_stays", R"(CREATE TRIGGER placement_stays BEFORE DELETE ON placement
  BEGIN SELECT RAISE(ABORT, 'a placement is never removed'); END)"},
    {"canary_once", R"(CREATE TRIGGER canary_once BEFORE UPDATE ON canary
  BEGIN SELECT RAISE(ABORT, 'canaries are written once'); END)"},
    {"canary_stays", R"(CREATE TRIGGER canary_stays BEFORE DELETE ON canary
  BEGIN SELECT RAISE(ABORT, 'canaries are never removed'); END)"},
    {"dek_new_under_active", R"(CREATE TRIGGER dek_new_under_active BEFORE INSERT ON dek
  WHEN NOT EXISTS (SELECT 1 FROM version v WHERE v.key_id = NEW.key_id AND v.number = NEW.number
    AND v.state = 'active' AND v.frozen_by IS NULL)
  BEGIN SELECT RAISE(ABORT, 'only an active version wraps'); END)"},
    {"dek_wrapped_under_active", R"(CREATE TRIGGER dek_wrapped_under_active BEFORE UPDATE ON dek
  WHEN (NEW.key_id <> OLD.key_id OR NEW.number <> OLD.number
      OR NEW.wrapped_sha256 <> OLD.wrapped_sha256)
    AND NOT EXISTS (SELECT 1 FROM version v WHERE v.key_id = NEW.key_id AND v.number = NEW.number
      AND v.state = 'active' AND v.frozen_by IS NULL)
  BEGIN SELECT RAISE(ABORT, 'only an active version wraps'); END)"},
    {"dek_of_one_tenant", R"(CREATE TRIGGER dek_of_one_tenant BEFORE UPDATE ON dek
  WHEN NEW.tenant_id <> OLD.tenant_id OR NEW.id <> OLD.id OR (OLD.kept = 'gone' AND NEW.kept <> 'gone')
  BEGIN SELECT RAISE(ABORT, 'a wrapped key stays its tenant''s'); END)"},
    {"credential_of_one_tenant",
     R"(CREATE TRIGGER credential_of_one_tenant BEFORE INSERT ON credential
  WHEN NOT EXISTS (SELECT 1 FROM dek d WHERE d.id = NEW.dek_id AND d.tenant_id = NEW.tenant_id)
  BEGIN SELECT RAISE(ABORT, 'a credential is sealed under its tenant''s key'); END)"},
    {"credential_stays_tenants",
     R"(CREATE TRIGGER credential_stays_tenants BEFORE UPDATE ON credential
  WHEN NEW.id <> OLD.id OR NEW.tenant_id <> OLD.tenant_id
    OR NOT EXISTS (SELECT 1 FROM dek d WHERE d.id = NEW.dek_id AND d.tenant_id = NEW.tenant_id)
  BEGIN SELECT RAISE(ABORT, 'a credential is sealed under its tenant''s key'); END)"},
}};

std::string sqlite_table(const SchemaPart& table) { return std::string(table.sql) + " STRICT"; }

std::string text(SQLite::Database& database, const std::string& query) {
  SQLite::Statement statement(database, query);
  return statement.executeStep() ? statement.getColumn(0).getString() : std::string();
}

int number(SQLite::Database& database, const char* query) {
  return database.execAndGet(query).getInt();
}

void require_first_table(SqliteConnection& connection) {
  if (text(connection.database(), "SELECT sql FROM sqlite_schema WHERE name = 'pseudonym'") !=
      kFirstSchema)
    not_a_registry(connection.place(), "its table of pseudonyms is another");
  // With the two indexes of the table. A trigger would keep what is erased.
  if (number(connection.database(), "SELECT count(*) FROM sqlite_schema") != 3)
    not_a_registry(connection.place(), "it holds more than the table of pseudonyms");
}

void make_first(SqliteConnection& connection) {
  if (number(connection.database(), "SELECT count(*) FROM sqlite_schema") != 0)
    not_a_registry(connection.place(), "another program made it");
  connection.database().exec(kFirstSchema);
}

void name_the_program(SqliteConnection& connection) {
  require_first_table(connection);
  connection.database().exec(fmt::format("PRAGMA application_id={}", kApplicationId));
}

// Names of old registries get their SHA-256, by which they are unique from now on.
void move_pseudonyms(SqliteConnection& connection) {
  std::vector<std::pair<std::string, std::string>> rows;
  connection.each("SELECT pseudonym, name FROM old_pseudonym", {},
                  [&](const Row& row) { rows.emplace_back(row.text(0), row.text(1)); });
  for (const auto& row : rows) {
    connection.run("INSERT INTO pseudonym (pseudonym, name, name_sha256) VALUES ($1, $2, $3)",
                   {row.first, row.second, crypto::sha256_hex(as_bytes(row.second))});
  }
}

// The tenant of keys that have none: a row, so that no foreign key has a NULL in it.
void add_no_tenant(SqliteConnection& connection) {
  const std::string none(kNoTenant);
  const std::string no_hash(64, '0');
  connection.run(
      "INSERT INTO batch (id, run, part, act, records, manifest_sha256, opened_ms, outcome, "
      "log_seq, log_leaf) VALUES ($1, $1, 0, 'init-site', 1, $2, 0, 'done', 0, $2)",
      {none, no_hash});
  connection.run(
      "INSERT INTO state_event (kind, subject, number, seq, from_state, to_state, at_ms, actor, "
      "log_seq, log_leaf) VALUES ('tenant', $1, 0, 1, 'none', 'active', 0, 'keyrite', 0, $2)",
      {none, no_hash});
  connection.run(
      "INSERT INTO tenant (id, created_ms, kind, number, state, state_seq, batch_id, revision) "
      "VALUES ($1, 0, 'tenant', 0, 'active', 1, $1, 1)",
      {none});
}

void allow_transitions(SqliteConnection& connection) {
  for (const auto& one : kLegalTransitions) {
    connection.run("INSERT INTO legal_transition (kind, from_state, to_state) VALUES ($1, $2, $3)",
                   {text_of(word(one.subject)), text_of(one.from), text_of(one.to)});
  }
}

void make_tables_of_the_model(SqliteConnection& connection) {
  require_first_table(connection);
  auto& database = connection.database();
  database.exec("ALTER TABLE pseudonym RENAME TO old_pseudonym");
  for (const auto& table : tables()) database.exec(sqlite_table(table));
  for (const auto& index : indexes()) database.exec(std::string(index.sql));
  for (const auto& trigger : kTriggers) database.exec(std::string(trigger.sql));
  move_pseudonyms(connection);
  database.exec("DROP TABLE old_pseudonym");
  allow_transitions(connection);
  add_no_tenant(connection);
}

// Of tables, indexes or triggers of a file, but SQLite's own.
std::vector<std::string> names_of(SqliteConnection& connection, const char* type) {
  std::vector<std::string> names;
  connection.each(
      fmt::format("SELECT name FROM sqlite_schema WHERE type = '{}' AND sql IS NOT NULL", type), {},
      [&](const Row& row) { names.push_back(row.text(0)); });
  return names;
}

std::string in_quotes(std::string_view name) {
  std::string quoted = "\"";
  for (const char c : name) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

// Earlier builds made files of version 3 whose tables allowed fewer kinds of decisions, and one
// destination of a name in all Regions. Each table is made as it is today, and takes its rows over.
// What is none of the parts stays, and is refused afterwards.
void make_tables_anew(SqliteConnection& connection) {
  auto& database = connection.database();
  for (const auto* type : {"trigger", "index"}) {
    for (const auto& name : names_of(connection, type))
      database.exec(fmt::format("DROP {} {}", type, in_quotes(name)));
  }
  const auto there = names_of(connection, "table");
  for (const auto& table : tables()) {
    if (std::ranges::find(there, table.name) == there.end())
      not_a_registry(connection.place(), fmt::format("it has no \"{}\"", table.name));
    database.exec(fmt::format("ALTER TABLE {0} RENAME TO old_{0}", table.name));
  }
  for (const auto& table : tables()) database.exec(sqlite_table(table));
  allow_transitions(connection);
  for (const auto& table : tables()) {
    if (table.name == kTransitionTable) continue;
    database.exec(fmt::format("INSERT INTO {0} SELECT * FROM old_{0}", table.name));
  }
  // What refers to another one first.
  const std::vector<SchemaPart> reversed(tables().rbegin(), tables().rend());
  for (const auto& table : reversed) database.exec(fmt::format("DROP TABLE old_{}", table.name));
  for (const auto& index : indexes()) database.exec(std::string(index.sql));
  for (const auto& trigger : kTriggers) database.exec(std::string(trigger.sql));
}

// The step to version i + 1.
constexpr std::array<void (*)(SqliteConnection&), kSchemaVersion> kSteps{
    make_first, name_the_program, make_tables_of_the_model, make_tables_anew};

std::set<std::pair<std::string, std::string>> wanted_schema() {
  std::set<std::pair<std::string, std::string>> wanted;
  for (const auto& table : tables()) wanted.emplace(table.name, sqlite_table(table));
  for (const auto& index : indexes()) wanted.emplace(index.name, index.sql);
  for (const auto& trigger : kTriggers) wanted.emplace(trigger.name, trigger.sql);
  return wanted;
}

void require_parts(SqliteConnection& connection) {
  auto wanted = wanted_schema();
  // SQLite's own indexes of unique columns have no text.
  connection.each(
      "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL OR name NOT LIKE "
      "'sqlite\\_autoindex\\_%' ESCAPE '\\'",
      {}, [&](const Row& row) {
        const std::string name = row.text(0);
        if (wanted.erase({name, row.optional_text(1).value_or("")}) == 0)
          not_a_registry(
              connection.place(),
              fmt::format("\"{}\" in it is none of its parts, or another", printable(name)));
      });
  if (!wanted.empty())
    not_a_registry(connection.place(), fmt::format("it has no \"{}\"", wanted.begin()->first));
}

void require_transitions(SqliteConnection& connection) {
  std::size_t found = 0;
  connection.each(
      "SELECT kind, from_state, to_state FROM legal_transition", {}, [&](const Row& row) {
        const auto kind = from_word<Subject>(row.text(0));
        if (!kind || !is_legal(*kind, row.text(1), row.text(2)))
          not_a_registry(connection.place(), "it allows a transition that is not legal");
        ++found;
      });
  if (found != kLegalTransitions.size())
    not_a_registry(connection.place(), "it does not allow each legal transition");
}

void require_version(SqliteConnection& connection, int version) {
  const int program = number(connection.database(), "PRAGMA application_id");
  if (version > kSchemaVersion && program == kApplicationId) {
    throw Error(Kind::kConfig, "registry-later-version",
                fmt::format("the registry {} is of version {}, and this keyrite knows {}",
                            printable(connection.place()), version, kSchemaVersion),
                "use the keyrite that made it, or a later one");
  }
  if (version < 0) not_a_registry(connection.place(), fmt::format("its version is {}", version));
  if (program != (version < 2 ? 0 : kApplicationId))
    not_a_registry(connection.place(), "another program made it");
}

}  // namespace

void require_schema(SqliteConnection& connection) {
  require_parts(connection);
  require_transitions(connection);
}

namespace {

// Whether the schema is today's: then who only reads changes no byte of the file.
bool is_todays(SqliteConnection& connection) {
  const SQLite::Transaction reading(connection.database());
  if (number(connection.database(), "PRAGMA user_version") != kSchemaVersion) return false;
  require_version(connection, kSchemaVersion);
  require_schema(connection);
  return true;
}

}  // namespace

void prepare_schema(SqliteConnection& connection) {
  if (is_todays(connection)) return;
  auto& database = connection.database();
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  int version = number(database, "PRAGMA user_version");
  require_version(connection, version);
  // The step to version 3 makes the tables of today, so that nothing is left to make anew.
  const int last = version < kFirstWithAllTables ? kFirstWithAllTables : kSchemaVersion;
  for (; version < last; ++version) kSteps.at(static_cast<std::size_t>(version))(connection);
  require_schema(connection);
  database.exec(fmt::format("PRAGMA user_version={}", kSchemaVersion));
  transaction.commit();
}

}  // namespace keyrite::registry::internal
