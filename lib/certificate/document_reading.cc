// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/bytes.h"
#include "base/canonical_json.h"
#include "base/clock.h"
#include "base/document.h"
#include "base/error.h"
#include "base/long_json.h"
#include "certificate/document.h"

namespace keyrite::certificate {

namespace {

constexpr DocumentKind kKind{kFormat, kCertificateVersion, "destruction"};
constexpr std::size_t kIdDigits = 32;
// A path of a tree of 2^64 entries has 64 hashes.
constexpr std::size_t kLongestProof = 64;
constexpr std::size_t kMostSignatures = 64;

std::string id_text(const JsonView& value) {
  std::string id = hex_text(value, kKind);
  if (id.size() != kIdDigits) refuse_value(value, kKind, "not 32 digits of hex");
  return id;
}

std::int64_t whole_number(const JsonView& value) {
  const std::int64_t number = value.integer();
  if (number < 0 || number > kLargestJsonInteger) refuse_value(value, kKind, "no such number");
  return number;
}

Scope scope_in(const JsonView& value) {
  require_only(value, kKind, {"tenant", "key", "number"});
  Scope scope{.tenant = id_text(value.at("tenant"))};
  if (const auto key = value.find("key")) scope.key = id_text(*key);
  if (const auto number = value.find("number")) scope.number = whole_number(*number);
  if (scope.number && !scope.key) refuse_value(value, kKind, "a number without a key");
  return scope;
}

GivenNames names_in(const JsonView& value) {
  require_only(value, kKind, {"keys", "tenant"});
  GivenNames names;
  if (const auto tenant = value.find("tenant")) names.tenant = one_line_text(*tenant, kKind);
  const JsonView keys = value.at("keys");
  if (!keys.is_object()) refuse_value(keys, kKind, "not an object");
  for (const auto& [id, name] : keys.raw().items()) {
    (void)id_text(JsonView(Json(id), keys.where()));
    names.keys[id] = one_line_text(JsonView(name, keys.where()), kKind);
  }
  return names;
}

transcript::Proof proof_in(const JsonView& value) {
  transcript::Proof proof;
  for (const auto& item : value.items()) {
    const auto hash = transcript::hash_of(from_base64(item.text(), item.where()));
    if (!hash) refuse_value(item, kKind, "not a hash of 32 bytes");
    proof.push_back(*hash);
  }
  if (proof.size() > kLongestProof) refuse_value(value, kKind, "longer than a proof can be");
  return proof;
}

std::vector<ProvenEntry> entries_in(const JsonView& value) {
  std::vector<ProvenEntry> entries;
  for (const auto& item : value.items()) {
    require_only(item, kKind, {"index", "line", "proof", "facts"});
    ProvenEntry entry{.index = static_cast<std::uint64_t>(whole_number(item.at("index"))),
                      .line = item.text("line"),
                      .proof = proof_in(item.at("proof")),
                      .facts = item.optional_text("facts")};
    if (!entries.empty() && entry.index <= entries.back().index)
      refuse_value(item, kKind, "not in the order of the log");
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::vector<Declaration> declarations_in(const JsonView& value) {
  std::vector<Declaration> declarations;
  for (const auto& item : value.items()) {
    require_only(item, kKind, {"by", "signature", "text"});
    declarations.push_back({.by = one_line_text(item.at("by"), kKind),
                            .text = item.text("text"),
                            .signature = item.text("signature")});
  }
  if (declarations.empty()) refuse_value(value, kKind, "no declaration in it");
  return declarations;
}

// As the site wrote its file.
std::vector<std::string> sites_in(const JsonView& value) {
  std::vector<std::string> sites;
  for (const auto& item : value.items()) sites.push_back(canonical_json(item.raw()) + "\n");
  if (sites.empty()) refuse_value(value, kKind, "no site in it");
  return sites;
}

std::vector<std::string> texts_in(const JsonView& value) {
  std::vector<std::string> texts;
  for (const auto& item : value.items()) texts.push_back(item.text());
  return texts;
}

std::string time_in(const JsonView& value) {
  std::string text = value.text();
  if (format_rfc3339(parse_rfc3339(text, value.where())) != text)
    refuse_value(value, kKind, "not a time in UTC, in seconds");
  return text;
}

}  // namespace

Document read_document(std::string_view file, std::string_view origin) {
  const Json json = parse_long_json(as_bytes(file), origin, kLongest);
  const JsonView whole(json, std::string(origin));
  require_kind(whole, kKind);
  require_only(
      whole, kKind,
      {"checkpoint", "claims", "decisions", "declarations", "entries", "format", "issued", "kind",
       "names", "origin", "scope", "signatures", "sites", "statement", "tool", "version"});
  Document document{.origin = one_line_text(whole.at("origin"), kKind),
                    .issued = time_in(whole.at("issued")),
                    .tool = one_line_text(whole.at("tool"), kKind),
                    .scope = scope_in(whole.at("scope")),
                    .names = names_in(whole.at("names")),
                    .entries = entries_in(whole.at("entries")),
                    .decisions = texts_in(whole.at("decisions")),
                    .checkpoint = whole.text("checkpoint"),
                    .signatures = texts_in(whole.at("signatures"))};
  if (const auto declared = whole.find("declarations"))
    document.declarations = declarations_in(*declared);
  if (const auto sites = whole.find("sites")) document.sites = sites_in(*sites);
  if (document.signatures.empty() || document.signatures.size() > kMostSignatures)
    refuse_value(whole.at("signatures"), kKind, "not 1 to 64 signatures");
  return document;
}

}  // namespace keyrite::certificate
