// A Room with a site in it, and people who may approve: alice, bob and carol are security officers
// in the roster, mallory is not. The programs are run as their users run them. One thread.
#pragma once

#include <string>

#include "base/json.h"
#include "cli/room.h"
#include "support/program.h"

namespace keyrite::test {

class SiteRoom {
 public:
  SiteRoom();  // room().token is nullptr after skip() was called
  // The same by a module that fails on demand (tests/support/faulty_module.cc).
  explicit SiteRoom(const std::string& faulty_module);

  [[nodiscard]] const Room& room() const { return room_; }
  [[nodiscard]] const std::string& vkey() const { return vkey_; }  // as init-site printed it
  [[nodiscard]] std::string site(const std::string& name = {}) const;
  // A tool with --site, and --json.
  [[nodiscard]] ProgramRun run(const std::string& tool, const Words& words,
                               const ProgramSettings& with = {}) const;
  // As run; the running test case fails when it does not end well. The result document.
  Json must(const std::string& tool, const Words& words) const;
  // Exit code and error code of what must be refused.
  void refused(const ProgramRun& run, int exit_code, const std::string& code) const;
  // wrap-for-import aws of a key that only a trusted wrapping key may wrap.
  [[nodiscard]] Words trusting_wrap(const std::string& label, const std::string& out) const;
  // Signs a statement with ssh-keygen; the path of the signature.
  [[nodiscard]] std::string sign(const std::string& person, const std::string& statement,
                                 const std::string& name_space = "keyrite-approval@keyrite") const;
  // The one statement that waits.
  [[nodiscard]] std::string statement() const;

  [[nodiscard]] std::vector<Json> entries() const;
  [[nodiscard]] Json verify() const;  // transcript verify with vkey()
  // Our log, by programs that are not ours: the root by python3, the signature by openssl.
  void check_with_other_programs() const;

 private:
  void make();

  Room room_{Inputs::kGood};
  std::string vkey_{};
};

}  // namespace keyrite::test
