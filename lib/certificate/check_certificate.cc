// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "certificate/check_certificate.h"

#include <fmt/format.h>

#include "base/counted.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "certificate/countersignature.h"
#include "certificate/page.h"
#include "transcript/vkey_file.h"

namespace keyrite::certificate {

namespace {

// A page is shorter than its document, but for what it repeats.
constexpr std::size_t kLongestPage = 2 * kLongest;

std::vector<transcript::NoteKey> keys_of(const std::vector<std::string>& given) {
  std::vector<transcript::NoteKey> keys;
  for (const auto& one : given) {
    for (auto& key : transcript::vkeys_given(one)) keys.push_back(std::move(key));
  }
  return keys;
}

void require_page(const std::string& path, const Verified& verified) {
  const std::string page =
      page_of(verified.document, verified.facts, verified.statement, verified.sha256);
  if (as_text(read_file(path, kLongestPage)) == page) return;
  throw Error(Kind::kVerification, "destruction-page",
              fmt::format("{} is not the page of this certificate", printable(path)),
              "do not rely on the page: the certificate itself is good");
}

void add(std::vector<std::string>& lines, std::string_view heading,
         const std::vector<std::string>& sentences) {
  if (sentences.empty()) return;
  std::string text = fmt::format("{}:\n", heading);
  for (const auto& sentence : sentences) text += format_table({{"-", printable(sentence)}});
  lines.push_back(text);
}

}  // namespace

const std::vector<act::Field<CheckRequest>>& CheckRequest::table() {
  using R = CheckRequest;
  static const std::vector<act::Field<R>> fields{
      {{.name = "file",
        .value = "FILE",
        .help = "the certificate: certificate.json",
        .need = act::Need::kRequired,
        .shape = act::Shape::kPositional,
        .binds = act::Binds::input()},
       &R::file},
      {{.name = "vkey",
        .value = "VKEY",
        .help = "key that signs the log: the vkey that was noted when the site was made, or a file "
                "with one vkey in each line",
        .need = act::Need::kRequired,
        .binds = act::Binds::plain()},
       &R::vkey},
      {{.name = "page",
        .value = "FILE",
        .help = "certificate.html, which must be the page of this certificate",
        .binds = act::Binds::input()},
       &R::page},
      {{.name = "signature",
        .value = "FILE",
        .help = "SSH signature over the certificate by a person who did not perform the "
                "destruction",
        .binds = act::Binds::input()},
       &R::signature},
      {{.name = "roster",
        .value = "FILE",
        .help = "who that person may be: the roster of the site, from a place that you trust",
        .binds = act::Binds::input()},
       &R::roster},
  };
  return fields;
}

Checked check_certificate(const CheckRequest& request) {
  if (request.signature.has_value() != request.roster.has_value()) {
    throw Error(Kind::kUsage, "countersignature-roster",
                "a signature says nothing without the roster, and the roster nothing without one",
                "give both --signature and --roster");
  }
  const auto keys = keys_of(request.vkey);
  const std::string file = as_text(read_file(request.file, kLongest));
  Checked checked{.verified = verify_certificate(file, keys, request.file)};
  if (request.page) require_page(*request.page, checked.verified);
  if (request.signature) {
    checked.countersigned_by =
        countersigner(as_text(read_file(*request.signature)), *request.signature, file,
                      checked.verified, approval::read_roster(*request.roster));
  }
  return checked;
}

Json to_json(const Checked& checked) {
  const Verified& verified = checked.verified;
  const Statement& statement = verified.statement;
  return {{"kind", statement.kind},
          {"headline", statement.headline},
          {"origin", verified.document.origin},
          {"issued", verified.document.issued},
          {"sha256", verified.sha256},
          {"checkpoint_size", verified.checkpoint.head.size},
          {"entries", verified.document.entries.size()},
          {"vkeys", verified.vkeys},
          {"countersigned_by", checked.countersigned_by ? Json(*checked.countersigned_by) : Json()},
          {"claims", claims_json(verified.facts)},
          {"pending", statement.pending},
          {"proven", statement.proven},
          {"declared", statement.declared},
          {"not_proven", statement.not_proven}};
}

std::vector<std::string> lines_of(const Checked& checked) {
  const Verified& verified = checked.verified;
  const Statement& statement = verified.statement;
  std::vector<std::string> lines{format_table({{fmt::format(
      "The {} is what the log {} says: {}, proven by a checkpoint of {}, and what follows from "
      "them. The log's key signed it.",
      statement.is_complete() ? "certificate" : "interim statement",
      printable(verified.document.origin), counted_entries(verified.document.entries.size()),
      counted_entries(verified.checkpoint.head.size))}})};
  lines.push_back(format_table({{statement.headline}}));
  if (checked.countersigned_by) {
    lines.push_back(
        format_table({{fmt::format("{} of the roster, who performed none of it, signed this file.",
                                   *checked.countersigned_by)}}));
  }
  add(lines, "Pending", statement.pending);
  add(lines, "Proven", statement.proven);
  add(lines, "Declared", statement.declared);
  add(lines, "What this does not prove", statement.not_proven);
  return lines;
}

}  // namespace keyrite::certificate
