#include "base/toml.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

namespace keyrite {

namespace {

[[noreturn]] void refuse_toml(std::string code, std::string_view origin, std::string_view why,
                              std::string hint) {
  throw Error(Kind::kConfig, std::move(code), fmt::format("{}: {}", printable(origin), why),
              std::move(hint));
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as toml++ lets a file be
Json json_of(const toml::node& node, std::string_view origin) {
  if (const auto* table = node.as_table()) {
    Json json = Json::object();
    for (const auto& [key, value] : *table) json[std::string(key.str())] = json_of(value, origin);
    return json;
  }
  if (const auto* list = node.as_array()) {
    Json json = Json::array();
    for (const auto& item : *list) json.push_back(json_of(item, origin));
    return json;
  }
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return number->get();
  if (const auto* flag = node.as_boolean()) return flag->get();
  refuse_toml("toml-value", origin,
              fmt::format("line {}: neither a text, a whole number, true or false, a list nor a "
                          "table",
                          node.source().begin.line),
              "write times in quotes: \"2026-11-27T12:00:00Z\"");
}

}  // namespace

Json parse_toml(ByteView content, std::string_view origin) {
  if (content.size() > kMaxInputFile) {
    refuse_toml("toml-too-large", origin,
                fmt::format("{} bytes are more than {}", content.size(), kMaxInputFile),
                "check the name: keyrite uses no file of this size");
  }
  try {
    return json_of(toml::parse(as_text(content)), origin);
  } catch (const toml::parse_error& error) {
    refuse_toml(
        "toml-invalid", origin,
        fmt::format("line {}: {}", error.source().begin.line, printable(error.description())),
        "write it as TOML, UTF-8");
  }
}

// A JSON text is a TOML one but for DEL, which stands there as it is (toml.io v1.0.0 "String").
std::string toml_quoted(std::string_view text) {
  std::string quoted = Json(text).dump();
  for (auto at = quoted.find('\x7f'); at != std::string::npos; at = quoted.find('\x7f', at))
    quoted.replace(at, 1, "\\u007f");
  return quoted;
}

}  // namespace keyrite
