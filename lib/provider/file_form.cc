#include "provider/file_form.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"

namespace keyrite::provider {
namespace {

bool is_control(std::uint32_t unit) {
  return (unit < 0x20 && unit != '\t' && unit != '\r' && unit != '\n') || unit == 0x7f;
}

// The option that writes JSON, the program that has it, and what else decides what it writes.
std::string json_by(std::optional<Provider> provider) {
  if (!provider) return "--output json, or --format=json of gcloud";
  switch (*provider) {
    case Provider::kAws:
      return "--output json of aws (AWS_DEFAULT_OUTPUT and its configuration may say otherwise)";
    case Provider::kAzure:
      return "--output json of az (AZURE_CORE_OUTPUT and its configuration may say otherwise)";
    case Provider::kGoogle:
      break;
  }
  return "--format=json of gcloud";
}

std::string save_as_json(std::optional<Provider> provider) {
  return "save it again with " + json_by(provider);
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

std::vector<std::string_view> first_lines(std::string_view text, std::size_t most) {
  std::vector<std::string_view> lines;
  while (!text.empty() && lines.size() < most) {
    const auto end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

bool is_error_message(std::string_view line) {
  constexpr std::array<std::string_view, 6> kStarts{
      "ERROR:", "error:", "An error occurred (", "aws: [ERROR]", "aws: error", "Traceback ("};
  return std::any_of(kStarts.begin(), kStarts.end(),
                     [&](std::string_view start) { return line.starts_with(start); });
}

bool is_rule(std::string_view line) {
  return line.find("---") != std::string_view::npos &&
         line.find_first_not_of("-+=| ") == std::string_view::npos;
}

bool is_table(const std::vector<std::string_view>& lines) {
  constexpr std::string_view kBox = "\xe2\x94";  // U+2500 and its neighbours
  const bool framed = lines[0].starts_with("+-") || lines[0].starts_with(kBox);
  const bool ruled = lines.size() > 1 && is_rule(lines[1]);
  const bool aws = lines.size() > 1 && is_rule(lines[0]) && lines[1].starts_with("|");
  return framed || ruled || aws;
}

// "name:" or "name: value", as all three clients begin.
bool is_yaml(const std::vector<std::string_view>& lines) {
  if (lines[0] == "---") return true;
  const auto colon = lines[0].find(':');
  if (colon == 0 || colon == std::string_view::npos) return false;
  const std::string_view name = lines[0].substr(0, colon);
  const bool is_name = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
  return is_name && (colon + 1 == lines[0].size() || lines[0][colon + 1] == ' ');
}

std::optional<ForeignForm> foreign_text(std::string_view text, std::optional<Provider> provider) {
  const auto lines = first_lines(text, 3);
  if (lines.empty()) return ForeignForm{"file-empty", "it is blank", save_as_json(provider)};
  const char first = lines[0][0];
  if (first == '{' || first == '[' || is_pem(text)) return std::nullopt;
  if (first == '<') {
    return ForeignForm{"file-error-page", "it is a page (HTML or XML), not an answer",
                       "something between the client and the cloud answered, such as a proxy: "
                       "check the network path and ask again"};
  }
  if (is_error_message(lines[0])) {
    return ForeignForm{"file-error-message",
                       fmt::format("it is an error message, not an answer: \"{}\"",
                                   printable(lines[0].substr(0, 200))),
                       "correct what it says and ask again"};
  }
  if (is_table(lines)) return ForeignForm{"file-table", "it is a table", save_as_json(provider)};
  if (is_yaml(lines)) return ForeignForm{"file-yaml", "it is YAML", save_as_json(provider)};
  if (lines[0].find('\t') != std::string_view::npos) {
    return ForeignForm{"file-tab-separated", "it is text in columns (output text or tsv)",
                       save_as_json(provider)};
  }
  return std::nullopt;
}

bool holds_all(const JsonView& document, const std::vector<std::string_view>& names) {
  return std::all_of(names.begin(), names.end(),
                     [&](std::string_view name) { return document.find(name).has_value(); });
}

std::string cloud_command(Provider provider) {
  switch (provider) {
    case Provider::kAws:
      return "aws kms ... --output json";
    case Provider::kAzure:
      return "az keyvault key show ... --output json";
    case Provider::kGoogle:
      break;
  }
  return "gcloud kms ... --format=json";
}

struct OtherClient {
  Provider provider{};
  std::string_view name{};
  std::vector<std::string_view> members{};  // all at the top
};

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

std::optional<ForeignForm> other_client(const JsonView& document, Provider provider) {
  static const std::array<OtherClient, 13> kClients{{
      {Provider::kAzure, "Az PowerShell", {"Key", "Attributes"}},
      {Provider::kAzure, "Az PowerShell", {"Key", "VaultName"}},
      {Provider::kAzure, "Az PowerShell", {"Key", "Id"}},
      {Provider::kAzure, "Azure Resource Manager", {"properties", "type"}},
      {Provider::kAzure, "Azure Resource Manager", {"keyUriWithVersion"}},
      {Provider::kAzure, "Terraform", {"public_key_pem"}},
      {Provider::kAzure, "Terraform", {"key_vault_id"}},
      {Provider::kAws, "AWS Tools for PowerShell", {"ResponseMetadata", "ContentLength"}},
      {Provider::kAws, "Terraform", {"key_material_base64"}},
      {Provider::kGoogle, "a protobuf library with its own names", {"import_method"}},
      {Provider::kGoogle, "a protobuf library with its own names", {"protection_level"}},
      {Provider::kGoogle, "a protobuf library with its own names", {"pem_crc32c"}},
      {Provider::kGoogle, "Terraform", {"key_ring", "import_method"}},
  }};
  if (!document.is_object()) return std::nullopt;
  std::string_view name;
  for (const OtherClient& client : kClients) {
    if (client.provider == provider && holds_all(document, client.members)) name = client.name;
  }
  if (document.find("terraform_version") || document.find("format_version")) name = "Terraform";
  if (name.empty()) return std::nullopt;
  return ForeignForm{"file-other-client", fmt::format("it is JSON as {} writes it", name),
                     "save it again with " + cloud_command(provider)};
}

void require_no_foreign_form(const InputFile& file, std::optional<Provider> provider) {
  if (const auto form = foreign_form(file.content, provider)) refuse(file.name, *form);
}

void require_no_other_client(const JsonView& document, Provider provider) {
  if (const auto form = other_client(document, provider)) refuse(document.where(), *form);
}

}  // namespace keyrite::provider
