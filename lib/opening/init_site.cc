#include "opening/init_site.h"

#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "act/act_log.h"
#include "act/log_key.h"
#include "act/token_session.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "base/text_file.h"
#include "keys/generate_kek.h"
#include "keys/new_objects.h"
#include "opening/internal/site_log_key.h"
#include "pkcs11/session.h"
#include "site/layout.h"
#include "transcript/layout.h"

namespace keyrite::opening {

namespace {

constexpr std::string_view kApprovalsText =
    "Approval statements that keyrite wrote, one folder each, named by the SHA-256 of the\n"
    "statement, and the approvals that were used, beside their statement.\n"
    "keyrite approve show STATEMENT shows what one asks for.\n";

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

}  // namespace

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
