// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The certificate of key destruction as a file (docs/formats/certificate.md): one canonical JSON
// object with the entries of the log that it rests on, their proofs and the signed checkpoint, what
// follows from them, and a signature of the log's key over all of it. Plain values, pure; any
// thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "certificate/declaration.h"
#include "certificate/facts.h"
#include "certificate/statement.h"
#include "transcript/merkle.h"

namespace keyrite::certificate {

inline constexpr const char* kFormat = "keyrite-destruction-certificate";
inline constexpr int kCertificateVersion = 1;
// A certificate has the entries of a tenant's keys, a few kilobytes for each.
inline constexpr std::size_t kLongest = std::size_t{64} << 20U;

// Of errors about a document that is not what it should be.
inline constexpr const char* kAskForTheLog = "do not rely on this document: ask for the log itself";

struct ProvenEntry {
  std::uint64_t index{};
  std::string line{};
  transcript::Proof proof{};
  // Its facts, where they are in a side file: the entry has their SHA-256.
  std::optional<std::string> facts{};
};

// All that a certificate is made of.
struct Document {
  std::string origin{};  // the name of the log
  std::string issued{};  // RFC 3339
  std::string tool{};
  Scope scope{};
  GivenNames names{};
  std::vector<ProvenEntry> entries{};       // in the order of the log
  std::vector<std::string> decisions{};     // documents whose SHA-256 an entry names
  std::vector<Declaration> declarations{};  // of custodians, about media
  std::vector<std::string> sites{};         // files that other sites issued
  std::string checkpoint{};                 // the signed note
  std::vector<std::string> signatures{};    // lines of a note, without LF
};

// The entries as facts_of() takes them. `vouched`: whether the log's key vouches for an entry; may
// throw. Errors kVerification "destruction-entry" (a line that is no entry of that
// place), "destruction-facts" (a side file that the entry does not name).
using IsVouched = std::function<bool(const Json& entry)>;
[[nodiscard]] std::vector<ToldEntry> told_by(const Document& document, const IsVouched& vouched);
// By their SHA-256. Error kConfig of parse_json.
[[nodiscard]] Documents documents_of(const Document& document);

// What its declarations say. Errors: those of word_of.
[[nodiscard]] std::vector<DeclaredWord> words_of(const Document& document);

// Canonical, without signatures: what is signed, by its SHA-256.
[[nodiscard]] std::string body_of(const Document& document, const Facts& facts,
                                  const Statement& statement);
// The text of a note: three lines, "keyrite certificate v1", the log's name, and the SHA-256 of the
// body. No checkpoint begins so, since a log's name has no space.
[[nodiscard]] std::string text_to_sign(const Document& document, std::string_view body);
// The file: the body with the member "signatures", and LF.
[[nodiscard]] std::string file_of(std::string_view body,
                                  const std::vector<std::string>& signatures);

// What a file is made of; what it says of that is not read. Errors kConfig: those of parse_json,
// "destruction-format", "destruction-version",
// "destruction-unknown-field", "destruction-invalid", "json-missing-field",
// "json-wrong-type".
[[nodiscard]] Document read_document(std::string_view file, std::string_view origin);

}  // namespace keyrite::certificate
