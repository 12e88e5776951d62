#include "cli/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "act/awaits_approval.h"
#include "base/screen.h"
#include "base/text.h"
#include "cli/color.h"

namespace keyrite::cli {

namespace {

constexpr std::string_view kCompact = "--json=compact";
constexpr std::string_view kFormOf = "--json=";

// Line ends stay; nothing else that moves the cursor does.
std::string printable_lines(std::string_view text) {
  std::string lines;
  while (true) {
    const std::string_view line = text.substr(0, text.find('\n'));
    lines += printable(line);
    if (line.size() == text.size()) return lines;
    lines += '\n';
    text.remove_prefix(line.size() + 1);
  }
}

}  // namespace

Json document(std::string_view tool, std::string_view name, Json value) {
  return {{"keyrite", tool}, {"version", kDocumentVersion}, {name, std::move(value)}};
}

DocumentForm document_form(const std::vector<std::string>& words) {
  auto form = DocumentForm::kNone;
  for (const auto& word : words) {
    if (word == "--") break;
    if (word == kCompact) return DocumentForm::kCompact;
    if (word == "--json" || word.starts_with(kFormOf)) form = DocumentForm::kIndented;
  }
  return form;
}

std::vector<std::string> without_form(const std::vector<std::string>& words) {
  std::vector<std::string> plain = words;
  const auto end = std::ranges::find(plain, "--");
  for (auto word = plain.begin(); word != end; ++word) {
    if (*word == kCompact) *word = "--json";
    if (!word->starts_with(kFormOf)) continue;
    throw Error(Kind::kUsage, "value-not-allowed",
                fmt::format("{} is no form of the document", printable(*word)),
                "give --json, or --json=compact for one line");
  }
  return plain;
}

std::string document_text(const Json& document, bool compact) {
  if (!compact) return dump_json(document);
  constexpr int kOneLine = -1;
  return document.dump(kOneLine, ' ', true, Json::error_handler_t::replace) + "\n";
}

std::string prefixed(std::string_view prefix, std::string_view text, unsigned columns) {
  std::string lines = lay_out(printable_lines(text), columns, fmt::format("{}: ", prefix));
  if (!lines.empty() && !lines.ends_with('\n')) lines += '\n';
  return lines;
}

std::string error_lines(std::string_view tool, const Error& error, unsigned columns, bool color) {
  const bool waiting = error.kind() == Kind::kWaiting;
  const std::string head = fmt::format("{}: {}", tool, waiting ? "waiting" : "error");
  return tone_heads(prefixed(head, error.message(), columns), head + ":",
                    waiting ? Tone::kCare : Tone::kBad, color) +
         prefixed(fmt::format("{}: hint", tool), error.hint(), columns) +
         prefixed(fmt::format("{}: code", tool),
                  fmt::format("{0} (keyrite explain {0})", error.code()), columns);
}

Json error_json(const Error& error) {
  Json json{{"code", error.code()},
            {"kind", kind_name(error.kind())},
            {"message", printable_lines(error.message())}};
  if (!error.hint().empty()) json["hint"] = printable_lines(error.hint());
  if (const auto& ckr = error.ckr()) {
    json["ckr"] = {{"function", ckr->function}, {"name", ckr->name}, {"value", ckr->value}};
  }
  if (const auto* waits = dynamic_cast<const act::AwaitsApproval*>(&error))
    json.update(waits->to_json());
  for (const auto& [what, object, code, message] : error.failed_checks()) {
    json["failed_checks"].push_back({{"what", printable_lines(what)},
                                     {"object", printable_lines(object)},
                                     {"code", code},
                                     {"message", printable_lines(message)}});
  }
  return json;
}

std::string_view kind_name(Kind kind) {
  switch (kind) {
    case Kind::kFailed:
      return "failed";
    case Kind::kUsage:
      return "usage";
    case Kind::kConfig:
      return "config";
    case Kind::kToken:
      return "token";
    case Kind::kPin:
      return "pin";
    case Kind::kVerification:
      return "verification";
    case Kind::kWaiting:
      return "waiting";
    case Kind::kUnknownOutcome:
      return "unknown-outcome";
    case Kind::kInternal:
      return "internal";
  }
  return "internal";
}

}  // namespace keyrite::cli
