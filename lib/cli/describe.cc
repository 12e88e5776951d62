#include "cli/describe.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace keyrite::cli {

std::string invocation(const Tool& tool, const Command& command) {
  return command.name.empty() ? fmt::format("keyrite {}", tool.info.name)
                              : fmt::format("keyrite {} {}", tool.info.name, command.name);
}

std::string synopsis(const Tool& tool, const Command& command, const PreparedOptions& options) {
  // Positional words first: a list option before them would take them for its own.
  std::string text = invocation(tool, command);
  std::string options_text;
  for (const auto& group : options.groups) {
    for (const auto& field : group.fields) {
      const bool required = field.info().need == act::Need::kRequired;
      if (field.info().shape == act::Shape::kPositional) {
        text += required ? fmt::format(" {}", field_head(field))
                         : fmt::format(" [{}]", field_head(field));
      } else if (required) {
        options_text += fmt::format(" {}", field_head(field));
      }
    }
  }
  return text + options_text + " [options]";
}

std::string field_head(const act::BoundField& field) {
  const auto& info = field.info();
  if (info.shape == act::Shape::kPositional) {
    return fmt::format("{}{}", info.value, field.is_list() ? "..." : "");
  }
  return info.value.empty()
             ? fmt::format("--{}", info.name)
             : fmt::format("--{} {}{}", info.name, info.value, field.is_list() ? "..." : "");
}

std::string field_text(const act::BoundField& field) {
  const auto& info = field.info();
  std::string text(info.help);
  if (!info.choices.empty()) text += fmt::format("; one of {}", fmt::join(info.choices, ", "));
  if (field.is_list() && info.shape == act::Shape::kOption) text += "; may be repeated";
  if (info.need == act::Need::kRequired) text += "; required";
  if (!info.default_text.empty()) text += fmt::format(" (default: {})", info.default_text);
  return text;
}

std::string roff_text(std::string_view text) {
  std::string roff;
  bool line_start = true;
  for (const char c : text) {
    if (line_start && (c == '.' || c == '\'')) roff += "\\&";
    if (c == '\\') {
      roff += "\\e";
    } else if (c == '-') {
      roff += "\\-";
    } else {
      roff += c;
    }
    line_start = c == '\n';
  }
  return roff;
}

}  // namespace keyrite::cli
