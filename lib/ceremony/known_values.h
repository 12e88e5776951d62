// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The values of a ceremony that is under way: inputs that are bound, what steps were given, what
// acts made (from the log), and what people typed (from the site's texts). Refers to what it is
// made of; one thread.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "ceremony/bindings.h"
#include "ceremony/model.h"
#include "ceremony/references.h"
#include "ceremony/standing.h"

namespace keyrite::ceremony {

class KnownValues {
 public:
  // `texts`: the folder of what people typed.
  KnownValues(const Ceremony& ceremony, const Bindings& bindings, const Standing& standing,
              std::string texts)
      : ceremony_(ceremony), bindings_(bindings), standing_(standing), texts_(std::move(texts)) {}
  // nullopt: not known yet, or erased.
  [[nodiscard]] std::optional<std::string> of(const std::string& name) const;
  [[nodiscard]] ValueOf function() const {
    return [this](const std::string& name) { return of(name); };
  }

 private:
  [[nodiscard]] std::optional<std::string> given(const Step& step, const std::string& field) const;
  [[nodiscard]] std::optional<std::string> made(const Step& step, const std::string& output) const;
  [[nodiscard]] std::optional<std::string> typed(const Step& step) const;

  const Ceremony& ceremony_;
  const Bindings& bindings_;
  const Standing& standing_;
  std::string texts_;
};

}  // namespace keyrite::ceremony
