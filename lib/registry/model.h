// What a registry holds, in the words of SP 800-57: tenants, their keys, the numbered versions of a
// key, the copies of a version, where a key serves at a provider, the keys and credentials wrapped
// under it. Plain values, any thread. Ids are 32 lower-case hex digits, chosen by the caller at
// random; times are UTC in milliseconds; hashes are SHA-256 in hex. `revision` is what compare-and-
// swap compares: it grows with each change of the row, and a change names the one it read.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/key_origin.h"
#include "registry/states.h"

namespace keyrite::registry {

using Time = std::chrono::sys_time<std::chrono::milliseconds>;

// Whose keys are nobody's: what is made without --tenant.
inline constexpr std::string_view kNoTenant = "00000000000000000000000000000000";
inline constexpr int kDefaultPeriodDays = 365;

// An entry of the log: its number from 0, and its leaf hash (RFC 6962) in hex.
struct LogEntry {
  std::uint64_t seq{};
  std::string leaf{};
  friend bool operator==(const LogEntry&, const LogEntry&) = default;
};
// Up to where a log was taken over: its entries, and the leaf hash of the last of them.
struct LogPosition {
  std::uint64_t size{};
  std::string leaf{};  // "" of size 0
  friend bool operator==(const LogPosition&, const LogPosition&) = default;
};
// When, by whom and by which entry something became so.
struct Mark {
  Time at{};
  std::string actor{};
  LogEntry entry{};
};

// What a verdict about a placement rests on.
enum class Basis : std::uint8_t { kCryptographic, kAttestation, kStatement, kOfficer };
template <>
struct WordTable<Basis> {
  static constexpr std::array<std::string_view, 4> words{"cryptographic", "attestation",
                                                         "statement", "officer"};
};

struct StateEvent {
  std::int64_t seq{};  // from 1
  std::string from{};
  std::string to{};
  Mark mark{};
  std::optional<Basis> basis{};  // of a placement that is proven or accepted: always
  std::optional<std::string> evidence_sha256{};
  std::optional<Time> until{};  // the end of an acceptance; the day of a deletion
};

// Rows that the log cannot hold, written before their entry (log_link.h).
enum class Outcome : std::uint8_t { kOpen, kDone, kSettled };
template <>
struct WordTable<Outcome> {
  static constexpr std::array<std::string_view, 3> words{"open", "done", "settled"};
};
struct Batch {
  std::string id{};
  std::string run{};  // of the act in the log
  std::int64_t part{};
  std::string act{};  // an operation's word: "tenant-add", "dek-issue"
  std::int64_t records{1};
  std::string manifest_sha256{};  // what the entry names, so that it is found again
  Time opened{};
  Outcome outcome{Outcome::kOpen};
  std::optional<LogEntry> entry{};
};

struct Tenant {
  std::string id{};                   // the pseudonym of its name
  std::optional<std::string> name{};  // nullopt: forgotten
  std::optional<std::string> owner{};
  std::optional<std::string> contact{};
  Time created{};
  TenantState state{};
  std::string batch{};  // of its making
  std::int64_t revision{};
};

enum class Usage : std::uint8_t { kWrap, kEncrypt, kSign, kMac, kDerive };
template <>
struct WordTable<Usage> {
  static constexpr std::array<std::string_view, 5> words{"wrap", "encrypt", "sign", "mac",
                                                         "derive"};
};

struct Key {
  std::string id{};
  std::string tenant{};
  std::optional<std::string> name{};  // one of its tenant; nullopt: forgotten
  std::string type{};                 // base/key_type.h: "aes-256"
  Usage usage{};
  std::optional<std::string> owner{};  // when it is not the tenant's
  std::optional<Time> due{};           // the next rotation
  std::string batch{};
  std::int64_t revision{};
};

struct VersionId {
  std::string key{};
  std::int64_t number{};  // from 1
  // NOLINTNEXTLINE(modernize-use-nullptr): it takes the comparison with 0 for a pointer
  friend auto operator<=>(const VersionId&, const VersionId&) = default;
};
struct Version {
  VersionId id{};
  VersionState state{};
  Bytes cka_id{};                                  // the one that it was made with
  std::optional<std::string> public_key_sha256{};  // of the SPKI
  KeyOrigin origin{};
  std::optional<std::uint64_t> frozen_by{};  // the entry's number
  std::int64_t revision{};
};
struct CheckValue {
  std::string algorithm{};
  std::string value{};
  friend bool operator==(const CheckValue&, const CheckValue&) = default;
};

enum class CopyForm : std::uint8_t { kToken, kBundle, kBackup };
template <>
struct WordTable<CopyForm> {
  static constexpr std::array<std::string_view, 3> words{"token", "bundle", "backup"};
};
struct Copy {
  std::string id{};
  VersionId version{};
  CopyForm form{};
  std::string token_serial{};  // of the token form, and so are these two
  std::string member{};        // of a cluster; empty: the token is one
  Bytes cka_id{};
  std::string sha256{};  // of the manifest, or of the wrapped backup; no token form
  CopyState state{};
  std::int64_t revision{};
};

// What shows that a version opens what it opened: made at activation, written once.
struct Canary {
  VersionId version{};
  std::string mechanism{};
  Bytes parameters{};
  Bytes content{};
  std::string answer_sha256{};  // of what comes out
  Time created{};
  std::string batch{};
};

struct SignOff {
  std::string key{};
  std::string report_sha256{};
  Mark mark{};
};

struct Destination {
  std::string id{};
  std::string key{};
  std::string provider{};   // its word
  std::string account{};    // account, subscription or project
  std::string container{};  // vault or key ring; empty where there is none
  std::string name{};       // alias or name of the cloud's key
  std::string region{};
  bool region_declared{true};  // false: the identifier has it
  std::string algorithm{};     // base/wrapping.h
  std::string options{"{}"};   // canonical JSON, as wrap-for-import takes them
  std::optional<Time> retired{};
  std::optional<std::string> retired_reason{};
  std::string batch{};
  std::int64_t revision{};
};

struct PlacementId {
  std::string destination{};
  std::int64_t number{};  // of the version
  // NOLINTNEXTLINE(modernize-use-nullptr): it takes the comparison with 0 for a pointer
  friend auto operator<=>(const PlacementId&, const PlacementId&) = default;
};
struct Placement {
  PlacementId id{};
  std::string key{};
  PlacementState state{};
  std::optional<std::string> cloud_key{};
  std::optional<std::string> cloud_version{};
  std::optional<Time> material_expires{};
  std::int64_t revision{};
};

enum class Kept : std::uint8_t { kHere, kCaller, kGone };
template <>
struct WordTable<Kept> {
  static constexpr std::array<std::string_view, 3> words{"here", "caller", "gone"};
};
struct Dek {
  std::string id{};
  std::string tenant{};
  VersionId version{};
  Kept kept{};
  Bytes wrapped{};  // empty unless kept here
  std::string wrapped_sha256{};
  std::string mechanism{};
  Bytes parameters{};
  Time created{};
  std::optional<Time> expires{};
  std::optional<std::string> holder{};  // the service
  std::string batch{};                  // that wrote it last
  std::int64_t revision{};
};

struct Credential {
  std::string id{};
  std::string tenant{};
  std::string dek{};  // under which it is sealed: a fresh one for each secret
  std::optional<std::string> owner{};
  std::string service{};
  std::string environment{};
  std::string scope{};
  Bytes iv{};
  Bytes sealed{};
  std::optional<Time> expires{};
  std::optional<Time> due{};
  std::optional<Time> opened{};
  std::optional<Time> revoked{};
  std::string batch{};
  std::int64_t revision{};
};

}  // namespace keyrite::registry
