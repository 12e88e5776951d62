// Questions about what a token can do. Only a no (pkcs11/ckr.h) answers one: an outage is never
// taken for an answer. After any other failure the whole probe runs once more, never one call of it
// alone; then the search for an answer ends. So a probe does nothing that must not happen twice: no
// login, and no token object. One session, one thread.
#pragma once

#include <string_view>

#include "base/error.h"
#include "pkcs11/ckr.h"

namespace keyrite::pkcs11 {

// The code of the Error of a question that was not answered.
inline constexpr std::string_view kNotFoundOut = "not-found-out";

// `question`: "whether this token wraps aes-256 by composed". The Error names it, the call that
// failed first, its CKR, and what was answered when it was asked again.
[[nodiscard]] Error not_found_out(std::string_view question, const Error& first,
                                  const Error& again);

// What `probe` finds; `refused(error)` where the token says no; `undecided(first, again)` where it
// gave no reason both times. Errors: kToken `not-found-out` with the CKR of what failed first;
// those of `probe` that no CKR came with.
template <class Probe, class Refused, class Undecided>
auto find_out(std::string_view question, const Probe& probe, const Refused& refused,
              const Undecided& undecided) -> decltype(probe()) {
  const auto answers = [](const Error& one) { return one.ckr() && one.code() != kNotFoundOut; };
  try {
    return probe();
  } catch (const Error& first) {
    if (!answers(first)) throw;
    if (says_no(first)) return refused(first);
    try {
      return probe();
    } catch (const Error& again) {
      if (!answers(again)) throw;
      if (says_no(again)) return refused(again);
      const bool both = answer_of(first.ckr()->value) == Answer::kUndecided &&
                        answer_of(again.ckr()->value) == Answer::kUndecided;
      if (both) return undecided(first, again);
      throw not_found_out(question, first, again);
    }
  }
}

// As above where an answer without a reason ends the search too.
template <class Probe, class Refused>
auto find_out(std::string_view question, const Probe& probe, const Refused& refused)
    -> decltype(probe()) {
  return find_out(question, probe, refused,
                  [&](const Error& first, const Error& again) -> decltype(probe()) {
                    throw not_found_out(question, first, again);
                  });
}

}  // namespace keyrite::pkcs11
