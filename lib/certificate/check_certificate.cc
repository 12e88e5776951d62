// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "certificate/check_certificate.h"

#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/counted.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "certificate/countersignature.h"
#include "certificate/page.h"
#include "crypto/digest.h"
#include "crypto/timestamp.h"
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

LogCompared require_whole(const std::string& folder, const std::vector<transcript::NoteKey>& keys,
                          const Verified& verified) {
  auto compared = compare_with_log(folder, keys, verified.document, verified.checkpoint);
  if (compared.left_out.empty()) return compared;
  throw Error(
      Kind::kVerification, "destruction-left-out",
      fmt::format("the log has entries about these keys that the certificate leaves out: {}",
                  fmt::join(compared.left_out, ", ")),
      "read them with keyrite transcript show, and ask who issued it why");
}

Json declarations_json(const Checked& checked) {
  Json list = Json::array();
  for (const auto& word : words_of(checked.verified.document))
    list.push_back({{"by", word.by},
                    {"sha256", word.sha256},
                    {"medium", word.medium},
                    {"verified", checked.declarations_verified}});
  return list;
}

Json compared_json(const std::optional<LogCompared>& compared) {
  if (!compared) return {};
  return {{"size", compared->size}, {"later", compared->later}};
}

Json stamped_json(const std::optional<Stamped>& stamped) {
  if (!stamped) return {};
  return {{"time", format_rfc3339(stamped->time)}, {"of", stamped->of}};
}

std::string compared_words(const LogCompared& compared) {
  std::string text = fmt::format(
      "The transcript with {} has no entry about these keys that the certificate leaves out.",
      counted_entries(compared.size));
  if (!compared.later.empty())
    text += fmt::format(
        " After the certificate's checkpoint it has more of them: {}. The certificate says nothing "
        "of these.",
        fmt::join(compared.later, ", "));
  return text;
}

void add(std::vector<std::string>& lines, std::string_view heading,
         const std::vector<std::string>& sentences) {
  if (sentences.empty()) return;
  std::string text = fmt::format("{}:\n", heading);
  for (const auto& sentence : sentences) text += format_table({{"-", printable(sentence)}});
  lines.push_back(text);
}

[[noreturn]] void refuse_half() {
  throw Error(Kind::kUsage, "countersignature-roster",
              "a signature says nothing without the roster, and the roster nothing without one",
              "give both --signature and --roster");
}

// The signatures of people: over the file, and over the declarations in it.
void judge_by(const std::string& path, const CheckRequest& request, const std::string& file,
              Checked& checked) {
  const auto& document = checked.verified.document;
  if (!request.signature && document.declarations.empty()) refuse_half();
  const auto roster = approval::read_roster(path);
  const auto words = words_of(document);
  for (std::size_t i = 0; i < words.size(); ++i)
    require_signed(document.declarations[i], words[i], roster);
  checked.declarations_verified = !words.empty();
  if (request.signature)
    checked.countersigned_by = countersigner(read_file(*request.signature), *request.signature,
                                             file, checked.verified, roster);
}

void require_timestamp_whole(const CheckRequest& request) {
  const bool part = request.timestamp_query || request.timestamp_ca || request.timestamp_chain;
  if (request.timestamp.has_value() == request.timestamp_ca.has_value() &&
      (request.timestamp || !part))
    return;
  throw Error(Kind::kUsage, "certificate-timestamp",
              "a timestamp says nothing without the CA that vouches for its authority",
              "give both --timestamp and --timestamp-ca");
}

Stamped stamped(const CheckRequest& request, const std::string& file, const Verified& verified) {
  const auto query = request.timestamp_query.value_or(
      std::filesystem::path(request.file).replace_extension(".tsq").native());
  const auto reply =
      crypto::parse_timestamp_reply(read_file(*request.timestamp), *request.timestamp);
  const auto& checkpoint = verified.document.checkpoint;
  const bool of_checkpoint = reply.imprint == crypto::sha256(as_bytes(checkpoint));
  require_timestamp(
      reply, read_file(query), as_bytes(of_checkpoint ? checkpoint : file),
      {.ca = as_text(read_file(*request.timestamp_ca)),
       .chain = request.timestamp_chain ? as_text(read_file(*request.timestamp_chain)) : ""});
  return {.time = reply.time, .of = of_checkpoint ? "checkpoint" : "document"};
}

}  // namespace

Checked check_certificate(const CheckRequest& request) {
  require_timestamp_whole(request);
  if (request.signature && !request.roster) refuse_half();
  const auto keys = keys_of(request.vkey);
  const std::string file = as_text(read_file(request.file, kLongest));
  Checked checked{.verified = verify_certificate(file, keys, request.file)};
  if (request.page) require_page(*request.page, checked.verified);
  if (request.roster) judge_by(*request.roster, request, file, checked);
  if (request.timestamp) checked.stamped = stamped(request, file, checked.verified);
  if (request.transcript) checked.log = require_whole(*request.transcript, keys, checked.verified);
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
          {"declarations", declarations_json(checked)},
          {"transcript", compared_json(checked.log)},
          {"timestamp", stamped_json(checked.stamped)},
          {"claims", claims_json(verified.facts)},
          {"pending", statement.pending},
          {"proven", statement.proven},
          {"declared", statement.declared},
          {"not_proven", statement.not_proven}};
}

std::vector<std::string> lines_of(const Checked& checked) {
  const Verified& verified = checked.verified;
  const Statement& statement = verified.statement;
  std::vector<std::string> lines{
      statement.is_complete() ? "verdict: verified" : "verdict: incomplete, an interim statement"};
  lines.push_back(format_table({{fmt::format(
      "The {} is what the log {} says: {}, proven by a checkpoint of {}, and what follows from "
      "them. The log's key signed it.",
      statement.is_complete() ? "certificate" : "interim statement",
      printable(verified.document.origin), counted_entries(verified.document.entries.size()),
      counted_entries(verified.checkpoint.head.size))}}));
  lines.push_back(format_table({{statement.headline}}));
  if (checked.countersigned_by) {
    lines.push_back(
        format_table({{fmt::format("{} of the roster, who performed none of it, signed this file.",
                                   *checked.countersigned_by)}}));
  }
  if (checked.declarations_verified)
    lines.push_back(format_table(
        {{"Each declaration in it is signed by the person of the roster whom it names."}}));
  if (checked.stamped)
    lines.push_back(format_table({{fmt::format(
        "The timestamp authority saw {} at {}.",
        checked.stamped->of == "document" ? "this file" : "the checkpoint in it, with all entries,",
        format_rfc3339(checked.stamped->time))}}));
  if (checked.log) lines.push_back(format_table({{compared_words(*checked.log)}}));
  add(lines, "Pending", statement.pending);
  add(lines, "Proven", statement.proven);
  add(lines, "Declared", statement.declared);
  add(lines, "What this does not prove", statement.not_proven);
  return lines;
}

}  // namespace keyrite::certificate
