#include "base/canonical_json.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"

namespace keyrite {

namespace {

[[noreturn]] void no_form(std::string_view why) {
  throw Error(Kind::kInternal, "no-canonical-form", fmt::format("no canonical JSON: {}", why));
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x80; });
}

// What RFC 8785 writes as it is: neither quotes, backslashes nor control characters.
bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
  });
}

void write_text(std::string& out, const std::string& text) {
  if (is_plain(text)) {
    out += '"';
    out += text;
    out += '"';
    return;
  }
  if (!is_utf8(text)) no_form("it has text that is not UTF-8");
  out += Json(text).dump();
}

void write(std::string& out, const Json& value);

// By the bytes of their keys; for ASCII that is the order of RFC 8785 section 3.2.3.
void write_object(std::string& out, const Json& value) {
  using Field = Json::object_t::value_type;
  std::vector<const Field*> fields;
  for (const auto& field : value.get_ref<const Json::object_t&>()) fields.push_back(&field);
  std::ranges::sort(fields, {},
                    [](const Field* field) -> const std::string& { return field->first; });
  out += '{';
  for (const Field* field : fields) {
    if (!is_ascii(field->first)) no_form("a key is not ASCII");
    if (out.back() != '{') out += ',';
    write_text(out, field->first);
    out += ':';
    write(out, field->second);
  }
  out += '}';
}

void write_list(std::string& out, const Json& value) {
  out += '[';
  for (const auto& item : value) {
    if (out.back() != '[') out += ',';
    write(out, item);
  }
  out += ']';
}

void write_number(std::string& out, const Json& value) {
  const bool beyond = value.is_number_unsigned()
                          ? value.get<std::uint64_t>() > std::uint64_t{kLargestJsonInteger}
                          : value.get<std::int64_t>() > kLargestJsonInteger ||
                                value.get<std::int64_t>() < -kLargestJsonInteger;
  if (beyond) no_form("it has a number beyond 2^53 - 1");
  out += value.dump();
}

void write(std::string& out, const Json& value) {
  switch (value.type()) {
    case Json::value_t::object:
      return write_object(out, value);
    case Json::value_t::array:
      return write_list(out, value);
    case Json::value_t::string:
      return write_text(out, value.get_ref<const std::string&>());
    case Json::value_t::number_float:
      no_form("it has a number that is not an integer");
    case Json::value_t::number_unsigned:
    case Json::value_t::number_integer:
      return write_number(out, value);
    case Json::value_t::boolean:
      out += value.get<bool>() ? "true" : "false";
      return;
    default:
      out += "null";
  }
}

}  // namespace

std::string canonical_json(const Json& value) {
  std::string out;
  write(out, value);
  return out;
}

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
