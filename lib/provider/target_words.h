// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// Where an import goes, in words: each cloud's in its own folder (import_target.h). Pure, any
// thread. Internal to provider.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "base/error.h"
#include "provider/import_target.h"

namespace keyrite::provider {

class TargetWords {
 public:
  void plain(std::string_view name, std::string_view value) {
    if (!value.empty()) words_.push_back({std::string(name), std::string(value), false});
  }
  void name(std::string_view name, std::string_view value) {
    if (!value.empty()) words_.push_back({std::string(name), std::string(value), true});
  }
  // `prefix` and the name of the key, which is the label's where no option gives it.
  void cloud_key(std::string_view prefix, const std::optional<std::string>& given,
                 const std::optional<std::string>& label) {
    const auto& key = given ? given : label;
    if (key) return name("cloud_key", fmt::format("{}{}", prefix, *key));
    name("cloud_key_in", prefix);
    plain("cloud_key_name", "the label that the key has in the token");
  }
  [[nodiscard]] std::vector<TargetWord> words() && { return std::move(words_); }

 private:
  std::vector<TargetWord> words_{};
};

// Error kInternal "options-provider" for those of another cloud.
template <class Options>
const Options& options_of(const ImportOptions& options) {
  if (const auto* of = std::get_if<Options>(&options)) return *of;
  throw Error(Kind::kInternal, "options-provider", "options of another provider");
}

// `label`: of the key, as far as it is known.
namespace aws {
void add_target(TargetWords& words, const provider::ImportParameters& of,
                const provider::ImportOptions& given, const std::optional<std::string>& label);
}
namespace azure {
void add_target(TargetWords& words, const provider::ImportParameters& of,
                const provider::ImportOptions& given, const std::optional<std::string>& label);
}
namespace google {
void add_target(TargetWords& words, const provider::ImportParameters& of,
                const provider::ImportOptions& given, const std::optional<std::string>& label);
}

}  // namespace keyrite::provider
