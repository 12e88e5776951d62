#include "base/document.h"

#include <algorithm>
#include <string>

#include "base/error.h"
#include "base/lower_hex.h"

namespace keyrite {
namespace {

std::string code_of(const DocumentKind& kind, std::string_view what) {
  return std::string(kind.slug) + "-" + std::string(what);
}

// Unicode's controls: C0, DEL, and C1, which UTF-8 writes as C2 80 to C2 9F.
bool has_control(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto before = static_cast<unsigned char>(i == 0 ? 0 : text[i - 1]);
    if (byte < 0x20 || byte == 0x7f || (before == 0xc2 && byte < 0xa0)) return true;
  }
  return false;
}

}  // namespace

void require_kind(const JsonView& document, const DocumentKind& kind) {
  const auto format = document.find("format");
  if (!format || !format->is_text() || format->text() != kind.format) {
    throw Error(Kind::kConfig, code_of(kind, "format"),
                document.where() + " is not a \"" + std::string(kind.format) + "\" document");
  }
  const std::int64_t version = document.at("version").integer();
  if (version != kind.version) {
    throw Error(Kind::kConfig, code_of(kind, "version"),
                document.where() + " has version " + std::to_string(version) +
                    ", and this keyrite reads version " + std::to_string(kind.version),
                "use the version of keyrite that wrote it, or a newer one");
  }
}

void require_only(const JsonView& object, const DocumentKind& kind,
                  std::initializer_list<std::string_view> names) {
  if (!object.is_object()) {
    throw Error(Kind::kConfig, "json-wrong-type",
                object.where() + ": is " + object.raw().type_name() + ", not an object");
  }
  for (const auto& [name, value] : object.raw().items()) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      throw Error(Kind::kConfig, code_of(kind, "unknown-field"),
                  object.where() + " has the field \"" + name + "\", which version " +
                      std::to_string(kind.version) + " does not know");
    }
  }
}

void refuse_value(const JsonView& value, const DocumentKind& kind, std::string_view why) {
  throw Error(Kind::kConfig, code_of(kind, "invalid"), value.where() + ": " + std::string(why));
}

std::string hex_text(const JsonView& value, const DocumentKind& kind) {
  std::string text = value.text();
  if (text.size() % 2 != 0 || !is_lower_hex(text)) {
    refuse_value(value, kind, "expected lower-case hex");
  }
  return text;
}

std::string sha256_text(const JsonView& value, const DocumentKind& kind) {
  std::string text = value.text();
  if (!is_lower_hex(text, kSha256Bytes)) {
    refuse_value(value, kind, "expected the 64 lower-case hex digits of a SHA-256");
  }
  return text;
}

std::string one_line_text(const JsonView& value, const DocumentKind& kind) {
  std::string text = value.text();
  if (has_control(text)) {
    refuse_value(value, kind, "control characters are not allowed");
  }
  return text;
}

std::size_t count_of(const JsonView& value, const DocumentKind& kind) {
  const std::int64_t number = value.integer();
  if (number < 0) {
    refuse_value(value, kind, "expected a number that is not negative");
  }
  return static_cast<std::size_t>(number);
}

std::string text_or_empty(const JsonView& object, std::string_view name, const DocumentKind& kind) {
  const auto field = object.find(name);
  return field ? one_line_text(*field, kind) : std::string{};
}

}  // namespace keyrite
