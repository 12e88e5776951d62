#include "opening/init_site.h"

#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "act/act_log.h"
#include "act/log_key.h"
#include "act/token_session.h"
#include "approval/roster.h"
#include "base/error.h"
#include "base/file.h"
#include "base/ownership.h"
#include "base/presence.h"
#include "base/text.h"
#include "base/text_file.h"
#include "keys/generate_kek.h"
#include "keys/new_objects.h"
#include "pkcs11/ckr.h"
#include "pkcs11/session.h"
#include "site/layout.h"
#include "transcript/layout.h"

namespace keyrite::opening {

namespace {

constexpr std::string_view kApprovalsText =
    "Approval statements that keyrite wrote, one folder each, named by the SHA-256 of the\n"
    "statement, and the approvals that were used, beside their statement.\n"
    "keyrite approve show STATEMENT shows what one asks for.\n";

// A log-signing key that was made and works, and its public half under the log's name.
struct LogKey {
  keys::GeneratedKey made;
  transcript::NoteKey key;
  std::string why_not_first{};
};

// By its label a log-signing key is known as that of a log of this name.
std::string label_of(const std::string& origin) { return "keyrite log " + origin; }

bool holds_key_of(act::TokenSession& token, const std::string& origin) {
  const auto wanted = pkcs11::Template{}.set<pkcs11::Attr::kLabel>(label_of(origin));
  return !token.session().find(wanted).empty();
}

// Two logs of one name could not be told apart: each has its own history, and both are "the" log.
void require_origin_free(const InitSitePlan& plan, act::TokenSession& token) {
  const std::string& origin = plan.request.origin;
  if (plan.request.same_origin || !holds_key_of(token, origin)) return;
  throw Error(Kind::kToken, "origin-taken",
              fmt::format("the token already holds the log-signing key \"{}\" of a log named {}",
                          printable(label_of(origin)), printable(origin)),
              "use the site of that log, or choose another --origin\n"
              "where that log never was, because init-site was interrupted, add --same-origin");
}

keys::GenerateKekPlan key_plan(const InitSitePlan& plan, const std::string& type, bool again) {
  const std::string id = to_hex(plan.key_id);
  const std::string label = label_of(plan.request.origin);
  return keys::plan(keys::GenerateKekRequest{.type = type,
                                             .label = again ? label + " " + id.substr(0, 8) : label,
                                             .id = id,
                                             .usage = "sign"},
                    plan.key_id);
}

// C2SP's signed-note has signatures of Ed25519 and ECDSA, and none of RSA.
Error no_log_key(const std::string& why, const Error& last) {
  return Error(Kind::kToken, "no-log-key",
               fmt::format("this token makes no key that can sign a site's log ({})", why),
               "a log is signed by Ed25519 or ECDSA P-256, never by RSA: choose a token for the "
               "site that has one of them; without --site this token can be used, and nothing is "
               "logged")
      .with_ckr(*last.ckr());
}

LogKey make_log_key(const InitSitePlan& plan, act::TokenSession& token,
                    const act::Context& context) {
  const bool again = holds_key_of(token, plan.request.origin);
  std::string why;
  for (const auto& type : plan.key_types) {
    try {
      keys::GeneratedKey made = keys::perform(key_plan(plan, type, again), token);
      const auto signature = made.plan.type.family == KeyFamily::kEd25519
                                 ? transcript::SignatureType::kEd25519
                                 : transcript::SignatureType::kEcdsa;
      auto key = transcript::NoteKey::of(plan.request.origin, signature, made.public_key.value());
      return {std::move(made), std::move(key), why};
    } catch (const Error& error) {
      // Whatever the token cannot do with one type, it may with the next; a name that is taken, a
      // key that remains, or an answer that decides nothing is no such thing: the kind of the log's
      // key is for ever.
      if (error.kind() != Kind::kToken || !pkcs11::says_no(error)) throw;
      why += fmt::format("{}{}: {}", why.empty() ? "" : "; ", type, error.message());
      if (type == plan.key_types.back()) throw no_log_key(why, error);
      context.note(fmt::format("no {} key: {}", type, error.message()));
    }
  }
  throw Error(Kind::kInternal, "value-outside-table", "no key type to try");
}

std::vector<FolderFile> files_of(const InitSitePlan& plan, const LogKey& key,
                                 const std::string& checkpoint) {
  const std::string vkey = key.key.text();
  const auto in_transcript = [](const char* name) {
    return fmt::format("{}/{}", site::kTranscriptName, name);
  };
  std::vector<FolderFile> files{
      text_file(site::kConfigName, site::site_toml(plan.settings)),
      text_file(site::kVkeysName, vkey + "\n"),
      // c2sp.org/tlog-policy: the log alone, as long as it has no witnesses.
      text_file(site::kPolicyName, fmt::format("log {}\nquorum none\n", vkey)),
      {.name = in_transcript(transcript::kLogName)},
      text_file(in_transcript(transcript::kCheckpointName), checkpoint),
      text_file(fmt::format("{}/README.txt", site::kApprovalsName), kApprovalsText),
      {.name = site::kRegistryName}};
  if (plan.roster) files.push_back({.name = site::kRosterName, .content = *plan.roster});
  if (plan.in_site()) files.push_back(text_file(site::kLastSignedName, checkpoint));
  return files;
}

// What is kept outside of the site: the checkpoint, and where the site is. Neither was there
// before.
class LastSignedFiles {
 public:
  LastSignedFiles(std::string path, std::string site)
      : path_(std::move(path)), site_(std::move(site)) {}

  void write(const std::string& checkpoint) const {
    site::make_folder_of(path_);
    write_new_file(path_, as_bytes(checkpoint));
    write_new_file(site::marker_of(path_), as_bytes(site::marker_text(site_)));
  }
  void take_back() const {
    std::error_code gone;
    std::filesystem::remove(site::marker_of(path_), gone);
    std::filesystem::remove(path_, gone);
  }

 private:
  std::string path_;
  std::string site_;
};

void write_site(const InitSitePlan& plan, const LogKey& key, act::TokenSession& token) {
  const transcript::Signer signer{.key = key.key, .sign = [&](std::string_view text) {
                                    return act::sign_note(token, key.key, plan.key_id, text);
                                  }};
  const std::string checkpoint = transcript::LogWriter::first_checkpoint(signer);
  const auto files = files_of(plan, key, checkpoint);
  if (plan.in_site()) {
    write_new_folder(plan.request.folder, files);
    return;
  }
  const LastSignedFiles apart(plan.settings.log.last_signed, plan.request.folder);
  try {
    apart.write(checkpoint);
    write_new_folder(plan.request.folder, files);
  } catch (const Error&) {
    apart.take_back();
    throw;
  }
}

void log_opening(const MadeSite& made, const InitSitePlan& plan, const act::Context& context,
                 act::TokenSession& token) {
  act::Context in_site = context;
  in_site.site = act::SiteBinding{.site = made.site};
  try {
    act::ActLog log(in_site, act::kOpeningAct);
    log.at_token(token.info(), token.module());
    log.sign_with([&](std::string_view text) {
      return act::sign_note(token, made.site.log_key, plan.key_id, text);
    });
    log.sign();
  } catch (const Error& error) {
    throw Error(
        Kind::kUnknownOutcome, "result-not-logged",
        fmt::format("the site {} was made, but keyrite cannot open its log: {}",
                    printable(made.site.folder), error.message()),
        fmt::format("correct the problem that the message names last, run keyrite resume --site "
                    "{}, and note the vkey in {}/{}",
                    shell_quote(made.site.folder), printable(made.site.folder), site::kVkeysName));
  }
}

// Acts are run from anywhere.
std::optional<std::string> absolute(const std::optional<std::string>& path) {
  if (!path) return std::nullopt;
  return absolute_path(*path).native();
}

void require_outside(const std::string& file, const std::string& folder) {
  if (!site::is_within(file, folder)) return;
  throw Error(Kind::kUsage, "last-signed-option-in-site",
              fmt::format("{} is in the site that is to be made", printable(file)),
              fmt::format("name a file outside of it with --last-signed, best on another disk; "
                          "--last-signed {} accepts by name that it is kept in the site",
                          site::kInSite));
}

std::string last_signed_for(const InitSiteRequest& request, ByteView id,
                            const std::vector<site::StateFolder>& state) {
  if (!request.last_signed) {
    auto chosen = site::choose_last_signed(state, request.origin, id);
    require_outside(chosen, request.folder);
    return chosen;
  }
  const std::string& given = *request.last_signed;
  if (given == site::kInSite) return given;
  require_outside(given, request.folder);
  require_writable_new_path(given);
  require_writable_new_path(site::marker_of(given));
  require_ours_alone(absolute_path(given).parent_path());
  return absolute_path(given).lexically_normal().native();
}

site::Settings settings_for(const InitSiteRequest& request, const act::Context& context,
                            ByteView id, bool roster) {
  site::Settings settings{.token = {.uri = context.token.uri,
                                    .module = context.token.module,
                                    .module_init_args = context.token.init_args,
                                    .pin_file = absolute(request.pin_file),
                                    .so_pin_file = absolute(request.so_pin_file)},
                          .log = {.origin = request.origin, .key_id = to_hex(id)},
                          .approvals = site::default_approvals(roster)};
  if (request.approval_hours)
    settings.approvals.longest = std::chrono::hours(*request.approval_hours);
  settings.approvals.initiator_counts = request.initiator_counts;
  settings.approvals.require_user_verification = request.user_verification;
  return settings;
}

}  // namespace

InitSitePlan plan(const InitSiteRequest& request, const act::Context& context, ByteView id,
                  const std::vector<site::StateFolder>& state) {
  require_writable_new_path(request.folder);
  site::require_origin(request.origin);
  require_ours_alone((absolute_path(request.folder) / "..").lexically_normal());
  InitSitePlan plan{.request = request,
                    .settings = settings_for(request, context, id, request.roster.has_value()),
                    .key_id = {id.begin(), id.end()}};
  plan.settings.log.last_signed = last_signed_for(request, id, state);
  plan.key_types = request.key_type ? std::vector<std::string>{*request.key_type}
                                    : std::vector<std::string>{"ed25519", "ec-p256"};
  std::optional<approval::Roster> roster;
  if (request.roster) {
    plan.roster = read_file(*request.roster);
    roster = approval::parse_roster(*plan.roster, *request.roster);
    plan.approvers = roster->approvers.size();
  }
  site::require_readable(plan.settings, roster);
  return plan;
}

MadeSite perform(const InitSitePlan& plan, const act::Context& context, act::TokenSession& token) {
  // This very token, also when another one gets the same label one day.
  InitSitePlan exact = plan;
  exact.settings.token.uri = token.info().uri();
  require_origin_free(exact, token);
  act::hold_signals(context);
  const LogKey key = make_log_key(exact, token, context);
  try {
    write_site(exact, key, token);
  } catch (const Error& error) {
    keys::NewObjects(token, key.made.plan.type, key.made.plan.traits).take_back(error);
  }
  MadeSite made{.site = site::read_site(plan.request.folder),
                .key_type = key.made.plan.type.name(),
                .why_not_first = key.why_not_first,
                .approvers = plan.approvers};
  log_opening(made, exact, context, token);
  return made;
}

Json InitSitePlan::to_json() const {
  return {{"folder", request.folder},
          {"origin", request.origin},
          {"key_types", key_types},
          {"last_signed", settings.log.last_signed},
          {"roster", roster.has_value()}};
}

Json MadeSite::to_json() const {
  Json json{{"folder", site.folder},
            {"origin", site.settings.log.origin},
            {"vkey", site.log_key.text()},
            {"key_type", key_type},
            {"key_id", site.settings.log.key_id},
            {"token", site.settings.token.uri},
            {"last_signed", site.last_signed()},
            {"approvers", approvers}};
  if (!why_not_first.empty()) json["why_not_first"] = why_not_first;
  return json;
}

}  // namespace keyrite::opening
