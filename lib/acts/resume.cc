#include "acts/resume.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "acts/internal/act_log.h"
#include "acts/internal/refusal_entry.h"
#include "acts/internal/site_login.h"
#include "acts/internal/unfinished_acts.h"
#include "acts/logged_refusal.h"
#include "acts/pins.h"
#include "acts/token_session.h"
#include "base/error.h"
#include "base/presence.h"
#include "base/text.h"
#include "site/layout.h"
#include "transcript/layout.h"

namespace keyrite::acts {

namespace {

constexpr const char* kAct = "resume";

[[noreturn]] void not_confirmed(std::string_view why) {
  throw Error(Kind::kUsage, "last-signed-not-confirmed",
              fmt::format("what was signed last is not confirmed: {}", why),
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
      {.lines = {fmt::format("{} is missing. It told whether the log of {} was set back.",
                             printable(path), site.settings.log.origin),
                 "Only what you have from elsewhere can tell that now: your notes, a witness, an "
                 "auditor's copy."},
       .prompt = "How many entries were signed last, and what is their root (N HEX)?",
       .typed = fmt::format("{} {}", head.size, to_hex(head.root))});
  if (!answer) not_confirmed("nobody is there to type it");
  if (!*answer) not_confirmed("that is not what the checkpoint in the site says");
  return head;
}

transcript::TreeHead given_head(const ResumeRequest& request) {
  if (!request.signed_size || !request.signed_root)
    not_confirmed("--signed-size and --signed-root belong together");
  transcript::TreeHead head{.size = *request.signed_size};
  const Bytes root = from_hex(*request.signed_root);
  if (root.size() != head.root.size()) not_confirmed("--signed-root is not 64 digits of hex");
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
                fmt::format("{} is there, so nothing is to be accepted", printable(path)),
                "leave --accept-missing-last-signed out");
  }
  return given ? given_head(request) : typed_head(context, path);
}

// Logged in; what is refused then is an entry.
std::unique_ptr<TokenSession> enter(const Context& context, Pins& pins, const std::string& run) {
  const std::size_t pins_from = pins.entries().size();
  try {
    auto token = std::make_unique<TokenSession>(load_module(context.token), context.token,
                                                pkcs11::Access::kReadOnly, pins);
    token->log_user_in();
    return token;
  } catch (const Error& error) {
    if (is_untruth(error)) {
      log_refusal(context, {.act = kAct, .run = run, .pins = &pins, .pins_from = pins_from}, error);
    }
    throw;
  }
}

}  // namespace

const std::vector<Field<ResumeRequest>>& ResumeRequest::table() {
  using R = ResumeRequest;
  static const std::vector<Field<R>> fields{
      {{.name = "accept-missing-last-signed",
        .help = "the last signed checkpoint is lost: the one in the site is what was signed last, "
                "as a person confirms who types its size and root",
        .binds = Binds::plain()},
       &R::accept_missing_last_signed},
      {{.name = "signed-size",
        .value = "N",
        .help = "how many entries were signed last, where nobody is there to type it",
        .binds = Binds::plain()},
       &R::signed_size},
      {{.name = "signed-root",
        .value = "HEX",
        .help = "their root, as resume and transcript verify print it",
        .binds = Binds::plain()},
       &R::signed_root},
  };
  return fields;
}

Json resume(const ResumeRequest& request, const Context& context) {
  if (!context.site) {
    throw Error(Kind::kUsage, "site-missing", "there is no site whose log could be looked at",
                "give --site, or set KEYRITE_SITE");
  }
  const Context once = saying_once(context);
  const std::string run = ActLog::new_run();
  // A log that cannot be written is told of before a PIN is asked for; nobody holds it meanwhile.
  const auto lost = accepted_loss(request, context);
  if (!lost) const ActLog opens(once, kAct, run);
  Pins own(context.token.pin);
  Pins& pins = context.pins != nullptr ? *context.pins : own;
  const std::size_t pins_from = pins.entries().size();
  const auto token = enter(once, pins, run);
  ActLog log(once, kAct, run, lost);
  log.tell_of(pins, pins_from);
  log.at_token(token->info(), token->module());
  sign_log_at(*token, log, context.site->site);
  Json settled = settle_unfinished(log, *token, context);
  log.sign();
  const auto head = log.writer().signed_head();
  token->close(context);
  return {{"settled", settled}, {"signed_entries", head.size}, {"root", to_hex(head.root)}};
}

}  // namespace keyrite::acts
