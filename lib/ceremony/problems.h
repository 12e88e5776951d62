// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What is wrong with a ceremony's file, all of it at once, each with line and column: whoever
// writes one corrects it in one go. Owned by who reads the file; one thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/toml.h"

namespace keyrite::ceremony {

class Problems {
 public:
  Problems(std::string origin, std::map<std::string, TomlPlace, std::less<>> places)
      : origin_(std::move(origin)), places_(std::move(places)) {}

  // `pointer` as PlacedToml has it; of what is missing the table that misses it.
  void add(std::string_view pointer, std::string_view what);
  // The same with the nearest of `known`: "did you mean label?".
  void add_unknown(std::string_view pointer, std::string_view what, std::string_view word,
                   const std::vector<std::string>& known);
  [[nodiscard]] bool empty() const { return found_.empty(); }
  // Error kConfig "ceremony-invalid" with all of them in the order of the file, if there are any.
  void require_none() const;

 private:
  struct Found {
    TomlPlace place{};
    std::string what{};
  };
  [[nodiscard]] TomlPlace place_of(std::string_view pointer) const;

  std::string origin_;
  std::map<std::string, TomlPlace, std::less<>> places_;
  std::vector<Found> found_{};
};

}  // namespace keyrite::ceremony
