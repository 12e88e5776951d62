// A site in which an act had the approval of two people, with evidence. One thread.
#pragma once

#include <string>

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
  [[nodiscard]] const std::string& evidence() const { return evidence_; }  // its name
  // Below the site.
  [[nodiscard]] std::string approval_file(const std::string& name) const {
    return "approvals/" + statement_sha256_ + "/" + name;
  }
  // Exports to a new folder "out"; with --json.
  [[nodiscard]] ProgramRun export_it() const;
  // The code of the error that export ends with; nothing may be written then.
  [[nodiscard]] std::string refusal() const;
  // verify_commands.py in the shop's folder.
  [[nodiscard]] Output verify_commands(const std::string& words) const;

 private:
  void write_roster();
  void write_statement();

  SiteScene scene_{};
  Signers signers_{};
  Workshop certificates_{};
  CertificateOffice office_{certificates_};
  std::string statement_sha256_{};
  std::string roster_sha256_{};
  std::string evidence_{};
};

}  // namespace keyrite::test
