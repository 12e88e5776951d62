// Whoever runs an act gives it a clock, a way to ask the person at the terminal, a place for
// progress notes, and the token to work on. Acts never use the terminal, the environment or the
// clock by themselves, so a test or a ceremony runs them with its own answers. Owned by the caller
// for the length of one act; one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "act/ceremony_use.h"
#include "base/clock.h"
#include "crypto/secret_bytes.h"
#include "pkcs11/module.h"
#include "pkcs11/token.h"
#include "site/site.h"
#include "wrap/self_test.h"

namespace keyrite::act {

// A question that needs a person. `lines` is shown first, then `prompt`.
struct Question {
  std::vector<std::string> lines{};
  std::string prompt{};
  // What must be typed in the place of "yes", by somebody who has it from elsewhere: it is not
  // shown. Empty: yes or no.
  std::string typed{};
};

// Gives the PIN of `token` for the user type, or nullopt when the token has its own PIN pad. One
// try per call.
using PinSource = std::function<std::optional<crypto::SecretBytes>(const pkcs11::TokenInfo& token,
                                                                   pkcs11::UserType user)>;

// Which token, by which module, and where its PINs come from.
struct TokenBinding {
  std::string uri{};  // RFC 7512; empty only for acts that need no token
  std::optional<std::string>
      module{};  // absolute path; unset: module-path of the URI, else registered modules
  std::optional<std::string> init_args{};  // for modules that need an init string
  PinSource pin{};
};

// The site in which an act is logged, and the approvals that were brought for it.
struct SiteBinding {
  site::Site site;
  std::vector<std::string> approvals{};   // files
  std::optional<std::string> campaign{};  // the id of the one under which it acts
  bool by_option{false};                  // --site, and not KEYRITE_SITE
  // Of whoever runs a ceremony: the step that its next act is, or one without an id. Borrowed.
  const CeremonyUse* ceremony{nullptr};
  // nullptr: the act is no step of a ceremony.
  [[nodiscard]] const CeremonyUse* step_of_ceremony() const {
    return ceremony != nullptr && !ceremony->id.empty() ? ceremony : nullptr;
  }
  // How long the act waits for another one that writes the log, each time that it opens it.
  std::chrono::seconds wait{0};
};

class Pins;  // act/pins.h

// What a process of this program answered that was started anew.
struct FreshProcess {
  int exit_code{};
  std::string answer{};
};

struct Context {
  Clock now{};
  // nullopt: nobody is there to answer.
  std::function<std::optional<bool>(const Question&)> ask{};
  // A line that a person types, without its end and the blanks there; it is shown as it is typed.
  // nullopt: the input ended (Ctrl-D). Error kUsage "terminal-missing": nobody is there. Unset:
  // nobody is there.
  std::function<std::optional<std::string>(const std::string& prompt)> read_line{};
  std::function<void(std::string_view)> note{};
  // A text for the person, as it is, for an act that shows something before it is done. Unset: to
  // nobody.
  std::function<void(std::string_view)> show{};
  // What went wrong after all that was to be done was done: the act did not fail. Unset: a note.
  std::function<void(std::string_view)> warn{};
  // How far a long act has come: of `total` things, where it is known how many there are. Unset: to
  // nobody.
  std::function<void(std::uint64_t done, std::optional<std::uint64_t> total)> progress{};
  // From here until what it returned is gone, something is done that may take long and does not say
  // how far it has come: `what`, in a word or two. Unset: nobody is told.
  std::function<std::shared_ptr<void>(std::string_view what)> busy{};
  // Called before the first thing that must not be torn from its report: from here on no signal
  // ends the process. Unset: whoever runs the act sees to that.
  std::function<void()> hold_signals{};
  // Called when the result of an act was shown and before people are asked about the next one: a
  // signal ends the process again, and one that came meanwhile does so now. Unset: none are held.
  std::function<void()> release_signals{};
  // Whether one came since hold_signals() from somebody who wants the process to end. Unset: no.
  std::function<bool()> interrupted{};
  // Starts this program anew with `word` as its only word, gives it `question`, and `pin` by a pipe
  // where there is one. For what no process that was at work may say of itself. Unset: it cannot be
  // started. Errors kFailed "process-not-started", "process-hangs".
  std::function<FreshProcess(std::string_view word, const std::string& question,
                             const crypto::SecretBytes* pin)>
      start_fresh{};
  bool dry_run{false};
  // The acts are steps of a ceremony, which says by itself what comes next.
  bool in_ceremony{false};
  std::string tool_version{};
  std::string program{};        // the running program's file, whose SHA-256 is logged
  std::string operator_name{};  // who does this, as he says, and as the roster names him
  std::string user{};           // the user's name on this machine
  TokenBinding token{};
  // Of whoever runs several acts, so that a PIN is entered once; nullptr: each act has its own.
  Pins* pins{nullptr};
  std::optional<SiteBinding> site{};  // nullopt: nothing is logged
  // What earlier acts of this process found out about the token; nullptr: every act tests anew.
  wrap::SelfTestMemory* self_tests{nullptr};
};

[[nodiscard]] inline std::shared_ptr<void> busy(const Context& context, std::string_view what) {
  return context.busy ? context.busy(what) : nullptr;
}

inline void hold_signals(const Context& context) {
  if (context.hold_signals) context.hold_signals();
}

}  // namespace keyrite::act
