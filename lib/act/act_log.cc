#include "act/act_log.h"

#include <chrono>
#include <filesystem>
#include <memory>
#include <set>

#include <fmt/format.h>

#include "act/entry_head.h"
#include "act/internal/log_clock.h"
#include "act/logged_refusal.h"
#include "base/error.h"
#include "base/file.h"
#include "base/presence.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "site/last_signed.h"
#include "site/layout.h"
#include "transcript/layout.h"
#include "transcript/outcome.h"

namespace keyrite::act {

namespace {

namespace fs = std::filesystem;

// Of an act on files a refusal is what it is for; at the token the refusals come before the intent.
std::string_view outcome_of(std::string_view act, const Error& error) {
  if (transcript::is_act_on_files(act) && is_refusal(error)) return transcript::kOutcomeRefused;
  const bool known = error.kind() != Kind::kUnknownOutcome && error.kind() != Kind::kInternal;
  return known ? transcript::kOutcomeFailed : transcript::kOutcomeUnknown;
}

// Before anything of the site is opened: what is found in a copy says nothing about the site.
const site::Site& sole_site(const Context& context) {
  const site::Site& site = context.site.value().site;
  site::require_sole_folder(site, context.note);
  return site;
}

// Whether an entry tells what a person decided about the log.
bool is_decision(std::string_view event, const Json& content) {
  return event == transcript::kDropped || event == transcript::kClockConfirmed ||
         event == transcript::kLastSignedAccepted ||
         (event == transcript::kUnvouched && content.contains("accepted"));
}

// What the next act would not take from the log is never written into it.
void require_form(std::string_view event, const Json& content) {
  const auto* rule = transcript::event_rule(event);
  const std::string_view wrong =
      rule == nullptr ? std::string_view("event") : transcript::wrong_field(*rule, content);
  if (wrong.empty()) return;
  throw Error(Kind::kInternal, "entry-form",
              fmt::format("an entry \"{}\" is not as transcript/event.h says: {}", event, wrong));
}

}  // namespace

Context noting_once(const Context& given) {
  Context context = given;
  context.note = [note = given.note, told = std::make_shared<std::set<std::string, std::less<>>>()](
                     std::string_view text) {
    if (told->emplace(text).second) note(text);
  };
  return context;
}

std::string ActLog::new_run() { return random_id(); }

ActLog::ActLog(const Context& context, std::string act, std::string run, LogOpening opening)
    : context_(context),
      act_(std::move(act)),
      run_(std::move(run)),
      reason_(std::move(opening.reason)),
      sign_(std::move(opening.sign)),
      writer_(place(opening), signer(), headed(std::move(opening.tail))) {
  remove_leftovers();
  tell_recovery();
  if (!opening.registry_apart) {
    registry_ = std::make_unique<registry::Registry>(context_.site->site.path(site::kRegistryName));
  }
  if (registry_ && !opening.registry_may_be_behind) {
    require_level(*registry_, context_.site->site, writer_);
    registry_is_level_ = true;
  }
  if (!opening.clock_may_be_behind) require_clock(context_.now(), history());
}

transcript::TailDecision ActLog::headed(transcript::TailDecision tail) const {
  tail.drop_head = entry(transcript::kDropped, {{"run", run_}});
  return tail;
}

void ActLog::sign_with(Sign sign) {
  sign_ = std::move(sign);
  if (opening_due_) open();
  name_unvouched();
}

// What anybody could have written is not signed without a word.
void ActLog::name_unvouched() {
  for (const auto& one : writer_.unmarked()) {
    Json content{{"run", run_}, {"first", one.range.first}, {"last", one.range.last}};
    if (one.accepted) content["accepted"] = true;
    append(transcript::kUnvouched, std::move(content));
  }
}

void ActLog::sign() {
  name_unvouched();
  writer_.sign();
}

void ActLog::sign_what_failed() {
  try {
    sign();
  } catch (const Error& error) {
    context_.note(fmt::format("the failure is logged, but not signed yet: {}", error.message()));
  }
}

void ActLog::confirm_clock() {
  append(transcript::kClockConfirmed,
         {{"run", run_},
          {"latest", format_rfc3339(history().clock().latest().value_or(
                         std::chrono::floor<std::chrono::seconds>(context_.now())))}});
}

// What a killed act left where nobody but the lock's holder writes; LogWriter does the same where
// the log is. The last signed checkpoint may be kept outside, among files of others.
void ActLog::remove_leftovers() const {
  const auto& site = context_.site.value().site;
  keyrite::remove_leftovers(fs::path(site.path(site::kTranscriptName)) / transcript::kEvidenceName);
  keyrite::remove_leftovers(site.path(site::kApprovalsName));
  keyrite::remove_leftovers(site.path(site::kTextsName));
  if (site.keeps_last_signed())
    keyrite::remove_leftovers(fs::path(site.last_signed()).parent_path());
}

transcript::Turn ActLog::turn(const LogOpening& opening) const {
  return {.longest = context_.site->wait,
          .waiting =
              [this](std::string_view holder) {
                context_.note(fmt::format("{} is writing the log; {} waits for it, at most {} s",
                                          holder, act_, context_.site->wait.count()));
              },
          .taken = opening.locked};
}

transcript::LogPlace ActLog::place(const LogOpening& opening) const {
  const site::Site& site = sole_site(context_);
  transcript::LogPlace place{.folder = site.path(site::kTranscriptName),
                             .last_signed = site.last_signed(),
                             .who = act_,
                             .user = context_.user,
                             .now = context_.now,
                             .turn = turn(opening)};
  if (const auto& lost = opening.lost) {
    place.accepted_loss = {
        .head = *lost,
        .entry = entry(transcript::kLastSignedAccepted,
                       {{"run", run_}, {"size", lost->size}, {"root", to_hex(lost->root)}})};
  }
  return place;
}

transcript::Signer ActLog::signer() {
  return {.key = context_.site.value().site.log_key, .sign = [this](std::string_view text) {
            if (sign_) return sign_(text);
            throw Error(Kind::kToken, "log-key-absent",
                        "the log cannot be signed without its token",
                        "keyrite resume signs what is not signed yet");
          }};
}

void ActLog::tell_recovery() {
  const auto& recovery = writer_.recovery();
  if (recovery.torn_bytes != 0) {
    context_.note(
        fmt::format("the last line of the log breaks off after {} bytes (power failure?): keyrite "
                    "dropped it and logged that",
                    recovery.torn_bytes));
  }
  if (recovery.checkpoint_restored)
    context_.note("the checkpoint was older than the last signed one: keyrite restored it");
  if (recovery.last_signed_restored)
    context_.note(
        "the last signed checkpoint was missing: keyrite restored it as you confirmed, and logged "
        "that");
  if (recovery.dropped_bytes != 0) {
    context_.note(
        fmt::format("keyrite cut off {} bytes after the last valid entry, kept them as evidence "
                    "and logged that",
                    recovery.dropped_bytes));
  }
}

void ActLog::at_token(const pkcs11::TokenInfo& token, const pkcs11::ModuleInfo& module) {
  token_info_ = token;
  token_ = token_head(token);
  module_ = module_head(module);
  opening_due_ = !history().opened();
  if (opening_due_ && sign_) open();
}

// Where it can wait for the token, the log's key vouches for it; it comes before anything else.
void ActLog::open() {
  opening_due_ = false;
  const auto& site = context_.site.value().site;
  if (act_ != kOpeningAct) {
    context_.note(
        "init-site was interrupted before it wrote the first entry of the log: keyrite writes it "
        "now");
  }
  Json content{{"run", run_},
               {"token", token_},
               {"module", module_},
               {"tool", tool_head(context_)},
               {"vkey", site.log_key.text()},
               {"site_sha256", site.sha256},
               {"evidence", Json::array({keep_policy()})},
               {"keys", Json::array({Json{{"id", site.settings.log.key_id}}})}};
  const std::string roster = site.path(site.settings.approvals.roster);
  if (is_there(roster)) content["roster_sha256"] = crypto::sha256_file_hex(roster);
  write(transcript::kOpened, std::move(content));
}

AskedRequest ActLog::asked(const Intent& intent) {
  return asked_request(intent, [this](const std::string& name) { return pseudonym(name); });
}

ApprovalContext ActLog::approval_context(const Intent& intent) {
  return {.context = context_,
          .history = history(),
          .signed_head = writer_.signed_head(),
          .token_serial = printable(token_info_.serial),
          .token_model = printable(token_info_.model),
          .module_sha256 = module_.value("sha256", std::string()),
          .now = judging_time(context_.now(), history()),
          .request = asked(intent),
          .root_of = [this](std::uint64_t size) -> std::optional<std::string> {
            const auto root = writer_.root_at(size);
            return root ? std::optional(to_hex(*root)) : std::nullopt;
          },
          .asked =
              [this](const std::string& statement) {
                append(transcript::kApprovalRequested, {{"run", run_}, {"statement", statement}});
              }};
}

Json ActLog::entry(std::string_view event, Json content) const {
  content["act"] = act_;
  content["event"] = event;
  content["time"] = format_rfc3339(context_.now());
  content["operator"] = operator_head(context_);
  if (reason_ && is_decision(event, content)) content["text_sha256"] = reason_->sha256();
  return content;
}

std::uint64_t ActLog::append(std::string_view event, Json content) {
  if (opening_due_) open();
  if (!history().opened()) {
    throw Error(Kind::kFailed, "log-not-opened",
                "the log has no first entry yet, because init-site was interrupted",
                "run keyrite resume, which writes it");
  }
  return write(event, std::move(content));
}

std::uint64_t ActLog::write(std::string_view event, Json given) {
  const std::uint64_t index = write_entry(event, std::move(given));
  note_position();
  return index;
}

std::uint64_t ActLog::write_entry(std::string_view event, Json given) {
  const Json content = entry(event, std::move(given));
  require_form(event, content);
  last_time_ = content.at("time").get<std::string>();
  if (!sign_) return writer_.append(content);
  try {
    return writer_.append(content, transcript::Vouching::kByLogKey);
  } catch (const Error& error) {
    // That the token is gone is said all the same; as a claim, so the next act looks for itself.
    const bool failed =
        event == transcript::kResult && content.at("outcome") != transcript::kOutcomeDone;
    if (!failed || error.code() == "file-unwritable") throw;
    return writer_.append(content);
  }
}

std::string ActLog::pseudonym(const std::string& name) {
  return registry_->pseudonym_of(name, random_id());
}

void ActLog::intend(const Intent& intent, const std::optional<Approval>& approval) {
  const AskedRequest request = asked(intent);
  Json key = Json::object();
  if (!request.label.empty()) key["key"] = request.label;
  if (intent.id) key["id"] = *intent.id;
  // The very object whose SHA-256 an approved statement has.
  Json content = request.json;
  content["run"] = run_;
  content["token"] = token_;
  content["module"] = module_;
  content["keys"] = key.empty() ? Json::array() : Json::array({key});
  content["tool"] = tool_head(context_);
  content["site_sha256"] = context_.site->site.sha256;
  content["evidence"] = evidence_of(intent, approval);
  if (const auto* use = context_.site->step_of_ceremony()) content[kCeremonyField] = use->to_json();
  if (approval && approval->campaign) {
    content["campaign"] = approval->campaign->to_json();
  } else if (approval) {
    content["approval"] = approval->to_json();
  }
  append(transcript::kIntent, std::move(content));
  intended_ = true;
}

std::uint64_t ActLog::done(const LogFacts& facts) {
  return append(transcript::kResult, result_of(facts));
}

void ActLog::failed(const Error& error, const LogFacts& found) {
  Json content{{"run", run_}, {"error", facts_of(error).json()}, {"pin_entries", pin_entries()}};
  if (!found.json().empty()) content["facts"] = in_side_file(found);
  if (intended_) {
    content["outcome"] = outcome_of(act_, error);
    append(transcript::kResult, std::move(content));
    return;
  }
  content["token"] = token_;
  append(transcript::kRefused, std::move(content));
}

}  // namespace keyrite::act
