// Of many data keys those that were not opened: counted, each told in a line of the output, and the
// gravest of them as the Error of the whole. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace keyrite::dek {

// Whether an Error is a record's own, so that the others go on: that the token or the registry is
// not well is none.
[[nodiscard]] bool says_of_record(const Error& error);

// kUsage "dek-unknown".
[[nodiscard]] Error unknown_dek(const std::string& id);

class Refusals {
 public:
  // nullopt: one that was opened.
  void count(const std::optional<Error>& refusal);
  [[nodiscard]] std::uint64_t opened() const { return opened_; }
  [[nodiscard]] std::uint64_t refused() const { return refused_; }
  // Of all that were asked for.
  [[nodiscard]] bool is_alone() const { return opened_ + refused_ == 1; }
  // {"error":CODE,"id":ID} and a newline.
  [[nodiscard]] static std::string line(const std::string& id, const Error& refusal);
  // nullopt: none. Of the only one its own Error; of several kVerification "deks-suspect" where one
  // of them is of that kind, else kFailed "deks-not-opened". `done`: what the act does with them;
  // `hint`: where each of them is named.
  [[nodiscard]] std::optional<Error> error(
      std::string_view done = "opened",
      const char* hint = "the lines with \"error\" in the output name each of them") const;

 private:
  std::uint64_t opened_{0};
  std::uint64_t refused_{0};
  std::optional<Error> gravest_{};
};

}  // namespace keyrite::dek
