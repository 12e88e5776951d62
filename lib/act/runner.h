// Runs acts: what is before, around and after each of them. Its acts share the PINs that were
// entered and what self-tests found out, which are the door's. Knows the token by that door alone;
// a Runner without one runs acts on files. One thread.
#pragma once

#include <functional>
#include <memory>

#include "act/act.h"
#include "act/context.h"
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
  // it. Errors: those of the act, of run_at_token and run_on_files, of `show`; the Outcome's
  // finding; made_but() where something exists by then.
  Outcome run(const Act& act, const Show& show);

 private:
  [[nodiscard]] TokenDoor& door() const;

  Context context_;
  std::unique_ptr<TokenDoor> door_;
};

}  // namespace keyrite::act
