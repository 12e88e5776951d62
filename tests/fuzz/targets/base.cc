// Texts that others wrote, before anybody asks what they mean: JSON, TOML, times, encodings, and
// what people and shells are shown.
#include "fuzz/targets/all.h"

#include <nlohmann/json.hpp>

#include "base/canonical_json.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "base/toml.h"

namespace keyrite::fuzz {

namespace {

// By nlohmann's own check, which is another code than ours.
bool is_utf8_by_json(const std::string& text) {
  try {
    return !nlohmann::json(text).dump().empty();
  } catch (const nlohmann::json::exception&) {
    return false;
  }
}

// What sh reads in a word of ours, by POSIX 2.2.1 and 2.2.2.
std::string unquoted(std::string_view word) {
  std::string text;
  bool quoted = false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (word[i] == '\'') {
      quoted = !quoted;
    } else if (word[i] == '\\' && !quoted) {
      text += word[++i];
    } else {
      require(quoted || std::string_view(" \t\n$`\"#&();<>|*?[]!~{}").find(word[i]) ==
                            std::string_view::npos,
              "outside of quotes nothing means anything to a shell");
      text += word[i];
    }
  }
  require(!quoted, "a quoted word ends");
  return text;
}

}  // namespace

Outcome json(ByteView bytes) {
  const auto value = taken([&] { return parse_json(bytes, "input"); });
  if (!value) return Outcome::kRefused;
  require(nlohmann::json::accept(as_text(bytes)), "what is taken is JSON by another's reading");
  require(parse_json(as_bytes(dump_json(*value)), "dumped") == *value,
          "it is written as it was read");
  return Outcome::kTaken;
}

Outcome canonical(ByteView bytes) {
  const std::string text = as_text(bytes);
  const auto value = taken([&] { return parse_canonical_json(text, "input"); });
  if (!value) return Outcome::kRefused;
  require(canonical_json(*value) == text, "there is one canonical form");
  require(nlohmann::json::parse(text).dump() == text, "sorted and without white space");
  return Outcome::kTaken;
}

Outcome toml(ByteView bytes) {
  const auto value = taken([&] { return parse_toml(bytes, "input"); });
  const std::string text = as_text(bytes);
  if (is_utf8(text)) {
    const auto quoted = taken([&] { return "x = " + toml_quoted(text) + "\n"; });
    require(!quoted || parse_toml(as_bytes(*quoted), "quoted").at("x") == text,
            "a quoted text is read back");
  }
  return outcome_of(value.has_value());
}

Outcome time(ByteView bytes) {
  const auto when = taken([&] { return parse_rfc3339(as_text(bytes), "input"); });
  if (!when) return Outcome::kRefused;
  const std::string text = format_rfc3339(*when);
  require(format_rfc3339(parse_rfc3339(text, "written")) == text,
          "a time is written as it was read");
  return Outcome::kTaken;
}

Outcome encodings(ByteView bytes) {
  const std::string text = as_text(bytes);
  const auto strict = taken([&] { return from_base64(text, "input"); });
  if (strict) require(to_base64(*strict) == text, "bytes have one base64");
  const auto any = taken([&] { return from_base64_any(text, "input"); });
  if (strict) require(any == strict, "who takes both forms takes the strict one");
  const auto hex = taken([&] { return from_hex(text); });
  if (hex) require(to_hex(*hex).size() == text.size(), "two digits for a byte");
  require(from_base64(to_base64(bytes), "written") == Bytes(bytes.begin(), bytes.end()),
          "base64 is read back");
  require(from_base64_any(to_base64url(bytes), "written") == Bytes(bytes.begin(), bytes.end()),
          "base64url is read back");
  require(from_hex(to_hex(bytes)) == Bytes(bytes.begin(), bytes.end()), "hex is read back");
  return outcome_of(any || hex);
}

Outcome text(ByteView bytes) {
  const std::string given = as_text(bytes);
  const std::string shown = printable(given);
  require(is_utf8(given) == is_utf8_by_json(given), "UTF-8 is what others take for it");
  require(is_utf8_by_json(shown) && printable(shown) == shown, "what is shown is shown as it is");
  for (const char c : shown)
    require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f, "nothing moves the cursor");
  const auto word = taken([&] { return shell_quote(given); });
  if (word) require(unquoted(*word) == given, "a shell reads the word that was quoted");
  static_cast<void>(format_table({{"name", "text"}, {shown, shown}}));
  return outcome_of(shown == given);
}

}  // namespace keyrite::fuzz
