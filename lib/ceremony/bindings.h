// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The values of a ceremony's inputs, which do not stand in its file: --bind NAME=VALUE. Plain data;
// one thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "ceremony/model.h"

namespace keyrite::ceremony {

class Bindings {
 public:
  // Of words NAME=VALUE; paths become absolute. Errors kUsage: "bind-invalid" (no NAME=VALUE, or
  // twice), "bind-unknown" (no such input; the nearest in the hint).
  [[nodiscard]] static Bindings of(const std::vector<std::string>& words, const Ceremony& ceremony);
  // As to_json() wrote it. Errors: those of JsonView; kUsage "bind-unknown".
  [[nodiscard]] static Bindings from_json(const Json& json, const std::string& origin,
                                          const Ceremony& ceremony);

  [[nodiscard]] std::optional<std::string> value(const std::string& name) const;
  [[nodiscard]] const std::map<std::string, std::string>& values() const { return values_; }
  // Those of `more` beside these. Error kUsage "bind-differs": one is bound to another value, and
  // what is fixed stays as it was approved.
  void add(const Bindings& more, const Ceremony& ceremony);
  // Error kUsage "bind-missing" naming every fixed input without a value.
  void require_fixed(const Ceremony& ceremony) const;
  [[nodiscard]] Json to_json() const;

 private:
  std::map<std::string, std::string> values_{};
};

}  // namespace keyrite::ceremony
