// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "certificate/document.h"

#include <fmt/format.h>

#include "base/canonical_json.h"
#include "base/error.h"
#include "base/long_json.h"
#include "certificate/internal/members.h"
#include "crypto/digest.h"

namespace keyrite::certificate {

namespace {

Json scope_json(const Scope& scope) {
  Json json{{"tenant", scope.tenant}};
  if (scope.key) json["key"] = *scope.key;
  if (scope.number) json["number"] = *scope.number;
  return json;
}

Json names_json(const GivenNames& names) {
  Json keys = Json::object();
  for (const auto& [id, name] : names.keys) keys[id] = name;
  return {{"keys", keys}, {"tenant", names.tenant ? Json(*names.tenant) : Json(nullptr)}};
}

Json statement_json(const Statement& statement) {
  return {{"declared", statement.declared},
          {"headline", statement.headline},
          {"not_proven", statement.not_proven},
          {"pending", statement.pending},
          {"proven", statement.proven}};
}

Json entry_json(const ProvenEntry& entry) {
  Json proof = Json::array();
  for (const auto& hash : entry.proof) proof.push_back(to_base64(hash));
  Json json{{"index", entry.index}, {"line", entry.line}, {"proof", proof}};
  if (entry.facts) json["facts"] = *entry.facts;
  return json;
}

[[noreturn]] void refuse(std::string code, const ProvenEntry& entry, std::string_view why) {
  throw Error(Kind::kVerification, std::move(code), fmt::format("entry {}: {}", entry.index, why),
              kAskForTheLog);
}

Json parsed_entry(const ProvenEntry& proven) {
  Json entry;
  try {
    entry = parse_canonical_json(proven.line, "the line of an entry");
  } catch (const Error& error) {
    refuse("destruction-entry", proven, error.message());
  }
  const Json& seq = member_of(entry, "seq");
  if (!seq.is_number_unsigned() || seq.get<std::uint64_t>() != proven.index)
    refuse("destruction-entry", proven, "its line is of another place in the log");
  return entry;
}

// As they stand in the entry, or in the side file that it names.
Json facts_in(const ProvenEntry& proven, const Json& entry) {
  const Json& facts = member_of(entry, "facts");
  if (!proven.facts) return facts;
  const std::string wanted = text_in(facts, "evidence_sha256");
  const std::string found = crypto::sha256_hex(as_bytes(*proven.facts));
  if (wanted != found) {
    refuse("destruction-facts", proven,
           fmt::format("its facts have the SHA-256 {}, and the entry names {}", found,
                       wanted.empty() ? "none" : wanted));
  }
  try {
    return parse_canonical_json(*proven.facts, "the facts of an entry");
  } catch (const Error& error) {
    refuse("destruction-facts", proven, error.message());
  }
}

}  // namespace

std::vector<ToldEntry> told_by(const Document& document, const IsVouched& vouched) {
  std::vector<ToldEntry> told;
  for (const auto& proven : document.entries) {
    Json entry = parsed_entry(proven);
    const bool is_vouched = vouched(entry);
    Json facts = facts_in(proven, entry);
    told.push_back({.index = proven.index,
                    .entry = std::move(entry),
                    .facts = std::move(facts),
                    .vouched = is_vouched});
  }
  return told;
}

Documents documents_of(const Document& document) {
  Documents documents;
  for (const auto& text : document.decisions) {
    documents.emplace(crypto::sha256_hex(as_bytes(text)),
                      parse_json(as_bytes(text), "a decision in the certificate"));
  }
  return documents;
}

std::vector<DeclaredWord> words_of(const Document& document) {
  std::vector<DeclaredWord> words;
  for (const auto& one : document.declarations)
    words.push_back(word_of(one, document.scope.tenant));
  return words;
}

std::string body_of(const Document& document, const Facts& facts, const Statement& statement) {
  Json entries = Json::array();
  for (const auto& entry : document.entries) entries.push_back(entry_json(entry));
  Json body{{"checkpoint", document.checkpoint},
            {"claims", claims_json(facts)},
            {"decisions", document.decisions},
            {"entries", entries},
            {"format", kFormat},
            {"issued", document.issued},
            {"kind", statement.kind},
            {"names", names_json(document.names)},
            {"origin", document.origin},
            {"scope", scope_json(document.scope)},
            {"statement", statement_json(statement)},
            {"tool", document.tool},
            {"version", kCertificateVersion}};
  // Without one there is no member.
  for (const auto& one : document.declarations) body["declarations"].push_back(to_json(one));
  for (const auto& one : document.sites)
    body["sites"].push_back(parse_long_json(as_bytes(one), "the result of a site", kLongest));
  return canonical_json(body);
}

std::string text_to_sign(const Document& document, std::string_view body) {
  return fmt::format("keyrite certificate v1\n{}\n{}\n", document.origin,
                     crypto::sha256_hex(as_bytes(body)));
}

std::string file_of(std::string_view body, const std::vector<std::string>& signatures) {
  Json whole = parse_long_json(as_bytes(body), "the certificate", kLongest);
  whole["signatures"] = signatures;
  return canonical_json(whole) + "\n";
}

}  // namespace keyrite::certificate
