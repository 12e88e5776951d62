// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "certificate/verification.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/canonical_json.h"
#include "base/error.h"
#include "base/long_json.h"
#include "base/text.h"
#include "certificate/other_sites.h"
#include "crypto/digest.h"
#include "transcript/entry.h"

namespace keyrite::certificate {

namespace {

using transcript::NoteKey;

[[noreturn]] void refuse(std::string code, std::string message) {
  throw Error(Kind::kVerification, std::move(code), std::move(message), kAskForTheLog);
}

// A witness signs checkpoints, and no document.
std::vector<NoteKey> keys_of_log(const std::vector<NoteKey>& keys, const std::string& origin) {
  std::vector<NoteKey> of_log;
  for (const auto& key : keys) {
    if (key.name() == origin && key.type() != transcript::SignatureType::kCosignature)
      of_log.push_back(key);
  }
  return of_log;
}

// What the file says that was signed.
std::string body_in(std::string_view file, std::string_view origin) {
  Json body = parse_long_json(as_bytes(file), origin, kLongest);
  body.erase("signatures");
  try {
    return canonical_json(body);
  } catch (const Error& error) {
    throw Error(Kind::kConfig, "destruction-invalid",
                fmt::format("{}: {}", printable(origin), error.message()), kAskForTheLog);
  }
}

// Over the file as it is: whoever does not have the log's key gets no further.
std::vector<std::string> require_signature(const Document& document, std::string_view file,
                                           const std::vector<NoteKey>& keys,
                                           std::string_view origin) {
  std::string note = text_to_sign(document, body_in(file, origin)) + "\n";
  for (const auto& line : document.signatures) note += line + "\n";
  try {
    return verify_note(transcript::parse_note(note, origin), keys, origin).verified;
  } catch (const Error& error) {
    refuse("destruction-signature",
           fmt::format("the log's key did not sign this document: {}", error.message()));
  }
}

void require_entries(const Document& document, const transcript::TreeHead& head) {
  transcript::Hasher hasher;
  for (const auto& entry : document.entries) {
    if (verifies_inclusion(hasher, entry.index, head.size, hasher.leaf(as_bytes(entry.line)),
                           entry.proof, head.root))
      continue;
    refuse("destruction-entry",
           fmt::format("entry {}: its proof does not lead from this line to the checkpoint",
                       entry.index));
  }
}

// By any of the log's keys: a log may have had another one before.
bool is_vouched_by(const Json& entry, const std::vector<NoteKey>& keys) {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    try {
      return transcript::is_vouched(entry, keys[i]);
    } catch (const Error&) {
      if (i + 1 == keys.size()) throw;
    }
  }
  return false;
}

void require_decisions_named(const Document& document, const std::vector<ToldEntry>& told) {
  for (const auto& text : document.decisions) {
    const std::string sha256 = crypto::sha256_hex(as_bytes(text));
    const bool named = std::ranges::any_of(told, [&](const ToldEntry& one) {
      const auto changes = one.facts.is_object() ? one.facts.find("changes") : one.facts.end();
      if (!one.facts.is_object() || changes == one.facts.end() || !changes->is_array())
        return false;
      return std::ranges::any_of(*changes, [&](const Json& change) {
        if (!change.is_object()) return false;
        const auto decision = change.find("decision");
        return decision != change.end() && decision->is_object() && decision->contains("sha256") &&
               decision->at("sha256") == sha256;
      });
    });
    if (!named)
      refuse("destruction-decision",
             fmt::format("no entry names the decision with the SHA-256 {}", sha256));
  }
}

// The first member in which two documents differ.
std::string differing(std::string_view file, const std::string& expected) {
  const Json found = parse_long_json(as_bytes(file), "the certificate", kLongest);
  const Json wanted = parse_long_json(as_bytes(expected), "the certificate", kLongest);
  for (const auto& [name, value] : wanted.items()) {
    const auto there = found.find(name);
    if (there == found.end() || canonical_json(*there) != canonical_json(value)) return name;
  }
  return "form";
}

// So that who verifies is told which vkey is missing, and not that a signature is wrong.
void require_vkey_of(const std::string& site, const std::vector<NoteKey>& keys) {
  if (!keys_of_log(keys, site).empty()) return;
  throw Error(
      Kind::kVerification, "destruction-site-vkey",
      fmt::format("there is a result of the site {}, and no vkey of it was given", printable(site)),
      "give the vkey that was noted when that site was made, too");
}

}  // namespace

std::vector<Verified> verify_sites(const Document& document, const std::vector<NoteKey>& keys) {
  std::vector<Verified> results;
  for (const auto& text : document.sites) {
    const std::string origin = fmt::format("the result of another site ({})", results.size() + 1);
    const Document inner = read_document(text, origin);
    require_vkey_of(inner.origin, keys);
    if (!inner.sites.empty())
      refuse("destruction-site-nested",
             fmt::format("the result of {} has results of other sites in it",
                         printable(inner.origin)));
    results.push_back(verify_certificate(text, keys, origin));
  }
  return results;
}

Verified verify_certificate(std::string_view file, const std::vector<NoteKey>& keys,
                            std::string_view origin) {
  Verified verified{.document = read_document(file, origin),
                    .sha256 = crypto::sha256_hex(as_bytes(file))};
  const Document& document = verified.document;
  const auto checkpoint = transcript::parse_signed_checkpoint(document.checkpoint, origin);
  (void)verify_checkpoint(checkpoint, keys, origin);
  verified.checkpoint = checkpoint.checkpoint;
  if (verified.checkpoint.origin != document.origin)
    refuse("destruction-says-else",
           fmt::format("it is of the log {}, and its checkpoint of {}", printable(document.origin),
                       printable(verified.checkpoint.origin)));
  const auto of_log = keys_of_log(keys, document.origin);
  verified.vkeys = require_signature(document, file, of_log, origin);
  require_entries(document, verified.checkpoint.head);
  const auto told =
      told_by(document, [&](const Json& entry) { return is_vouched_by(entry, of_log); });
  require_decisions_named(document, told);
  verified.facts = facts_of(document.scope, told, documents_of(document));
  add_other_sites(verified.facts, document.origin, verify_sites(document, keys));
  verified.statement = statement_of(verified.facts, document.names, words_of(document));
  const std::string expected =
      file_of(body_of(document, verified.facts, verified.statement), document.signatures);
  if (file != expected) {
    refuse("destruction-says-else",
           fmt::format("its \"{}\" is not what follows from the entries that it has",
                       differing(file, expected)));
  }
  return verified;
}

}  // namespace keyrite::certificate
