#include "provider/file_form.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "provider/text_form.h"

namespace keyrite::provider {

namespace {

bool is_control(std::uint32_t unit) {
  return (unit < 0x20 && unit != '\t' && unit != '\r' && unit != '\n') || unit == 0x7f;
}

std::string save_as_utf8(std::optional<Provider> provider) {
  return "save it again as plain text, not UTF-16 and without a mark: in Windows PowerShell by | "
         "Out-File -Encoding ascii FILE instead of >, or from cmd.exe; with " +
         json_by(provider);
}

// UTF-16 in either order, with a byte order mark or without. Random bytes are not: every unit must
// be a character, and nearly all of them ASCII.
bool is_utf16(ByteView content) {
  if (content.size() < 4 || content.size() % 2 != 0) return false;
  const bool little_mark = content[0] == 0xff && content[1] == 0xfe;
  const bool big_mark = content[0] == 0xfe && content[1] == 0xff;
  const bool marked = little_mark || big_mark;
  const bool little = little_mark || (!marked && content[1] == 0);
  std::size_t ascii = 0;
  const std::size_t begin = marked ? 2 : 0;
  for (std::size_t i = begin; i < content.size(); i += 2) {
    const std::uint32_t low = content[little ? i : i + 1];
    const std::uint32_t high = content[little ? i + 1 : i];
    const std::uint32_t unit = high << 8U | low;
    if (is_control(unit) || (!marked && unit >= 0x80)) return false;
    ascii += unit < 0x80 ? 1 : 0;
  }
  return 8 * ascii >= 7 * ((content.size() - begin) / 2);
}

// Without the sequences by which a terminal shows colours (ECMA-48 8.3.117), if there are any.
std::optional<std::string> without_colours(std::string_view text) {
  constexpr std::string_view kStart = "\x1b[";
  std::string plain;
  bool any = false;
  while (!text.empty()) {
    const auto at = text.find(kStart);
    plain += text.substr(0, at);
    if (at == std::string_view::npos) break;
    text.remove_prefix(at + kStart.size());
    const auto end = text.find_first_not_of("0123456789;");
    if (end == std::string_view::npos || text[end] != 'm') return std::nullopt;
    text.remove_prefix(end + 1);
    any = true;
  }
  if (!any) return std::nullopt;
  return plain;
}

[[noreturn]] void refuse(const std::string& origin, const ForeignForm& form) {
  throw Error(Kind::kConfig, form.code, fmt::format("{}: {}", printable(origin), form.what),
              form.remedy);
}

}  // namespace

bool is_pem(std::string_view text) {
  return text.starts_with("-----BEGIN ") || text.find("\n-----BEGIN ") != std::string_view::npos;
}

bool is_text_throughout(ByteView content) {
  const bool control = std::any_of(content.begin(), content.end(),
                                   [](std::uint8_t byte) { return is_control(byte); });
  return !content.empty() && !control && is_utf8(as_text(content));
}

std::optional<ForeignForm> foreign_form(ByteView content, std::optional<Provider> provider) {
  if (content.empty()) {
    return ForeignForm{"file-empty", "it is empty",
                       "the command that should have written it failed, or wrote to another file: "
                       "run it again and read what it prints"};
  }
  if (is_utf16(content)) {
    return ForeignForm{"file-utf16", "it is text in UTF-16, as Windows PowerShell writes it",
                       save_as_utf8(provider)};
  }
  const std::string text = as_text(content);
  constexpr std::string_view kMark = "\xef\xbb\xbf";
  if (text.starts_with(kMark) && is_text_throughout(content)) {
    return ForeignForm{"file-byte-order-mark", "it begins with a byte order mark (UTF-8 BOM)",
                       save_as_utf8(provider)};
  }
  if (const auto plain = without_colours(text); plain && is_text_throughout(as_bytes(*plain))) {
    return ForeignForm{
        "file-coloured", "it contains the colour codes of a terminal",
        save_as_json(provider) +
            (provider == Provider::kAzure ? ", not jsonc or yamlc" : ", without colours")};
  }
  return is_text_throughout(content) ? foreign_text(text, provider) : std::nullopt;
}

void require_no_foreign_form(const InputFile& file, std::optional<Provider> provider) {
  if (const auto form = foreign_form(file.content, provider)) refuse(file.name, *form);
}

void require_no_other_client(const JsonView& document, Provider provider) {
  if (const auto form = other_client(document, provider)) refuse(document.where(), *form);
}

}  // namespace keyrite::provider
