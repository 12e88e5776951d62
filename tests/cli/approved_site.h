// A site in which an act had the approval of two people, with evidence. One thread.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "approval/statement.h"
#include "cli/site_scene.h"
#include "unit/approval/approval_fixture.h"
#include "unit/crypto/certificate_office.h"

namespace keyrite::test {

class ApprovedSite {
 public:
  ApprovedSite();

  [[nodiscard]] SiteScene& scene() { return scene_; }
  [[nodiscard]] const Workshop& shop() const { return scene_.shop(); }
  [[nodiscard]] const std::string& statement_sha256() const { return statement_sha256_; }
  [[nodiscard]] const std::string& roster_sha256() const { return roster_sha256_; }
  [[nodiscard]] const std::string& site_sha256() const { return site_sha256_; }
  [[nodiscard]] const std::string& evidence() const { return evidence_; }  // its name
  // Below the site.
  [[nodiscard]] std::string approval_file(const std::string& name) const {
    return "approvals/" + statement_sha256_ + "/" + name;
  }
  // Another statement in place of the one that was approved, signed by the same people, and the
  // intent names it: what a hand that writes statements would leave.
  void approve_instead(const std::function<void(approval::Statement&)>& change);
  // The same by a statement that ends then, as the intent says.
  void approve_until(TimePoint end);
  // The same under a statement as version 1 was: its request.json has names.
  void approve_by_version_1();
  // The same by further entries, behind those of the statement that was approved first.
  void approve_also_by_version_1();
  // An officer confirmed the clock before the act was asked for; approve_instead goes on from
  // there.
  void confirm_clock();
  // The transcript tool with these words.
  [[nodiscard]] ProgramRun run(std::vector<std::string> words) const {
    return scene_.run(std::move(words));
  }
  // Exports to a new folder "out"; with --json.
  [[nodiscard]] ProgramRun export_it(const std::string& names = "yes") const;
  // The code of the error that export ends with; nothing may be written then.
  [[nodiscard]] std::string refusal() const;
  // The code of the error that `transcript verify` ends with; "no error".
  [[nodiscard]] std::string verify_refusal() const;
  // verify_commands.py in the shop's folder.
  [[nodiscard]] Output verify_commands(const std::string& words) const;

 private:
  void write_roster();
  void write_statement();
  void sign_statement();
  [[nodiscard]] static std::string names();
  [[nodiscard]] std::string request_file() const;
  void add_entries();

  SiteScene scene_{};
  Signers signers_{};
  Workshop certificates_{};
  CertificateOffice office_{certificates_};
  approval::Statement statement_{};
  approval::Statement asked_{};    // what the intent says, whatever was approved instead
  Json request_ = Json::object();  // as request.json and the intent have it
  std::size_t entries_before_{};
  std::string statement_sha256_{};
  std::string roster_sha256_{};
  std::string site_sha256_{};
  std::string evidence_{};
};

}  // namespace keyrite::test
