// TokenUri: what a URI may say, and what is refused because it could not be honoured.
#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <set>
#include <string>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "pkcs11/internal/uri.h"
#include "pkcs11/token.h"

namespace keyrite::pkcs11 {

namespace {

namespace fs = std::filesystem;

// RFC 7512 section 2.3, and p11-kit's older name of pin-source. p11-kit passes over every other
// query attribute in silence.
constexpr std::array<std::string_view, 4> kQueryAttributes{"pin-source", "pin-value", "module-name",
                                                           "module-path"};

[[noreturn]] void refuse(std::string_view text, const std::string& why) {
  throw Error(Kind::kUsage, "uri-invalid",
              fmt::format("\"{}\" is not a PKCS#11 URI{}", printable(text), why),
              "write it as in RFC 7512, such as pkcs11:token=MyToken;serial=0123");
}

// Of a path or a query, which may be empty; an attribute of it may not (RFC 7512 section 2.3).
// p11-kit reads what stands behind an empty one in a path as the query.
std::vector<std::string_view> attribute_names(std::string_view text, std::string_view part,
                                              char separator) {
  std::vector<std::string_view> names;
  for (bool more = !part.empty(); more;) {
    const auto end = part.find(separator);
    const auto attribute = part.substr(0, end);
    if (attribute.empty()) refuse(text, fmt::format(": a \"{}\" has no attribute", separator));
    names.push_back(attribute.substr(0, attribute.find('=')));
    more = end != std::string_view::npos;
    part.remove_prefix(more ? end + 1 : part.size());
  }
  return names;
}

// p11-kit takes the last of two attributes of one name, and any query attribute; RFC 7512 allows
// neither (sections 2.3 and 2.4).
void check_attributes(std::string_view text) {
  std::string_view rest = text.substr(std::min(text.find(':') + 1, text.size()));
  const auto path = rest.substr(0, rest.find('?'));
  rest.remove_prefix(std::min(path.size() + 1, rest.size()));
  std::set<std::string_view> seen;
  for (const auto name : attribute_names(text, path, ';')) {
    if (!seen.insert(name).second) refuse(text, fmt::format(": it contains {} twice", name));
  }
  for (const auto name : attribute_names(text, rest, '&')) {
    if (!seen.insert(name).second) refuse(text, fmt::format(": it contains {} twice", name));
    if (std::find(kQueryAttributes.begin(), kQueryAttributes.end(), name) == kQueryAttributes.end())
      refuse(text, fmt::format(": keyrite does not know the query attribute {}", name));
  }
}

std::optional<std::string> optional_text(const char* text) {
  return text != nullptr ? std::optional<std::string>(text) : std::nullopt;
}

void refuse_secret(P11KitUri* uri) {
  if (p11_kit_uri_get_pin_value(uri) == nullptr) return;
  throw Error(Kind::kUsage, "uri-has-pin-value",
              "the PKCS#11 URI holds a pin-value, which every process list shows",
              "remove it and give the PIN at the terminal, or with --pin-file, --pin-fd or "
              "pin-source=file:PATH");
}

void refuse_slot_number(P11KitUri* uri, std::string_view text) {
  if (p11_kit_uri_get_slot_id(uri) == static_cast<CK_SLOT_ID>(-1)) return;
  throw Error(
      Kind::kUsage, "uri-names-slot",
      fmt::format("\"{}\" names a slot by its number, which changes between runs", printable(text)),
      "name the token: token=, serial=, model= or manufacturer=");
}

void refuse_object(P11KitUri* uri, std::string_view text) {
  CK_ULONG count = 0;
  (void)p11_kit_uri_get_attributes(uri, &count);
  if (count == 0) return;
  throw Error(
      Kind::kUsage, "uri-names-object",
      fmt::format("\"{}\" names an object, but keyrite needs a token here", printable(text)),
      "remove object, id and type from the URI, and give --label or --id");
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  return result;
}

// RFC 7512 section 2.3: the name stands without the system's affixes and takes any case.
bool is_name_of(const std::string& wanted, const ModuleInfo& module) {
  const std::string name = lower(wanted);
  std::string file = lower(fs::path(module.path).filename().native());
  file.erase(std::min(file.find(".so"), file.size()));
  const std::string bare = file.starts_with("lib") ? file.substr(3) : file;
  const auto is = [&](const std::string& known) { return !known.empty() && known == name; };
  return is(lower(module.name)) || is(file) || is(bare);
}

}  // namespace

bool same_module_file(const std::string& one, const std::string& other) {
  std::error_code failure;
  return one == other || (fs::equivalent(one, other, failure) && !failure);
}

UriPointer parse_uri(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) refuse(text, "");
  UriPointer uri(p11_kit_uri_new());
  const std::string copy(text);
  const int result = p11_kit_uri_parse(copy.c_str(), P11_KIT_URI_FOR_ANY, uri.get());
  if (result != P11_KIT_URI_OK || p11_kit_uri_any_unrecognized(uri.get()) != 0) refuse(text, "");
  check_attributes(text);
  return uri;
}

TokenUri TokenUri::parse(std::string_view text) {
  const UriPointer uri = parse_uri(text);
  refuse_secret(uri.get());
  refuse_slot_number(uri.get(), text);
  refuse_object(uri.get(), text);
  TokenUri parsed;
  parsed.text_ = text;
  parsed.module_path_ = optional_text(p11_kit_uri_get_module_path(uri.get()));
  parsed.module_name_ = optional_text(p11_kit_uri_get_module_name(uri.get()));
  parsed.pin_source_ = optional_text(p11_kit_uri_get_pin_source(uri.get()));
  return parsed;
}

bool TokenUri::names_module(const ModuleInfo& module) const {
  return (!module_path_ || same_module_file(*module_path_, module.path)) &&
         (!module_name_ || is_name_of(*module_name_, module));
}

}  // namespace keyrite::pkcs11
