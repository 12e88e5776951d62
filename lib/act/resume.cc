#include "act/resume.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "act/act.h"
#include "act/act_log.h"
#include "act/internal/kept_login.h"
#include "act/internal/log_clock.h"
#include "act/internal/registry_standing.h"
#include "act/internal/unfinished_acts.h"
#include "act/log_key.h"
#include "act/logged_refusal.h"
#include "act/pins.h"
#include "act/token_session.h"
#include "act/typed_text.h"
#include "base/error.h"
#include "base/presence.h"
#include "base/text.h"
#include "site/layout.h"
#include "transcript/layout.h"

namespace keyrite::act {

namespace {

constexpr const char* kAct = "resume";

[[noreturn]] void not_confirmed(std::string_view why) {
  throw Error(Kind::kUsage, "last-signed-not-confirmed",
              fmt::format("the last signed checkpoint is not confirmed: {}", why),
              "take size and root from your own notes, a witness or an auditor's copy, not from "
              "this site; without a terminal give --signed-size and --signed-root");
}

// Typed by a person who has it from elsewhere, so it is not shown.
transcript::TreeHead typed_head(const Context& context, const std::string& path) {
  const site::Site& site = context.site.value().site;
  const auto published =
      transcript::read_checkpoint(transcript::checkpoint_of(site.path(site::kTranscriptName)));
  const auto& head = published.checkpoint.head;
  const auto answer = context.ask(
      {.lines = {fmt::format("{} is missing. It showed whether the log {} was rolled back.",
                             printable(path), site.settings.log.origin),
                 "Only a copy from elsewhere can show that now: your notes, a witness, an "
                 "auditor's copy."},
       .prompt = "How many entries were signed last, and what is their root (N HEX)?",
       .typed = fmt::format("{} {}", head.size, to_hex(head.root))});
  if (!answer) not_confirmed("there is no terminal to type it at");
  if (!*answer)
    not_confirmed("the typed size and root are not those of the checkpoint in the site");
  return head;
}

transcript::TreeHead given_head(const ResumeRequest& request) {
  if (!request.signed_size || !request.signed_root)
    not_confirmed("give --signed-size and --signed-root together");
  transcript::TreeHead head{.size = *request.signed_size};
  const Bytes root = from_hex(*request.signed_root);
  if (root.size() != head.root.size()) not_confirmed("--signed-root is not 64 hex digits");
  std::ranges::copy(root, head.root.begin());
  return head;
}

// nullopt: nothing is to be accepted.
std::optional<transcript::TreeHead> accepted_loss(const ResumeRequest& request,
                                                  const Context& context) {
  const bool given = request.signed_size || request.signed_root;
  if (!request.accept_missing_last_signed) {
    if (given) not_confirmed("--accept-missing-last-signed is not given");
    return std::nullopt;
  }
  const std::string path = context.site.value().site.last_signed();
  if (is_there(path)) {
    throw Error(Kind::kUsage, "last-signed-not-missing",
                fmt::format("{} exists, so there is no loss to accept", printable(path)),
                "leave --accept-missing-last-signed out");
  }
  return given ? given_head(request) : typed_head(context, path);
}

// Logged in; what is refused then is an entry.
TokenSession& enter(KeptLogin& login, const Context& context, const std::string& run) {
  const std::size_t pins_from = context.pins->entries().size();
  try {
    return login.begin_act(context.token, pkcs11::Access::kReadOnly, [&](TokenSession& token) {
      token.log_user_in();
      require_log_key(token, context.site.value().site);
    });
  } catch (const Error& error) {
    if (is_refusal(error)) {
      log_refusal(context, {.act = kAct, .run = run, .pins = context.pins, .pins_from = pins_from},
                  error);
    }
    throw;
  }
}

using UnsignedEntries = std::vector<transcript::UnsignedEntry>;

std::vector<std::string> unsigned_lines(const UnsignedEntries& entries) {
  std::vector<std::string> lines{fmt::format(
      "The log's key does not vouch for {} entries of acts at the token:", entries.size())};
  for (const auto& one : entries) {
    const auto text = [&](const char* name) {
      return printable(one.entry.value(name, std::string()));
    };
    lines.push_back(fmt::format("  entry {}: {} {} of {}, by {}", one.index, text("act"),
                                text("event"), text("time"), text("operator")));
  }
  lines.emplace_back("Anyone who can write into the site's folder may have written them.");
  return lines;
}

bool accepts_unsigned(const ResumeRequest& request, const Context& context,
                      const UnsignedEntries& entries) {
  if (request.sign_unsigned) {
    if (*request.sign_unsigned == entries.size()) return true;
    throw Error(Kind::kUsage, "sign-unsigned-wrong",
                fmt::format("the log's key does not vouch for {} entries of acts at the token, and "
                            "--sign-unsigned says {}",
                            entries.size(), *request.sign_unsigned),
                "read them with keyrite transcript show, and count them again");
  }
  if (!context.ask) return false;
  return context
      .ask({.lines = unsigned_lines(entries),
            .prompt = "Are all of them true (keyrite then signs them)?"})
      .value_or(false);
}

bool confirms_clock(const ResumeRequest& request, const Context& context,
                    const transcript::History& history) {
  const TimePoint now = context.now();
  if (request.confirm_clock) {
    const TimePoint said = parse_rfc3339(*request.confirm_clock, "--confirm-clock");
    if (std::max(said, now) - std::min(said, now) <= transcript::kClockTolerance) return true;
    throw Error(Kind::kUsage, "confirm-clock-wrong",
                fmt::format("this machine's clock says {}, and --confirm-clock {}",
                            format_rfc3339(now), format_rfc3339(said)),
                "set the clock first: --confirm-clock confirms the time that it shows");
  }
  if (!context.ask) return false;
  return context
      .ask({.lines = {fmt::format("This machine's clock says {}. The log has an entry of {}.",
                                  format_rfc3339(now), format_rfc3339(*history.clock().latest())),
                      "If the clock is right, pending approval statements become invalid: ask for "
                      "new ones."},
            .prompt = "Is this machine's clock right?"})
      .value_or(false);
}

// What a person decides about a log, asked once: the log is opened before a login and after it.
class Decisions {
 public:
  Decisions(const ResumeRequest& request, const Context& context)
      : request_(request), context_(context) {}

  [[nodiscard]] LogOpening opening() {
    LogOpening opening{.clock_may_be_behind = true, .registry_may_be_behind = true};
    opening.tail.accept = [this](const UnsignedEntries& entries) {
      if (!accepted_)
        accepted_ = accepts_unsigned(request_, context_, entries) ? entries.size() : 0;
      return *accepted_ == entries.size();
    };
    opening.tail.drop_from = request_.drop_unsigned;
    return opening;
  }

  // Whether the clock is to be confirmed. Error kVerification "clock-set-back" when nobody says so.
  bool clock(const transcript::History& history) {
    if (!is_behind(context_.now(), history)) {
      if (request_.confirm_clock)
        context_.note(
            "no entry of the log is later than this machine's clock: --confirm-clock had nothing "
            "to do");
      return false;
    }
    if (!confirmed_) confirmed_ = confirms_clock(request_, context_, history);
    if (!*confirmed_) require_clock(context_.now(), history);
    return true;
  }

 private:
  const ResumeRequest& request_;
  const Context& context_;
  std::optional<std::size_t> accepted_{};
  std::optional<bool> confirmed_{};
};

std::optional<KeptText> kept_reason(const ResumeRequest& request, const SiteBinding& use) {
  if (!request.reason) return std::nullopt;
  return keep_text(use.site.path(site::kTextsName), *request.reason);
}

// Where nothing was to be decided, no entry names it.
void forget_unused(const KeptText& reason, const ActLog& log, bool clock_confirmed,
                   const Context& context) {
  const auto& recovery = log.writer().recovery();
  if (clock_confirmed || !recovery.accepted.empty() || recovery.dropped_bytes != 0 ||
      recovery.last_signed_restored)
    return;
  context.note("there was nothing to decide: keyrite did not keep --reason");
  (void)erase_text(context.site->site.path(site::kTextsName), reason.sha256());
}

Json to_json(const Levelled& levelled) {
  return {{"entries", levelled.entries},
          {"bound", levelled.bound},
          {"settled", levelled.settled},
          {"unknown", levelled.unknown}};
}

// What the registry did not have, and what nobody can know any more.
void tell_levelled(const Levelled& levelled, const Context& context) {
  if (levelled.bound != 0)
    context.note(fmt::format("the registry took over {} act(s) that the log has", levelled.bound));
  for (const auto& batch : levelled.settled) {
    context.note(fmt::format("rows of batch {} never had an entry in the log: they were taken back",
                             printable(batch)));
  }
  for (const auto seq : levelled.unknown) {
    context.note(
        fmt::format("entry {} tells of rows that this registry does not have: names and what else "
                    "stood in them "
                    "are in a newer backup, or lost",
                    seq));
  }
}

Outcome resumed(const ActLog& log, Json settled, bool clock_confirmed) {
  const auto& recovery = log.writer().recovery();
  const auto head = log.writer().signed_head();
  const std::string root = to_hex(head.root);
  Outcome outcome;
  outcome.text.push_back(
      settled.empty() ? std::string("every act in the log has its result")
                      : fmt::format("{} act(s) without a result were settled; what was found is "
                                    "above and in the log",
                                    settled.size()));
  if (const auto accepted = recovery.accepted.size(); accepted != 0)
    outcome.text.push_back(
        fmt::format("{} entries are signed on your word; the log says so", accepted));
  if (clock_confirmed)
    outcome.text.emplace_back(
        "this machine's clock is confirmed; ask for new statements in place of the pending ones");
  outcome.text.push_back(fmt::format("the log is signed: {} entries, root\n  {}", head.size, root));
  outcome.document = {{"settled", std::move(settled)},
                      {"accepted", recovery.accepted.size()},
                      {"dropped_bytes", recovery.dropped_bytes},
                      {"clock_confirmed", clock_confirmed},
                      {"signed_entries", head.size},
                      {"root", root}};
  return outcome;
}

}  // namespace

const std::vector<Field<ResumeRequest>>& ResumeRequest::table() {
  using R = ResumeRequest;
  static const std::vector<Field<R>> fields{
      {{.name = "accept-missing-last-signed",
        .help = "continue although the last signed checkpoint is lost; a person confirms the "
                "checkpoint in the site by typing its size and root",
        .binds = Binds::plain()},
       &R::accept_missing_last_signed},
      {{.name = "signed-size",
        .value = "N",
        .help = "number of entries that were signed last, where there is no terminal",
        .binds = Binds::plain()},
       &R::signed_size},
      {{.name = "signed-root",
        .value = "HEX",
        .help = "their root, as resume and transcript verify print it",
        .binds = Binds::plain()},
       &R::signed_root},
      {{.name = "sign-unsigned",
        .value = "N",
        .help = "sign the N entries of acts at the token for which the log's key does not vouch; a "
                "person has read them and says that they are true",
        .default_text = "asks at a terminal",
        .binds = Binds::plain()},
       &R::sign_unsigned},
      {{.name = "drop-unsigned",
        .value = "INDEX",
        .help = "cut off the refused entry and all after it; keyrite keeps them as evidence and "
                "logs their SHA-256",
        .binds = Binds::plain()},
       &R::drop_unsigned},
      {{.name = "confirm-clock",
        .value = "TIME",
        .help = "the present time, such as 2026-03-01T10:00:00Z, if an entry of the log is later "
                "than this machine's clock and wrong",
        .default_text = "asks at a terminal",
        .binds = Binds::plain()},
       &R::confirm_clock},
      {{.name = "reason",
        .value = "TEXT",
        .help = "reason for the decision; keyrite keeps it in texts/ of the site, where it can be "
                "erased, and logs its SHA-256",
        .binds = Binds::name()},
       &R::reason},
  };
  return fields;
}

Outcome resume(KeptLogin& login, const ResumeRequest& request, const Context& context,
               const ShowResumed& show) {
  if (!context.site) {
    throw Error(Kind::kUsage, "site-not-given", "resume needs a site, and none is given",
                "give --site, or set KEYRITE_SITE");
  }
  const Context once = noting_once(context);
  const std::string run = ActLog::new_run();
  Decisions decisions(request, once);
  // A log that cannot be written is told of before a PIN is asked for; nobody holds it meanwhile.
  const auto lost = accepted_loss(request, context);
  // What is cut off, and what is said of a lost file, needs the token.
  if (!lost && !request.drop_unsigned) {
    const ActLog opens(once, kAct, run, decisions.opening());
    (void)decisions.clock(opens.history());
  }
  const std::size_t pins_from = context.pins->entries().size();
  TokenSession& token = enter(login, once, run);
  hold_signals(context);
  LogOpening opening = decisions.opening();
  opening.sign = log_signer(token, context.site->site);
  opening.lost = lost;
  opening.reason = kept_reason(request, *context.site);
  const auto reason = opening.reason;
  ActLog log(once, kAct, run, std::move(opening));
  log.log_pin_entries_of(*context.pins, pins_from);
  log.at_token(token.info(), token.module());
  sign_log_at(token, log, context.site->site);
  if (request.sign_unsigned && log.writer().recovery().accepted.empty())
    once.note("no entry needs a person's word: --sign-unsigned had nothing to do");
  const bool clock_confirmed = decisions.clock(log.history());
  if (clock_confirmed) log.confirm_clock();
  if (reason) forget_unused(*reason, log, clock_confirmed, once);
  const Levelled levelled = log.level_registry();
  tell_levelled(levelled, once);
  Json settled = settle_unfinished(log, token, context);
  log.sign();
  Outcome outcome = resumed(log, std::move(settled), clock_confirmed);
  outcome.document["registry"] = to_json(levelled);
  show(outcome);
  return outcome;
}

}  // namespace keyrite::act
