// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// One table of a ceremony's file: its members are taken by name, and what nobody took is unknown.
// What is wrong goes to the Problems, and the reading goes on. Lives as long as the document; one
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "ceremony/problems.h"

namespace keyrite::ceremony {

enum class Must : std::uint8_t { kBeThere, kMayLack };

class Fields {
 public:
  Fields(const Json& table, std::string pointer, Problems& problems);

  [[nodiscard]] std::string text(const char* name, Must must);
  // A text without a line end.
  [[nodiscard]] std::string line(const char* name, Must must);
  // Small letters, digits and '-', beginning with a letter: what other places name it by.
  [[nodiscard]] std::string word(const char* name, Must must);
  [[nodiscard]] std::int64_t number(const char* name, std::int64_t otherwise, std::int64_t least,
                                    std::int64_t most);
  [[nodiscard]] bool flag(const char* name);
  [[nodiscard]] std::vector<std::string> texts(const char* name);
  // The place in `words` of the word that stands there.
  template <class Words>
  [[nodiscard]] std::optional<std::size_t> choice(const char* name, const Words& words, Must must) {
    const std::string given = word(name, must);
    if (given.empty()) return std::nullopt;
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (words[i] == given) return i;
    }
    problems_.add_unknown(at(name), name, given, {words.begin(), words.end()});
    return std::nullopt;
  }
  // Each table of a list, with its pointer.
  struct Item {
    const Json* table{};
    std::string pointer{};
  };
  [[nodiscard]] std::vector<Item> tables(const char* name);
  [[nodiscard]] std::optional<Item> table(const char* name);
  [[nodiscard]] bool has(const char* name) const { return table_.contains(name); }
  [[nodiscard]] std::string at(std::string_view name) const { return pointer_to(pointer_, name); }
  [[nodiscard]] const std::string& pointer() const { return pointer_; }
  [[nodiscard]] Problems& problems() { return problems_; }
  // Each member that nobody asked for is a problem.
  void finish();

 private:
  [[nodiscard]] const Json* member(const char* name, Must must);
  const Json& table_;
  std::string pointer_;
  Problems& problems_;
  std::vector<std::string> known_{};
};

}  // namespace keyrite::ceremony
