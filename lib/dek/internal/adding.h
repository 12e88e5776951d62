// An act that takes data keys from outside and gives their records: dek wrap and dek import differ
// in what comes in, and in what the token does with it. A key that is there already under its id is
// passed over, so that it can be run again. One thread, but for AddingWork::work.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "act/act.h"
#include "base/error.h"
#include "crypto/secret_bytes.h"
#include "dek/internal/kek_bench.h"
#include "dek/internal/new_rows.h"

namespace keyrite::dek {

// One data key that came.
struct Coming {
  std::optional<std::string> id{};  // that it has already
  std::uint64_t line{0};            // of a file; 0: the only one
  crypto::SecretBytes value{};      // in plaintext
  registry::Dek dek{};              // with the wrapped bytes, first or at last
  bool again{false};                // the registry has it
  std::optional<Error> refusal{};
};

struct AddingWork {
  const char* act{};
  const char* done{};  // "wrapped"
  // At most so many; none at the end.
  std::function<std::vector<Coming>(std::size_t limit)> next{};
  // At the token: fills in dek.wrapped and dek.mechanism, or looks at them. What it throws that
  // says_of_record() is the refusal of this one.
  std::function<void(KekBench& bench, const KekOnRecord& record, Coming& one)> work{};
};

// How both are asked for.
struct AddingRequest {
  NewDekTerms terms{};
  std::string out{};
  std::optional<std::uint32_t> jobs{};
};

// Errors: those of new_dek_kek, of the functions, of GrowingFile; kFailed "deks-interrupted"; the
// finding as of unwrap_deks, there also kFailed "dek-id-taken": the registry has another data key
// of this id; after the log has it: kUnknownOutcome "deks-not-given-out".
[[nodiscard]] act::Outcome add_deks(const AddingRequest& request, const AddingWork& work,
                                    act::AtWork& at);

}  // namespace keyrite::dek
