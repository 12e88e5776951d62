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

using Places = std::map<std::string, TomlPlace, std::less<>>;

class Reading {
 public:
  Reading(std::string_view origin, Places* places) : origin_(origin), places_(places) {}

  // NOLINTNEXTLINE(misc-no-recursion): as deep as toml++ lets a file be
  [[nodiscard]] Json json_of(const toml::node& node, const std::string& pointer) const {
    const auto begin = node.source().begin;
    if (places_ != nullptr) (*places_)[pointer] = {begin.line, begin.column};
    if (const auto* table = node.as_table()) {
      Json json = Json::object();
      for (const auto& [key, value] : *table)
        json[std::string(key.str())] = json_of(value, pointer_to(pointer, key.str()));
      return json;
    }
    if (const auto* list = node.as_array()) {
      Json json = Json::array();
      for (const auto& item : *list)
        json.push_back(json_of(item, pointer_to(pointer, std::to_string(json.size()))));
      return json;
    }
    if (const auto* text = node.as_string()) return text->get();
    if (const auto* number = node.as_integer()) return number->get();
    if (const auto* flag = node.as_boolean()) return flag->get();
    refuse_toml("toml-value", origin_,
                fmt::format("line {}: neither a text, a whole number, true or false, a list nor a "
                            "table",
                            begin.line),
                "write times in quotes: \"2026-11-27T12:00:00Z\"");
  }

 private:
  std::string_view origin_;
  Places* places_;
};

Json parse(ByteView content, std::string_view origin, Places* places) {
  if (content.size() > kMaxInputFile) {
    refuse_toml("toml-too-large", origin,
                fmt::format("{} bytes are more than {}", content.size(), kMaxInputFile),
                "check the name: keyrite uses no file of this size");
  }
  try {
    return Reading(origin, places).json_of(toml::parse(as_text(content)), "");
  } catch (const toml::parse_error& error) {
    refuse_toml(
        "toml-invalid", origin,
        fmt::format("line {}: {}", error.source().begin.line, printable(error.description())),
        "write it as TOML, UTF-8");
  }
}

}  // namespace

Json parse_toml(ByteView content, std::string_view origin) {
  return parse(content, origin, nullptr);
}

PlacedToml parse_placed_toml(ByteView content, std::string_view origin) {
  PlacedToml placed;
  placed.json = parse(content, origin, &placed.places);
  return placed;
}

std::string pointer_to(std::string_view pointer, std::string_view member) {
  std::string path(pointer);
  path += '/';
  for (const char one : member) {
    if (one == '~') {
      path += "~0";
    } else if (one == '/') {
      path += "~1";
    } else {
      path += one;
    }
  }
  return path;
}

// A JSON text is a TOML one but for DEL, which stands there as it is (toml.io v1.0.0 "String").
std::string toml_quoted(std::string_view text) {
  std::string quoted = Json(text).dump();
  for (auto at = quoted.find('\x7f'); at != std::string::npos; at = quoted.find('\x7f', at))
    quoted.replace(at, 1, "\\u007f");
  return quoted;
}

}  // namespace keyrite
