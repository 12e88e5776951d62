#include "approval/statement_names.h"

#include <fmt/format.h>

#include "base/canonical_json.h"
#include "base/error.h"
#include "base/json.h"
#include "base/lower_hex.h"
#include "base/text.h"

namespace keyrite::approval {
namespace {

constexpr const char* kSalt = "salt";
constexpr std::size_t kPseudonymBytes = 16;  // and those of the salt

[[noreturn]] void bad_names(std::string_view origin, std::string_view why) {
  throw Error(Kind::kConfig, "names-invalid", fmt::format("{}: {}", printable(origin), why),
              "use names.json as keyrite wrote it");
}

}  // namespace

bool is_pseudonym(std::string_view text) { return is_lower_hex(text, kPseudonymBytes); }

std::string names_text(const Names& names, std::string_view salt) {
  Json json{{kSalt, salt}};
  for (const auto& [pseudonym, name] : names) {
    if (!is_utf8(name)) {
      throw Error(Kind::kUsage, "name-not-text",
                  fmt::format("\"{}\" is not UTF-8: approvers could not read it", printable(name)),
                  "give another name");
    }
    json[pseudonym] = name;
  }
  return canonical_json(json);
}

Names names_from_bytes(ByteView bytes, std::string_view origin) {
  const Json json = parse_json(bytes, origin);
  if (!json.is_object()) bad_names(origin, "this is not a JSON object");
  Names names;
  for (const auto& [key, value] : json.items()) {
    if (!value.is_string()) bad_names(origin, "a name is not a text");
    const auto text = value.get<std::string>();
    if (!is_pseudonym(key) && !(key == kSalt && is_pseudonym(text)))
      bad_names(origin, fmt::format("\"{}\" is not a pseudonym", printable(key)));
    names[key] = text;
  }
  if (names.erase(kSalt) == 0) bad_names(origin, "it has no salt of 16 bytes");
  return names;
}

}  // namespace keyrite::approval
