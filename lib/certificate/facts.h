// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What the signed entries of a log tell of the destruction of keys: which versions were condemned
// by whom, what was destroyed at which token and how its absence was shown, where else a version
// went. Made of entries alone, by one function, for whoever issues a certificate and for whoever
// verifies it. Plain values, pure; any thread.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"

namespace keyrite::certificate {

// Whose keys: ids of the registry, as the log has them.
struct Scope {
  std::string tenant{};
  std::optional<std::string> key{};
  std::optional<std::int64_t> number{};
  friend bool operator==(const Scope&, const Scope&) = default;
};

// An entry that the checkpoint signs, as it was read.
struct ToldEntry {
  std::uint64_t index{};
  Json entry{};
  Json facts{};         // of a result or a part, out of their side file where they have one
  bool vouched{false};  // by the log's key: it was written with the token
};

struct VersionRef {
  std::string key{};
  std::int64_t number{};
  // NOLINTNEXTLINE(modernize-use-nullptr): it takes the comparison with 0 for a pointer
  friend auto operator<=>(const VersionRef&, const VersionRef&) = default;
};

struct TokenFacts {
  std::string serial{};
  std::string manufacturer{};
  std::string model{};
  std::string firmware{};
};

struct KeyFacts {
  std::string id{};
  std::string type{};
  std::string usage{};
  std::uint64_t entry{};
};

struct CopyFacts {
  std::string id{};
  std::string form{};          // "token", "bundle", "backup"
  std::string token_serial{};  // of a copy on a token
  std::string sha256{};        // of the manifest, or of the backup
  std::string state{};
  std::uint64_t entry{};  // that brought it to this state
  // Of a bundle, as the wrap told: the cloud, and until when its parameters can be used.
  std::string provider{};
  std::string valid_until{};
};

struct CheckValueFacts {
  std::string alg{};
  std::string value{};
};

// A look from a fresh process at a token: one version.
struct Look {
  VersionRef version{};
  std::string outcome{};  // "absent", "still-there", "not-destroyed", "not-looked"
  std::string canary{};   // "opens-nowhere", "opened", "not-tried"
  std::int64_t destroyed{};
  std::size_t found{};  // objects that were recognised
};

struct VersionFacts {
  VersionRef id{};
  std::string cka_id{};
  std::string origin{};
  std::string public_key_sha256{};
  std::vector<CheckValueFacts> check_values{};
  std::optional<std::uint64_t> made{};  // the entry that tells of its making
  std::optional<std::uint64_t> condemned{};
  std::string state{};
  std::uint64_t state_entry{};
  std::vector<CopyFacts> copies{};
};

// A site that the statement of a decision names, with what was listed there.
struct NamedSite {
  std::string origin{};
  std::string vkey{};
  std::string list_sha256{};
  std::vector<std::string> tokens{};  // serial numbers
  friend bool operator==(const NamedSite&, const NamedSite&) = default;
};

// The approved decision.
struct DecisionFacts {
  std::uint64_t entry{};
  std::string time{};
  std::string by{};  // the operator
  std::vector<std::string> approved_by{};
  std::string statement_sha256{};
  std::string roster_sha256{};
  std::string requested_at{};
  std::string list_sha256{};
  std::int64_t versions{};
  std::int64_t deks{};
  std::string dek_list_sha256{};
  std::vector<VersionRef> condemned{};
  std::vector<NamedSite> sites{};  // empty: it is about this site alone
};

// One run at a token.
struct RunFacts {
  std::uint64_t entry{};
  std::string time{};
  std::string by{};
  std::string tool{};
  std::string module_sha256{};
  TokenFacts token{};
  std::int64_t objects_seen{};
  std::int64_t unread{};  // of them the token told no value to be compared
  std::vector<Look> looks{};
};

struct ClosingFacts {
  std::uint64_t entry{};
  std::string time{};
  std::optional<std::int64_t> deks{};  // where the entry counts them again
  std::string dek_list_sha256{};
};

// A version at a destination.
struct PlaceFacts {
  std::string destination{};
  VersionRef version{};
  std::string state{};
  std::string until{};
  std::string material_expires{};
  std::string evidence_sha256{};
  std::uint64_t entry{};
  bool vouched{false};
  // As the newest decision about the destination says, whose document is there.
  std::string provider{};
  std::string where{};
  std::optional<std::string> retired{};  // the reason
  // The entry by which officers decided that nobody waits for its answer. It stays pending.
  std::optional<std::uint64_t> waived{};
  // Where CloudTrail recorded the deletion: the key that signed it, compared by who ran shred.
  std::string cloudtrail_key_sha256{};
  std::string cloudtrail_deleted_at{};
};

// What another site proves of the statement: by the document that it issued itself.
struct SiteResult {
  std::string sha256{};  // of its file
  std::string issued{};
  std::uint64_t entry{};  // of its log: the decision
  std::string time{};     // of that
  std::size_t versions{};
  std::vector<std::string> performers{};
  // Its own sentences; what is pending without a word about other sites.
  std::vector<std::string> pending{};
  std::vector<std::string> proven{};
  std::vector<std::string> declared{};
  std::vector<std::string> not_proven{};
};

// Another site that takes the same statement.
struct OtherSite {
  NamedSite named{};
  std::uint64_t entry{};  // of this log: the decision whose statement names it
  std::string statement_sha256{};
  std::optional<SiteResult> result{};  // nullopt: none is here
};

struct Facts {
  std::vector<KeyFacts> keys{};          // of the tenant, in the scope
  std::vector<VersionFacts> versions{};  // condemned, by key and number
  std::vector<VersionFacts> others{};    // in the scope, and not condemned
  std::vector<DecisionFacts> decisions{};
  std::vector<RunFacts> runs{};
  std::vector<ClosingFacts> closings{};
  std::vector<PlaceFacts> places{};
  std::vector<OtherSite> other_sites{};    // other_sites.h adds them
  std::optional<std::string> frozen_at{};  // the first of them
};

// By the SHA-256 that an entry names: what a decision about a destination says.
using Documents = std::map<std::string, Json>;

// `told`: in the order of the log. What no entry says is not there; an entry that the log's key
// does not vouch for condemns, destroys and closes nothing.
[[nodiscard]] Facts facts_of(const Scope& scope, const std::vector<ToldEntry>& told,
                             const Documents& documents);

// The last look at a token at this version; nullptr: there was none.
[[nodiscard]] const Look* last_look(const Facts& facts, const VersionRef& version,
                                    const std::string& token_serial);
// Whether a copy on a token is destroyed, and the last look there found nothing of its version.
[[nodiscard]] bool shown_absent(const Facts& facts, const VersionFacts& version,
                                const CopyFacts& copy);

}  // namespace keyrite::certificate
