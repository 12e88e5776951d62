// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/references.h"

#include <utility>

namespace keyrite::ceremony {

namespace {

// A text in pieces: what stands as it is, and names.
struct Piece {
  std::string text{};
  bool is_name{false};
};

std::optional<std::vector<Piece>> pieces_of(std::string_view text) {
  std::vector<Piece> pieces;
  std::string plain;
  while (!text.empty()) {
    if (text.starts_with("$${")) {
      plain += "${";
      text.remove_prefix(3);
    } else if (text.starts_with("${")) {
      const auto end = text.find('}');
      if (end == std::string_view::npos) return std::nullopt;
      pieces.push_back({std::exchange(plain, {}), false});
      pieces.push_back({std::string(text.substr(2, end - 2)), true});
      text.remove_prefix(end + 1);
    } else {
      plain += text.front();
      text.remove_prefix(1);
    }
  }
  pieces.push_back({std::move(plain), false});
  return pieces;
}

}  // namespace

std::optional<std::vector<std::string>> references_in(std::string_view text) {
  const auto pieces = pieces_of(text);
  if (!pieces) return std::nullopt;
  std::vector<std::string> names;
  for (const auto& piece : *pieces) {
    if (piece.is_name) names.push_back(piece.text);
  }
  return names;
}

std::vector<std::string> references_in(const Json& value) {
  std::vector<std::string> names;
  const auto take = [&](const Json& one) {
    if (!one.is_string()) return;
    for (auto& name : references_in(std::string_view(one.get_ref<const std::string&>()))
                          .value_or(std::vector<std::string>{}))
      names.push_back(std::move(name));
  };
  if (value.is_array()) {
    for (const auto& one : value) take(one);
  } else {
    take(value);
  }
  return names;
}

std::optional<std::string> resolved(std::string_view text, const ValueOf& value_of) {
  const auto pieces = pieces_of(text);
  if (!pieces) return std::nullopt;
  std::string all;
  for (const auto& piece : *pieces) {
    if (!piece.is_name) {
      all += piece.text;
      continue;
    }
    const auto value = value_of(piece.text);
    if (!value) return std::nullopt;
    all += *value;
  }
  return all;
}

std::optional<Json> resolved(const Json& value, const ValueOf& value_of) {
  if (value.is_string()) {
    auto text = resolved(std::string_view(value.get_ref<const std::string&>()), value_of);
    return text ? std::optional<Json>(std::move(*text)) : std::nullopt;
  }
  if (!value.is_array()) return value;
  Json list = Json::array();
  for (const auto& one : value) {
    auto item = resolved(one, value_of);
    if (!item) return std::nullopt;
    list.push_back(std::move(*item));
  }
  return list;
}

std::string shown(std::string_view text, const ValueOf& value_of) {
  const auto pieces = pieces_of(text);
  if (!pieces) return std::string(text);
  std::string all;
  for (const auto& piece : *pieces) {
    const auto value = piece.is_name ? value_of(piece.text) : std::optional(piece.text);
    all += value ? *value : "${" + piece.text + "}";
  }
  return all;
}

}  // namespace keyrite::ceremony
