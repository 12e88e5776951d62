// resume: prepares a site for further acts. It settles acts without a result, carries out what only
// a person can decide about the log, and signs the log. A Runner without an act does this
// (act/runner.h); one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "act/context.h"
#include "act/request.h"

namespace keyrite::act {

struct Outcome;
class KeptLogin;

struct ResumeRequest {
  bool accept_missing_last_signed{false};
  std::optional<std::uint32_t> signed_size{};  // what the person types, where nobody is asked
  std::optional<std::string> signed_root{};
  // How many entries somebody read, and takes for true.
  std::optional<std::uint32_t> sign_unsigned{};
  std::optional<std::uint32_t> drop_unsigned{};  // the first entry that is cut off
  std::optional<std::string> confirm_clock{};    // RFC 3339: what time it is
  std::optional<std::string> reason{};           // of what is decided, in a person's words
  [[nodiscard]] static const std::vector<Field<ResumeRequest>>& table();
};

using ShowResumed = std::function<void(const Outcome& outcome)>;

// Looks at what every run without a result left, logs what was found, signs the log, and shows what
// it came to before another writer can have the log. Its document: "settled" (what was found, as
// settle_unfinished says), "accepted" and "dropped_bytes" (what a person decided about entries that
// are not signed), "clock_confirmed", "signed_entries" and "root". A person is asked where an
// option is not given and somebody is there. Errors: kUsage "site-not-given" without context.site,
// "last-signed-not-confirmed" (nobody is there to type what was signed last, or a half of it is
// given), "last-signed-not-missing", "sign-unsigned-wrong" (another number of entries),
// "confirm-clock-wrong" (not this machine's time); those of keep_text, KeptLogin, LogWriter and
// require_clock; of `show`.
Outcome resume(KeptLogin& login, const ResumeRequest& request, const Context& context,
               const ShowResumed& show);

}  // namespace keyrite::act
