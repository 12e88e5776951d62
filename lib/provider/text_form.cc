// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "provider/text_form.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "provider/cloud_table.h"
#include "provider/file_form.h"

namespace keyrite::provider {

namespace {

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

}  // namespace

std::string json_by(std::optional<Provider> provider) {
  if (!provider) return "--output json, or --format=json of gcloud";
  return std::string(cloud_of(*provider).json_option);
}

std::string save_as_json(std::optional<Provider> provider) {
  return "save it again with " + json_by(provider);
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

}  // namespace keyrite::provider
