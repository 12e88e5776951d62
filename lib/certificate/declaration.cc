// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "certificate/declaration.h"

#include <fmt/format.h>

#include "approval/approval_file.h"
#include "approval/signer.h"
#include "base/clock.h"
#include "base/document.h"
#include "base/error.h"
#include "base/file.h"
#include "base/presence.h"
#include "base/text.h"
#include "crypto/digest.h"

namespace keyrite::certificate {

namespace {

constexpr DocumentKind kDeclarationKind{kDeclarationFormat, kDeclarationVersion, "declaration"};
constexpr std::size_t kLongestText = 500;
constexpr std::string_view kWhere = "the declaration";
constexpr std::string_view kSshStart = "-----BEGIN SSH SIGNATURE-----";

std::string short_text(const JsonView& value) {
  std::string text = one_line_text(value, kDeclarationKind);
  if (text.empty() || text.size() > kLongestText)
    refuse_value(value, kDeclarationKind, "not 1 to 500 bytes");
  return text;
}

std::string time_text(const JsonView& value) {
  std::string text = value.text();
  if (format_rfc3339(parse_rfc3339(text, value.where())) != text)
    refuse_value(value, kDeclarationKind, "not a time in UTC, in seconds");
  return text;
}

[[noreturn]] void unsigned_by(const std::string& what, std::string_view why) {
  throw Error(Kind::kVerification, "declaration-unsigned", fmt::format("{} {}", what, why),
              fmt::format("have it signed by a person of the roster: ssh-keygen -Y sign -n {}",
                          kDeclareNamespace));
}

approval::Signer good_signer(const approval::ApprovalFile& file, const std::string& text,
                             const std::string& time, const approval::Roster& roster) {
  auto signer = approval::signer_of(file, as_bytes(text), roster, kDeclareNamespace,
                                    parse_rfc3339(time, "time"));
  if (!signer.is_good || !signer.holds) unsigned_by(printable(file.name), signer.why);
  return signer;
}

std::string signature_beside(const std::string& path) {
  for (const char* ending : {".sig", ".p7s"}) {
    if (is_there(path + ending)) return path + ending;
  }
  unsigned_by(printable(path), "has no signature beside it, with .sig or .p7s after its name");
}

// The bytes of the file, as a certificate keeps them.
approval::ApprovalFile file_of(const Declaration& declaration) {
  if (declaration.signature.starts_with(kSshStart))
    return {std::string(kWhere), declaration.signature};
  return {std::string(kWhere), as_text(from_base64(declaration.signature, kWhere))};
}

}  // namespace

DeclaredWord word_of(const Declaration& declaration, std::string_view tenant) {
  const Json json = parse_json(as_bytes(declaration.text), kWhere);
  const JsonView whole(json, std::string(kWhere));
  require_kind(whole, kDeclarationKind);
  require_only(whole, kDeclarationKind, {"format", "version", "tenant", "medium", "says", "time"});
  DeclaredWord word{.by = declaration.by,
                    .sha256 = crypto::sha256_hex(as_bytes(declaration.text)),
                    .tenant = hex_text(whole.at("tenant"), kDeclarationKind),
                    .medium = short_text(whole.at("medium")),
                    .says = short_text(whole.at("says")),
                    .time = time_text(whole.at("time"))};
  if (word.tenant == tenant) return word;
  throw Error(
      Kind::kVerification, "declaration-other",
      fmt::format("a declaration is about the tenant {}, and the certificate about {}", word.tenant,
                  printable(tenant)),
      "give the id of the tenant as keyrite tenant show prints it, and have it signed anew");
}

Declaration read_declaration(const std::string& path, std::string_view tenant,
                             const approval::Roster& roster) {
  Declaration declaration{.text = as_text(read_file(path))};
  const auto word = word_of(declaration, tenant);
  const auto beside = signature_beside(path);
  const auto file = approval::approval_file(beside, read_file(beside));
  declaration.by = good_signer(file, declaration.text, word.time, roster).person->identity;
  declaration.signature =
      file.content.starts_with(kSshStart) ? file.content : to_base64(as_bytes(file.content));
  return declaration;
}

void require_signed(const Declaration& declaration, const DeclaredWord& word,
                    const approval::Roster& roster) {
  const auto signer = good_signer(file_of(declaration), declaration.text, word.time, roster);
  if (approval::same_identity(signer.person->identity, declaration.by)) return;
  unsigned_by(std::string(kWhere), fmt::format("is signed by {}, and the certificate names {}",
                                               signer.person->identity, printable(declaration.by)));
}

Json to_json(const Declaration& declaration) {
  return {{"by", declaration.by}, {"signature", declaration.signature}, {"text", declaration.text}};
}

}  // namespace keyrite::certificate
