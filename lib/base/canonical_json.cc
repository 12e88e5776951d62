#include "base/canonical_json.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"

namespace keyrite {

namespace {

// Its objects are sorted by the bytes of their keys; for ASCII that is the order of RFC 8785
// section 3.2.3.
using Sorted = nlohmann::json;

[[noreturn]] void no_form(std::string_view why) {
  throw Error(Kind::kInternal, "no-canonical-form", fmt::format("no canonical JSON: {}", why));
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x80; });
}

Sorted sorted(const Json& value) {
  if (value.is_object()) {
    Sorted object = Sorted::object();
    for (const auto& [key, field] : value.items()) {
      if (!is_ascii(key)) no_form("a key is not ASCII");
      object[key] = sorted(field);
    }
    return object;
  }
  if (value.is_array()) {
    Sorted list = Sorted::array();
    for (const auto& item : value) list.push_back(sorted(item));
    return list;
  }
  if (value.is_number_float()) no_form("it has a number that is not an integer");
  if (value.is_number_unsigned()) {
    if (value.get<std::uint64_t>() > static_cast<std::uint64_t>(kLargestJsonInteger))
      no_form("it has a number beyond 2^53 - 1");
    return value.get<std::uint64_t>();
  }
  if (value.is_number()) {
    const auto number = value.get<std::int64_t>();
    if (number > kLargestJsonInteger || number < -kLargestJsonInteger)
      no_form("it has a number beyond 2^53 - 1");
    return number;
  }
  if (value.is_string()) {
    if (!is_utf8(value.get_ref<const std::string&>())) no_form("it has text that is not UTF-8");
    return value.get_ref<const std::string&>();
  }
  if (value.is_boolean()) return value.get<bool>();
  return nullptr;
}

}  // namespace

std::string canonical_json(const Json& value) { return sorted(value).dump(); }

Json parse_canonical_json(std::string_view text, std::string_view origin) {
  Json value = parse_json(as_bytes(text), origin);
  std::string why =
      "its keys are not sorted, or it has extra white space or another spelling of a value";
  try {
    if (canonical_json(value) == text) return value;
  } catch (const Error& error) {
    if (error.code() != "no-canonical-form") throw;
    why = error.message();
  }
  throw Error(Kind::kConfig, "json-not-canonical", fmt::format("{}: {}", printable(origin), why),
              "keyrite did not write it, or somebody changed it since");
}

}  // namespace keyrite
