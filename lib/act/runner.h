// Runs acts, and does everything before, around and after each of them. A tool is a Runner with one
// act, a ceremony or a batch a Runner with many: all of them share one login, the PINs that were
// entered, and the results of self-tests. The log is locked for each act alone, from its intent
// until its result was shown. Nobody holds it between acts, and while people are asked. A failed
// act does not change the later ones. A Runner reaches the token only through its door; without a
// door it runs acts on files. One thread.
#pragma once

#include <functional>
#include <memory>

#include "act/act.h"
#include "act/context.h"
#include "act/resume.h"
#include "act/token_door.h"

namespace keyrite::act {

class Runner {
 public:
  // `door`: nullptr for acts on files.
  explicit Runner(Context context, std::unique_ptr<TokenDoor> door = nullptr);
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;
  ~Runner() = default;

  // What run() would do, and what it would need ("needs"). Changes nothing. Errors: those of the
  // act's prepare and preview, of needs_of and of the door; kInternal "no-preview".
  [[nodiscard]] Outcome preview(const Act& act);

  using Show = std::function<void(const Outcome& outcome)>;
  // Prepares the act, has it approved and logged, performs it, logs and signs its result, and shows
  // it. Errors: those of the act, of run_at_token and of the log, of `show`; the Outcome's finding;
  // kUnknownOutcome with the code of the Outcome's `lasting` where something exists by then.
  Outcome run(const Act& act, const Show& show);
  // No act: what earlier ones left is settled (act/resume.h).
  Outcome resume(const ResumeRequest& request, const Show& show);

  // Ends the login before the Runner does, so that what the module reports then is a warning of the
  // context. May be called within `show`; the next act logs in anew.
  void close();

 private:
  [[nodiscard]] TokenDoor& door() const;
  // Nothing is under way: the person may leave.
  void release_signals() const;

  Context context_;
  std::unique_ptr<TokenDoor> door_;
};

}  // namespace keyrite::act
