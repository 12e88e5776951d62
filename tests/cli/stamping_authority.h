// A timestamp authority made of openssl's program: a CA, a certificate for timestamping, replies.
// In a folder "tsa" of a Workshop, which it must not outlive. One thread.
#pragma once

#include <string>

#include "support/command.h"

namespace keyrite::test {

class StampingAuthority {
 public:
  explicit StampingAuthority(const Workshop& shop);

  // Certificate NAME.pem from and until "20260101000000Z"; `purpose` its extended key usage.
  void certify(const std::string& name, const std::string& from, const std::string& until,
               const std::string& purpose = "critical,timeStamping") const;
  // The reply to the query in the shop's file, by `name`, written to another one. The time in it is
  // the machine's.
  void reply(const std::string& query, const std::string& out,
             const std::string& name = "stamper") const;
  // The same, as of another time ("20260301120000Z") and by a certificate of whatever purpose:
  // openssl cms signs the changed text of the stamper's reply anew.
  void reply_at(const std::string& time, const std::string& query, const std::string& out,
                const std::string& name) const;
  // openssl cms signs the TSTInfo of the stamper's reply to the query again as NAME, with other
  // options than -cades -md sha256. The TSTInfo names the stamper as its authority.
  void sign_again(const std::string& query, const std::string& out, const std::string& name,
                  const std::string& options = "-cades -md sha256") const;
  // A reply that refuses the query.
  void refuse(const std::string& query, const std::string& out) const;
  // A certificate as certify makes, of an RSA key.
  void certify_rsa(const std::string& name) const;
  [[nodiscard]] std::string ca() const { return shop_.folder() / "tsa/ca.pem"; }

 private:
  void issue(const std::string& name, const std::string& from, const std::string& until,
             const std::string& purpose, const std::string& key) const;
  // Signs then.tst in the folder tsa, and puts the response around it.
  void sign_text(const std::string& out, const std::string& name, const std::string& options) const;
  const Workshop& shop_;
};

}  // namespace keyrite::test
