// Every code that an Error of keyrite can have: its kind, which is the exit code, what it means,
// and what to do. `keyrite explain`, its man page and docs/errors.md are made from this table and
// from nothing else. Constants, any thread.
//
// The rows are in lib/<room>/errors.inc of the room that throws the code first, each on a line of
// its own:
//
//   KEYRITE_ERROR("label-taken", kToken, "Meaning. It may have several sentences.", "What to do.")
//   KEYRITE_DEFECT("value-outside-table", "Meaning.")   // kInternal; what to do is the same for
//   all of them
//
// scripts/check-errors checks that every code in the source has its row, with the kind that it is
// thrown with, that every row is thrown, and that a test names it. The codes for a token's answers
// ("ckr-key-unextractable") come from lib/pkcs11/ckr_table.inc, which has their kind and remedy.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"

namespace keyrite::cli {

// Meaning and remedy are sentences, ended, without line ends.
struct ErrorInfo {
  std::string code{};
  Kind kind{};
  std::string meaning{};
  std::string remedy{};
};

// In the order of the alphabet: keyrite's own codes, and those of CKR values.
[[nodiscard]] const std::vector<ErrorInfo>& error_table();
[[nodiscard]] const std::vector<ErrorInfo>& ckr_error_table();

}  // namespace keyrite::cli
