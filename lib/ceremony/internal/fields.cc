// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/internal/fields.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"

namespace keyrite::ceremony {

namespace {

constexpr std::size_t kLongestText = 4000;
const Json& no_members() {
  static const Json none = Json::object();
  return none;
}

bool is_word(std::string_view text) {
  const auto small = [](char one) { return one >= 'a' && one <= 'z'; };
  return !text.empty() && small(text.front()) && std::ranges::all_of(text, [&](char one) {
    return small(one) || (one >= '0' && one <= '9') || one == '-';
  });
}

}  // namespace

Fields::Fields(const Json& table, std::string pointer, Problems& problems)
    : table_(table.is_object() ? table : no_members()),
      pointer_(std::move(pointer)),
      problems_(problems) {
  if (!table.is_object()) problems_.add(pointer_, "a table must stand here");
}

const Json* Fields::member(const char* name, Must must) {
  known_.emplace_back(name);
  const auto found = table_.find(name);
  if (found != table_.end()) return &*found;
  if (must == Must::kBeThere) problems_.add(pointer_, fmt::format("\"{}\" is missing", name));
  return nullptr;
}

std::string Fields::text(const char* name, Must must) {
  const Json* value = member(name, must);
  if (value == nullptr) return {};
  if (!value->is_string()) {
    problems_.add(at(name), fmt::format("\"{}\" must be a text in quotes", name));
    return {};
  }
  auto text = value->get<std::string>();
  if (text.empty() || text.size() > kLongestText)
    problems_.add(at(name), fmt::format("\"{}\" must have 1 to {} bytes", name, kLongestText));
  return text;
}

std::string Fields::line(const char* name, Must must) {
  auto text = this->text(name, must);
  if (printable(text) != text)
    problems_.add(at(name),
                  fmt::format("\"{}\" must be one line without control characters", name));
  if (has_blank_edges(text))
    problems_.add(at(name), fmt::format("\"{}\" must not begin or end with a blank", name));
  return text;
}

std::string Fields::word(const char* name, Must must) {
  auto text = this->text(name, must);
  if (!text.empty() && !is_word(text)) {
    problems_.add(at(name), fmt::format("\"{}\" must be a word of small letters, digits and '-' "
                                        "that begins with a letter",
                                        name));
    return {};
  }
  return text;
}

std::int64_t Fields::number(const char* name, std::int64_t otherwise, std::int64_t least,
                            std::int64_t most) {
  const Json* value = member(name, Must::kMayLack);
  if (value == nullptr) return otherwise;
  if (!value->is_number_integer() || value->get<std::int64_t>() < least ||
      value->get<std::int64_t>() > most) {
    problems_.add(at(name),
                  fmt::format("\"{}\" must be a number from {} to {}", name, least, most));
    return otherwise;
  }
  return value->get<std::int64_t>();
}

bool Fields::flag(const char* name) {
  const Json* value = member(name, Must::kMayLack);
  if (value == nullptr) return false;
  if (value->is_boolean()) return value->get<bool>();
  problems_.add(at(name), fmt::format("\"{}\" must be true or false", name));
  return false;
}

std::vector<std::string> Fields::texts(const char* name) {
  const Json* value = member(name, Must::kMayLack);
  if (value == nullptr) return {};
  std::vector<std::string> texts;
  const bool good = value->is_array() && std::ranges::all_of(*value, [&](const Json& one) {
                      if (!one.is_string() || one.get_ref<const std::string&>().empty())
                        return false;
                      texts.push_back(one.get<std::string>());
                      return true;
                    });
  if (!good) problems_.add(at(name), fmt::format("\"{}\" must be a list of texts", name));
  return texts;
}

std::vector<Fields::Item> Fields::tables(const char* name) {
  const Json* value = member(name, Must::kMayLack);
  if (value == nullptr) return {};
  if (!value->is_array()) {
    problems_.add(at(name), fmt::format("write it as [[{}]], once for each", name));
    return {};
  }
  std::vector<Item> items;
  for (const auto& one : *value)
    items.push_back({&one, pointer_to(at(name), std::to_string(items.size()))});
  return items;
}

std::optional<Fields::Item> Fields::table(const char* name) {
  const Json* value = member(name, Must::kMayLack);
  if (value == nullptr) return std::nullopt;
  return Item{value, at(name)};
}

void Fields::finish() {
  for (const auto& [name, value] : table_.items()) {
    if (std::ranges::find(known_, name) == known_.end())
      problems_.add_unknown(at(name), "field", name, known_);
  }
}

}  // namespace keyrite::ceremony
