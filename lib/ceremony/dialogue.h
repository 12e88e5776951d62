// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The screen of a ceremony: plain lines that fit the terminal, no colour and no cursor, so that a
// serial console and a film show all of it. At each prompt "!" enters a deviation, and "q" leaves.
// Borrows the context; one thread.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "act/context.h"
#include "base/clock.h"

namespace keyrite::ceremony {

struct Answer {
  std::string text{};
  TimePoint asked{};
  TimePoint answered{};
};

class Dialogue {
 public:
  // `columns` of the terminal at the moment: a window may change. 0, or unset: 80.
  Dialogue(const act::Context& context, std::function<unsigned()> columns);

  // Told each deviation that was entered at a prompt and confirmed by the witness.
  std::function<void(const Answer& deviation)> deviation{};

  void line(std::string_view text = {}) const;
  // A paragraph, split at words and set in by `indent` blanks.
  void say(std::string_view text, std::size_t indent = 0) const;
  // A rule over the whole width.
  void rule() const;
  // "left ..... right" in one line, or in two.
  void both(std::string_view left, std::string_view right) const;
  // Hex in groups of four, with a name above it.
  void value(std::string_view name, std::string_view hex) const;

  // What is typed. Errors kWaiting "ceremony-left" ("q", or the end of the input); kUsage
  // "terminal-missing".
  [[nodiscard]] Answer ask(const std::string& prompt) const;
  // Until exactly these words are typed.
  [[nodiscard]] Answer ask_words(const std::string& words) const;
  // Until one of the words is typed; its place.
  [[nodiscard]] std::pair<std::size_t, Answer> choose(const std::vector<std::string>& words) const;
  // Until `fits` says nothing against what was typed.
  using Objection = std::function<std::string(const std::string& typed)>;
  [[nodiscard]] Answer ask_until(const std::string& prompt, const Objection& fits) const;
  // Enters a deviation: what differs, and the witness's word. `why`: why one is entered unasked.
  // False: the witness dropped it.
  bool enter_deviation(std::string_view why = {}) const;

  [[nodiscard]] std::size_t columns() const;

 private:
  [[nodiscard]] std::string typed(const std::string& prompt) const;
  const act::Context& context_;
  std::function<unsigned()> columns_;
};

}  // namespace keyrite::ceremony
