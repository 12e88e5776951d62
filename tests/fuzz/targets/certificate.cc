// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The certificate of key destruction: whoever carries one may have written it.
#include <algorithm>

#include "base/error.h"
#include "certificate/page.h"
#include "certificate/verification.h"
#include "fuzz/targets/all.h"
#include "transcript/vkey_file.h"

namespace keyrite::fuzz {

namespace {

using namespace keyrite::certificate;

const transcript::NoteKey& destruction_key() {
  static const transcript::NoteKey key =
      transcript::read_vkeys(as_file(fixed("destruction/vkey"), "destruction-vkey")).front();
  return key;
}

// As an issuer without scruples could sign it: all that follows from the entries as they are.
void require_whole(const Document& document) {
  const auto told = taken(
      [&] { return told_by(document, [](const Json& entry) { return entry.contains("vouch"); }); });
  if (!told) return;
  const auto documents = taken([&] { return documents_of(document); });
  if (!documents) return;
  const Facts facts = facts_of(document.scope, *told, *documents);
  const auto words = taken([&] { return words_of(document); });
  if (!words) return;
  const Statement statement = statement_of(facts, document.names, *words);
  require(statement.is_complete() == (statement.kind == kCertificateKind),
          "what is pending is no certificate");
  require(!statement.is_complete() || !facts.versions.empty(), "a certificate is of something");
  require(!statement.not_proven.empty(), "what is not proven is always said");
  const std::string body = body_of(document, facts, statement);
  const Document again = read_document(file_of(body, document.signatures), "written");
  require(body_of(again, facts, statement) == body, "a document reads back as it was written");
  const std::string page = page_of(document, facts, statement, std::string(64, '0'));
  require(page.find("<script") == std::string::npos, "no name is an element of the page");
  require(std::count(page.begin(), page.end(), '\0') == 0, "no NUL is in the page");
}

}  // namespace

Outcome destruction(ByteView bytes) {
  const std::string text = as_text(bytes);
  const auto verified =
      taken([&] { return verify_certificate(text, {destruction_key()}, "input"); });
  require(!verified || text == as_text(fixed("destruction/certificate.json")),
          "the log's key signed one document");
  const auto read = taken([&] { return read_document(text, "input"); });
  if (!read) return Outcome::kRefused;
  require_whole(*read);
  return Outcome::kTaken;
}

}  // namespace keyrite::fuzz
