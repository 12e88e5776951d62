// An act as a type: pure data and two functions. prepare() reads files and asks people, before
// there is an intent and while nobody holds the log. It returns what the act will do, and what the
// act needs. A Runner (act/runner.h) does everything around an act, so that a tool is a Runner with
// one act, and a ceremony or a batch a Runner with many. The act's Outcome says how its result is
// shown. Plain data; one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "act/context.h"
#include "act/intent.h"
#include "act/log_facts.h"
#include "act/parts.h"
#include "act/registry_rows.h"
#include "act/token_door.h"
#include "approval/operation.h"
#include "base/error.h"
#include "base/json.h"

namespace keyrite::pkcs11 {
class SessionPool;
}  // namespace keyrite::pkcs11

namespace keyrite::act {

// What exists from now on. If anything fails after it was made, that Error has the exit code of an
// unknown outcome and names it: what was never reported is worse than nothing.
struct Lasting {
  std::string made{};  // "the key \"k\", id 0a0b, was made and is in the token"
  std::string code{};  // of that Error: "key-made-unreported"
  std::string hint{};
};

struct Outcome {
  Json document{};                  // what --json prints: the result, or the plan
  std::vector<std::string> text{};  // for people, one below the other
  LogFacts facts{};                 // what a transcript records
  int code{0};                      // 0, or a verdict that is no Error (base/error.h)
  std::optional<Lasting> lasting{};
  // What the act found wrong: thrown once it is logged and shown.
  std::optional<Error> finding{};
  std::vector<std::string> text_if_good{};  // shown where there is no finding
  // What the registry is to hold besides, written when the result is logged; its facts join
  // `facts`.
  std::optional<RegistryRows> registry{};
  // Adds what can be told only when the result is in the log, by the number of its entry; nullopt
  // where nothing is logged. Unset: nothing.
  std::function<void(Outcome& outcome, std::optional<std::uint64_t> entry)> when_logged{};
};

// What an act has while it works. Lives as long as preview() or perform() runs.
class AtWork {
 public:
  explicit AtWork(const Context& context, TokenSession* token = nullptr, Parts* parts = nullptr)
      : context_(context), token_(token), parts_(parts) {}
  [[nodiscard]] const Context& context() const { return context_; }
  // Error kInternal "no-token" in an act on files.
  [[nodiscard]] TokenSession& token() const;
  // Sessions for parallel work by the same login, beside token().session(): as many as the act
  // says, opened when they are first asked for. They end with the act, and with
  // TokenSession::reconnect(). Errors: those of token() and of SessionPool.
  [[nodiscard]] pkcs11::SessionPool& pool(std::size_t sessions) const;
  // Of an act whose TokenNeed says in_parts, in a site; else Error kInternal "no-parts".
  [[nodiscard]] Parts& parts() const;
  // Whether a person wants to stop (Ctrl-C, SIGTERM, SIGHUP): the act ends in good order after what
  // it is doing.
  [[nodiscard]] bool interrupted() const { return context_.interrupted && context_.interrupted(); }

 private:
  const Context& context_;
  TokenSession* token_;
  Parts* parts_;
};

using Work = std::function<Outcome(AtWork& at)>;

struct PreparedAct {
  Intent intent{};
  TokenNeed need{};
  // What a dry run does: changes nothing, makes no object in the token. Unset: none is offered.
  Work preview{};
  bool preview_needs_token{true};
  Work perform{};
  // The act puts another registry in the place of the site's, which may be damaged: it names nobody
  // and writes no rows, and the registry is not opened for it.
  bool replaces_registry{false};
};

struct Act {
  const approval::Operation& operation;
  // Errors that are refusals (act/logged_refusal.h) are logged.
  std::function<PreparedAct(const Context& context)> prepare{};
};

}  // namespace keyrite::act
