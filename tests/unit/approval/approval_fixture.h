// SSH keys and signatures made by ssh-keygen, and signatures put together field by field. One
// thread per Signers, whose folder goes away with it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "approval/statement.h"
#include "base/bytes.h"
#include "support/command.h"

namespace keyrite::test {

class Signers {
 public:
  // `options` as "-t ecdsa -b 384"; the line of the .pub file.
  [[nodiscard]] std::string key(const std::string& name,
                                const std::string& options = "-t ed25519") const;
  // The armour that ssh-keygen makes; `options` as "-O hashalg=sha256".
  [[nodiscard]] std::string sign(const std::string& name, ByteView message,
                                 const std::string& name_space = "keyrite-approval@keyrite",
                                 const std::string& options = {}) const;
  // Whether ssh-keygen takes the armour for one by the key of this line.
  [[nodiscard]] bool ssh_keygen_verifies(const std::string& line, const std::string& armoured,
                                         ByteView message, const std::string& name_space) const;
  [[nodiscard]] const Workshop& shop() const { return shop_; }

 private:
  Workshop shop_{};
};

// The fields of an SSHSIG blob; change one and see.
struct SshsigFields {
  std::string magic{"SSHSIG"};
  std::uint32_t version{1};
  Bytes key{};
  std::string name_space{"keyrite-approval@keyrite"};
  std::string reserved{};
  std::string hash{"sha512"};
  Bytes signature{};  // with its own type name in front
  Bytes behind{};
};
[[nodiscard]] SshsigFields fields_of_armour(const std::string& armoured);
[[nodiscard]] std::string armour_of(const SshsigFields& fields);
[[nodiscard]] std::string armour_of_blob(ByteView blob);

// SSH strings one behind the other.
[[nodiscard]] Bytes ssh_strings(std::initializer_list<ByteView> parts);
[[nodiscard]] Bytes four_bytes(std::uint32_t value);

// A statement that keeps the rules, from 2026-03-01T10:00:00Z to 2026-03-01T18:00:00Z.
[[nodiscard]] approval::Statement sample_statement();

}  // namespace keyrite::test
