#include "approval/statement_text.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/json.h"
#include "base/lower_hex.h"
#include "base/text.h"

namespace keyrite::approval {
namespace {

// What approvers ask first stands first. Fields that are not named here follow.
constexpr std::array<std::string_view, 23> kReadingOrder{
    "operation",     "operator",      "tenant_ref",   "kek_label",     "kek_ref",
    "kek_version",   "token_model",   "token_serial", "not_before",    "not_after",
    "threshold",     "ceremony_id",   "tool_version", "script_sha256", "request_sha256",
    "names_sha256",  "module_sha256", "log_origin",   "log_size",      "log_root",
    "roster_sha256", "type",          "version"};

constexpr std::size_t kNameColumns = 15;  // the longest name and a blank
constexpr std::size_t kTextColumns = 63;  // with name and quotes 80

// How many bytes of the text fill a line, no character cut.
std::size_t bytes_of_line(std::string_view text) {
  std::size_t at = 0;
  for (std::size_t columns = 0; at < text.size(); ++at) {
    const bool starts = (static_cast<std::uint8_t>(text[at]) & 0xc0U) != 0x80U;
    if (starts && ++columns > kTextColumns) break;
  }
  return at;
}

// A long text stands in several pairs of quotes, so that blanks at the ends of lines are seen.
std::vector<std::string> quoted_lines(std::string_view text) {
  std::vector<std::string> lines;
  do {
    const std::string_view line = text.substr(0, bytes_of_line(text));
    lines.push_back(fmt::format("\"{}\"", line));
    text.remove_prefix(line.size());
  } while (!text.empty());
  return lines;
}

std::vector<std::string> lines_of_value(const Json& value) {
  if (value.is_string()) {
    const auto text = value.get<std::string>();
    // A hash needs no quotes: no blank can hide in it.
    return is_lower_hex(text, kSha256Bytes) ? std::vector<std::string>{text}
                                            : quoted_lines(printable(text));
  }
  if (!value.is_object()) return {value.dump()};
  std::vector<std::string> lines;
  for (const auto& [name, count] : value.items()) {
    lines.push_back(fmt::format("{} {}", count.dump(), printable(name)));
  }
  return lines;
}

std::string row_of(std::string_view name, const Json& value) {
  std::string text;
  for (const std::string& line : lines_of_value(value)) {
    text += fmt::format("{:<{}}{}\n", text.empty() ? name : "", kNameColumns, line);
  }
  return text;
}

std::string rows_of(const Json& fields) {
  std::string text;
  for (const std::string_view name : kReadingOrder) {
    const auto found = fields.find(std::string(name));
    if (found != fields.end()) text += row_of(name, *found);
  }
  for (const auto& [name, value] : fields.items()) {
    if (std::ranges::find(kReadingOrder, name) == kReadingOrder.end()) {
      text += row_of(printable(name), value);
    }
  }
  return text;
}

std::string time_sentence(const Statement& statement, TimePoint now) {
  const auto length =
      std::chrono::floor<std::chrono::seconds>(statement.not_after - statement.not_before);
  const std::string span =
      fmt::format("from {} to {} ({})", format_rfc3339(statement.not_before),
                  format_rfc3339(statement.not_after), format_duration(length));
  switch (in_force(statement, now)) {
    case InForce::kNotYet:
      return fmt::format("It is NOT valid YET. It will be valid\n{}.\n", span);
    case InForce::kNow:
      return fmt::format("It is valid\n{}.\n", span);
    case InForce::kNoLonger:
      break;
  }
  return fmt::format("It has EXPIRED. It was valid\n{}.\n", span);
}

std::string threshold_lines(const Threshold& threshold) {
  std::string text = "It needs these approvals, each person counted once in a role:\n";
  for (const auto& [role, needed] : threshold) {
    text += fmt::format("  {} of role {}\n", needed, role);
  }
  return text;
}

// Pairs of an even and an odd word, so that lines can be read aloud in turn.
std::string word_lines(const std::vector<std::string>& words) {
  constexpr std::size_t kPerLine = 4;
  std::string text;
  for (std::size_t at = 0; at < words.size(); ++at) {
    const bool last = at % kPerLine == kPerLine - 1;
    text += last ? words[at] + "\n"
                 : fmt::format("{}{:<14}", at % kPerLine == 0 ? "  " : "", words[at]);
  }
  return text;
}

}  // namespace

InForce in_force(const Statement& statement, TimePoint now) {
  if (!out_of_force(statement, now)) return InForce::kNow;
  return now < statement.not_before ? InForce::kNotYet : InForce::kNoLonger;
}

std::vector<std::string> spoken_sha256(std::string_view sha256) {
  return pgp_words(from_hex(sha256));
}

std::string statement_text(ByteView bytes, std::string_view origin, TimePoint now) {
  const Statement statement = statement_from_bytes(bytes, origin);
  const std::string sha256 = statement_sha256(bytes);
  return fmt::format("{}\n{}{}SHA-256 of these bytes:\n  {}\n{}",
                     rows_of(parse_json(bytes, origin)), time_sentence(statement, now),
                     threshold_lines(statement.threshold), sha256,
                     word_lines(spoken_sha256(sha256)));
}

}  // namespace keyrite::approval
