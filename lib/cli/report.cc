#include "cli/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/screen.h"
#include "base/text.h"

namespace keyrite::cli {

namespace {

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

std::string prefixed(std::string_view prefix, std::string_view text, unsigned columns) {
  std::string lines = lay_out(printable_lines(text), columns, fmt::format("{}: ", prefix));
  if (!lines.empty() && !lines.ends_with('\n')) lines += '\n';
  return lines;
}

std::string error_lines(std::string_view tool, const Error& error, unsigned columns) {
  const std::string_view word = error.kind() == Kind::kWaiting ? "waiting" : "error";
  return prefixed(fmt::format("{}: {}", tool, word), error.message(), columns) +
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
