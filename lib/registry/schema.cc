#include "registry/schema.h"

#include <array>

namespace keyrite::registry {

namespace {

// A part of a foreign key that is NULL is not checked: a state without an event is "none" alone.
// Rows with a state have a constant column `kind`, so that one table holds every event.
constexpr std::array<SchemaPart, 18> kTables{{
    {"log_position", R"(CREATE TABLE log_position (
  origin TEXT NOT NULL PRIMARY KEY,
  size INTEGER NOT NULL CHECK (size >= 0),
  leaf TEXT NOT NULL CHECK (length(leaf) = 64 OR (size = 0 AND leaf = '')),
  revision INTEGER NOT NULL))"},

    // PostgreSQL cannot index a name of more than 2,704 bytes: its SHA-256 is unique.
    {"pseudonym", R"(CREATE TABLE pseudonym (
  pseudonym TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  name_sha256 TEXT NOT NULL UNIQUE CHECK (length(name_sha256) = 64)))"},

    {"legal_transition", R"(CREATE TABLE legal_transition (
  kind TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  PRIMARY KEY (kind, from_state, to_state)))"},

    {"state_event", R"(CREATE TABLE state_event (
  kind TEXT NOT NULL,
  subject TEXT NOT NULL CHECK (length(subject) = 32),
  number INTEGER NOT NULL CHECK (number >= 0),
  seq INTEGER NOT NULL,
  before_seq INTEGER,
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  actor TEXT NOT NULL,
  basis TEXT CHECK (basis IN ('cryptographic', 'attestation', 'statement', 'officer')),
  evidence_sha256 TEXT CHECK (length(evidence_sha256) = 64),
  until_ms INTEGER,
  log_seq INTEGER NOT NULL CHECK (log_seq >= 0),
  log_leaf TEXT NOT NULL CHECK (length(log_leaf) = 64),
  PRIMARY KEY (kind, subject, number, seq),
  UNIQUE (kind, subject, number, seq, to_state),
  CHECK ((seq = 1 AND before_seq IS NULL AND from_state = 'none')
      OR (seq > 1 AND before_seq IS NOT NULL AND before_seq = seq - 1)),
  CHECK (kind <> 'placement' OR to_state NOT IN ('proven', 'accepted') OR basis IS NOT NULL),
  CHECK (to_state <> 'accepted' OR until_ms IS NOT NULL),
  CHECK (to_state <> 'deletion-scheduled' OR until_ms IS NOT NULL),
  FOREIGN KEY (kind, from_state, to_state) REFERENCES legal_transition (kind, from_state, to_state),
  FOREIGN KEY (kind, subject, number, before_seq, from_state)
    REFERENCES state_event (kind, subject, number, seq, to_state)))"},

    {"batch", R"(CREATE TABLE batch (
  id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 32),
  run TEXT NOT NULL CHECK (length(run) = 32),
  part INTEGER NOT NULL CHECK (part >= 0),
  act TEXT NOT NULL,
  records INTEGER NOT NULL CHECK (records BETWEEN 1 AND 1000),
  manifest_sha256 TEXT NOT NULL CHECK (length(manifest_sha256) = 64),
  opened_ms INTEGER NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('open', 'done', 'settled')),
  log_seq INTEGER CHECK (log_seq >= 0),
  log_leaf TEXT CHECK (length(log_leaf) = 64),
  UNIQUE (run, part),
  CHECK ((outcome = 'open') = (log_seq IS NULL)),
  CHECK ((outcome = 'open') = (log_leaf IS NULL))))"},

    {"tenant", R"(CREATE TABLE tenant (
  id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 32),
  owner TEXT,
  contact TEXT,
  created_ms INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind = 'tenant'),
  number INTEGER NOT NULL CHECK (number = 0),
  state TEXT NOT NULL,
  state_seq INTEGER,
  batch_id TEXT NOT NULL REFERENCES batch (id),
  revision INTEGER NOT NULL,
  CHECK ((state = 'none') = (state_seq IS NULL)),
  CHECK (state <> 'forgotten' OR (owner IS NULL AND contact IS NULL)),
  FOREIGN KEY (kind, id, number, state_seq, state)
    REFERENCES state_event (kind, subject, number, seq, to_state)))"},

    // Policies, holds, acceptances, destinations: each revision once, with the batch whose entry
    // has its SHA-256.
    {"decision", R"(CREATE TABLE decision (
  kind TEXT NOT NULL CHECK (kind IN ('tenant', 'key', 'acceptance', 'destination', 'pinned-key', 'campaign')),
  subject TEXT NOT NULL CHECK (length(subject) = 32),
  number INTEGER NOT NULL CHECK (number >= 0),
  revision INTEGER NOT NULL CHECK (revision >= 1),
  content TEXT,
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
  batch_id TEXT NOT NULL REFERENCES batch (id),
  PRIMARY KEY (kind, subject, number, revision)))"},

    {"tenant_key", R"(CREATE TABLE tenant_key (
  id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 32),
  tenant_id TEXT NOT NULL REFERENCES tenant (id),
  name TEXT,
  name_sha256 TEXT CHECK (length(name_sha256) = 64),
  type TEXT NOT NULL,
  usage TEXT NOT NULL CHECK (usage IN ('wrap', 'encrypt', 'sign', 'mac', 'derive')),
  owner TEXT,
  due_ms INTEGER,
  batch_id TEXT NOT NULL REFERENCES batch (id),
  revision INTEGER NOT NULL,
  UNIQUE (tenant_id, name_sha256),
  UNIQUE (tenant_id, id),
  CHECK ((name IS NULL) = (name_sha256 IS NULL))))"},

    {"version", R"(CREATE TABLE version (
  key_id TEXT NOT NULL REFERENCES tenant_key (id),
  number INTEGER NOT NULL CHECK (number >= 1),
  kind TEXT NOT NULL CHECK (kind = 'version'),
  state TEXT NOT NULL CHECK (state <> 'none'),
  state_seq INTEGER NOT NULL,
  cka_id TEXT NOT NULL,
  public_key_sha256 TEXT CHECK (length(public_key_sha256) = 64),
  origin TEXT NOT NULL CHECK (origin IN ('logged', 'token', 'unknown')),
  frozen_by INTEGER CHECK (frozen_by >= 0),
  revision INTEGER NOT NULL,
  PRIMARY KEY (key_id, number),
  FOREIGN KEY (kind, key_id, number, state_seq, state)
    REFERENCES state_event (kind, subject, number, seq, to_state)))"},

    {"check_value", R"(CREATE TABLE check_value (
  key_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  algorithm TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (key_id, number, algorithm),
  FOREIGN KEY (key_id, number) REFERENCES version (key_id, number)))"},

    // Where the bits are, and every form in which they left a token.
    {"key_copy", R"(CREATE TABLE key_copy (
  id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 32),
  key_id TEXT NOT NULL,
  version_number INTEGER NOT NULL,
  form TEXT NOT NULL CHECK (form IN ('token', 'bundle', 'backup')),
  token_serial TEXT,
  member TEXT,
  cka_id TEXT,
  sha256 TEXT CHECK (length(sha256) = 64),
  kind TEXT NOT NULL CHECK (kind = 'copy'),
  number INTEGER NOT NULL CHECK (number = 0),
  state TEXT NOT NULL CHECK (state <> 'none'),
  state_seq INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  CHECK ((form = 'token') = (token_serial IS NOT NULL)),
  CHECK ((form = 'token') = (member IS NOT NULL)),
  CHECK ((form = 'token') = (cka_id IS NOT NULL)),
  CHECK ((form = 'token') = (sha256 IS NULL)),
  UNIQUE (token_serial, member, cka_id),
  UNIQUE (sha256),
  FOREIGN KEY (key_id, version_number) REFERENCES version (key_id, number),
  FOREIGN KEY (kind, id, number, state_seq, state)
    REFERENCES state_event (kind, subject, number, seq, to_state)))"},

    {"canary", R"(CREATE TABLE canary (
  key_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  mechanism TEXT NOT NULL,
  parameters BLOB NOT NULL,
  content BLOB NOT NULL,
  answer_sha256 TEXT NOT NULL CHECK (length(answer_sha256) = 64),
  created_ms INTEGER NOT NULL,
  batch_id TEXT NOT NULL REFERENCES batch (id),
  PRIMARY KEY (key_id, number),
  FOREIGN KEY (key_id, number) REFERENCES version (key_id, number)))"},

    {"sign_off", R"(CREATE TABLE sign_off (
  key_id TEXT NOT NULL REFERENCES tenant_key (id),
  at_ms INTEGER NOT NULL,
  actor TEXT NOT NULL,
  report_sha256 TEXT NOT NULL CHECK (length(report_sha256) = 64),
  log_seq INTEGER NOT NULL CHECK (log_seq >= 0),
  log_leaf TEXT NOT NULL CHECK (length(log_leaf) = 64),
  PRIMARY KEY (key_id, at_ms)))"},

    {"destination", R"(CREATE TABLE destination (
  id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 32),
  key_id TEXT NOT NULL REFERENCES tenant_key (id),
  provider TEXT NOT NULL,
  account TEXT NOT NULL CHECK (length(account) <= 500),
  container TEXT NOT NULL CHECK (length(container) <= 500),
  name TEXT NOT NULL CHECK (length(name) <= 500),
  region TEXT NOT NULL,
  region_declared INTEGER NOT NULL CHECK (region_declared IN (0, 1)),
  algorithm TEXT NOT NULL,
  options TEXT NOT NULL,
  retired_ms INTEGER,
  retired_reason TEXT,
  batch_id TEXT NOT NULL REFERENCES batch (id),
  revision INTEGER NOT NULL,
  UNIQUE (key_id, provider, account, container, name, region),
  UNIQUE (id, key_id),
  CHECK (retired_reason IS NULL OR retired_ms IS NOT NULL)))"},

    // What became of one version at one destination; both are of the same key.
    {"placement", R"(CREATE TABLE placement (
  destination_id TEXT NOT NULL,
  key_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind = 'placement'),
  state TEXT NOT NULL CHECK (state <> 'none'),
  state_seq INTEGER NOT NULL,
  cloud_key TEXT,
  cloud_version TEXT,
  material_expires_ms INTEGER,
  revision INTEGER NOT NULL,
  PRIMARY KEY (destination_id, number),
  UNIQUE (destination_id, cloud_key, cloud_version),
  FOREIGN KEY (destination_id, key_id) REFERENCES destination (id, key_id),
  FOREIGN KEY (key_id, number) REFERENCES version (key_id, number),
  FOREIGN KEY (kind, destination_id, number, state_seq, state)
    REFERENCES state_event (kind, subject, number, seq, to_state)))"},

    {"dek", R"(CREATE TABLE dek (
  id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 32),
  tenant_id TEXT NOT NULL,
  key_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  kept TEXT NOT NULL CHECK (kept IN ('here', 'caller', 'gone')),
  wrapped BLOB,
  wrapped_sha256 TEXT NOT NULL CHECK (length(wrapped_sha256) = 64),
  mechanism TEXT NOT NULL,
  parameters BLOB NOT NULL,
  created_ms INTEGER NOT NULL,
  expires_ms INTEGER,
  holder TEXT,
  batch_id TEXT NOT NULL REFERENCES batch (id),
  revision INTEGER NOT NULL,
  CHECK ((kept = 'here') = (wrapped IS NOT NULL)),
  FOREIGN KEY (tenant_id, key_id) REFERENCES tenant_key (tenant_id, id),
  FOREIGN KEY (key_id, number) REFERENCES version (key_id, number)))"},

    {"credential", R"(CREATE TABLE credential (
  id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 32),
  tenant_id TEXT NOT NULL REFERENCES tenant (id),
  dek_id TEXT NOT NULL UNIQUE REFERENCES dek (id),
  owner TEXT,
  service TEXT NOT NULL CHECK (length(service) BETWEEN 1 AND 500),
  environment TEXT NOT NULL CHECK (length(environment) BETWEEN 1 AND 500),
  scope TEXT NOT NULL,
  iv BLOB NOT NULL,
  sealed BLOB NOT NULL,
  expires_ms INTEGER,
  due_ms INTEGER,
  opened_ms INTEGER,
  revoked_ms INTEGER,
  batch_id TEXT NOT NULL REFERENCES batch (id),
  revision INTEGER NOT NULL))"},

    {"unwrap_count", R"(CREATE TABLE unwrap_count (
  tenant_id TEXT NOT NULL REFERENCES tenant (id),
  hour INTEGER NOT NULL,
  unwraps INTEGER NOT NULL CHECK (unwraps >= 0),
  PRIMARY KEY (tenant_id, hour)))"},
}};

constexpr std::array<SchemaPart, 19> kIndexes{{
    {"batch_open", "CREATE INDEX batch_open ON batch (run, part) WHERE log_seq IS NULL"},
    {"decision_of_batch", "CREATE INDEX decision_of_batch ON decision (batch_id)"},
    {"key_due", "CREATE INDEX key_due ON tenant_key (due_ms, id) WHERE due_ms IS NOT NULL"},
    {"version_one_active",
     "CREATE UNIQUE INDEX version_one_active ON version (key_id) WHERE state = 'active'"},
    {"version_one_waiting",
     "CREATE UNIQUE INDEX version_one_waiting ON version (key_id) WHERE state = 'pre-activation'"},
    {"version_by_cka_id", "CREATE INDEX version_by_cka_id ON version (cka_id)"},
    {"copy_of_version", "CREATE INDEX copy_of_version ON key_copy (key_id, version_number)"},
    {"placement_of_version", "CREATE INDEX placement_of_version ON placement (key_id, number)"},
    {"placement_expiring",
     "CREATE INDEX placement_expiring ON placement (material_expires_ms, destination_id) "
     "WHERE material_expires_ms IS NOT NULL"},
    {"dek_of_version", "CREATE INDEX dek_of_version ON dek (key_id, number, kept, id)"},
    {"dek_of_batch", "CREATE INDEX dek_of_batch ON dek (batch_id, id)"},
    {"dek_holder",
     "CREATE INDEX dek_holder ON dek (key_id, number, holder) WHERE holder IS NOT NULL"},
    {"dek_expiring",
     "CREATE INDEX dek_expiring ON dek (expires_ms, id) WHERE expires_ms IS NOT NULL"},
    {"credential_one",
     "CREATE UNIQUE INDEX credential_one ON credential (tenant_id, service, environment) "
     "WHERE revoked_ms IS NULL"},
    {"credential_of_tenant",
     "CREATE INDEX credential_of_tenant ON credential (tenant_id, service, environment, id)"},
    {"credential_due",
     "CREATE INDEX credential_due ON credential (due_ms, id) "
     "WHERE revoked_ms IS NULL AND due_ms IS NOT NULL"},
    {"credential_expiring",
     "CREATE INDEX credential_expiring ON credential (expires_ms, id) "
     "WHERE revoked_ms IS NULL AND expires_ms IS NOT NULL"},
    {"credential_ownerless",
     "CREATE INDEX credential_ownerless ON credential (id) "
     "WHERE revoked_ms IS NULL AND owner IS NULL"},
    {"placement_by_state", "CREATE INDEX placement_by_state ON placement (state, destination_id)"},
}};

}  // namespace

std::span<const SchemaPart> tables() { return kTables; }
std::span<const SchemaPart> indexes() { return kIndexes; }

}  // namespace keyrite::registry
