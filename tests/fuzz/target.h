// A fuzz target: one parser of bytes that others wrote, and what must hold whatever they are. The
// same function runs under libFuzzer (libfuzzer.cc) and over the corpus in each build
// (replay_test.cc). Runs in one thread.
#pragma once

#include <exception>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/error.h"

namespace keyrite::fuzz {

// Whether the parser took the bytes. A corpus has both.
enum class Outcome { kTaken, kRefused };

// What must hold did not: a defect, of the parser or of the property.
class Broken : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};
void require(bool holds, const char* property);

// Throws Broken unless the Error is one that a person can work with: of a kind that blames the
// bytes, with a code, and safe to print.
void require_plain(const Error& error);

// What `parse` returns; nullopt when it refuses by a plain Error. Whatever else it throws goes on.
template <class Parse>
[[nodiscard]] auto taken(Parse&& parse) -> std::optional<decltype(parse())> {
  try {
    return std::forward<Parse>(parse)();
  } catch (const Error& error) {
    require_plain(error);
    return std::nullopt;
  }
}
// The same of a check that returns nothing.
template <class Check>
[[nodiscard]] Outcome passes(Check&& check) {
  return taken([&] {
    std::forward<Check>(check)();
    return true;
  })
             ? Outcome::kTaken
             : Outcome::kRefused;
}
[[nodiscard]] inline Outcome outcome_of(bool was_taken) {
  return was_taken ? Outcome::kTaken : Outcome::kRefused;
}

struct Target {
  std::string_view name{};  // its corpus is the folder of that name
  Outcome (*run)(ByteView bytes){};
};
// In the order of the alphabet.
[[nodiscard]] std::span<const Target> targets();
// nullptr: there is none of that name.
[[nodiscard]] const Target* target_named(std::string_view name);

// A file of tests/fuzz/fixed: what stays as it is while the bytes change.
[[nodiscard]] Bytes fixed(const std::string& name);
// A path in what version 0.1.0 made, which stays as it is too.
[[nodiscard]] std::string old_path(const std::string& name);
// Puts the bytes into a file of a folder that goes with the process, and gives its path.
[[nodiscard]] std::string as_file(ByteView content, const std::string& name = "input");
// Cuts a first byte off: which of `choices` it means. An empty input means the first.
[[nodiscard]] std::size_t choice(ByteView& bytes, std::size_t choices);

}  // namespace keyrite::fuzz
