#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "approval/ssh_signature_check.h"
#include "support/failure.h"
#include "unit/approval/approval_fixture.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using approval::SshOutcome;

constexpr const char* kSpace = "keyrite-approval@keyrite";
const std::string kMessage = "the statement\n";

std::string refusal(const std::string& armoured) {
  return failure_of(
             [&] { static_cast<void>(approval::parse_ssh_signature(armoured, "alice.sshsig")); })
      .code;
}

SshOutcome outcome(const approval::SshSignature& signature, const std::string& message,
                   const approval::SshKey& key, const std::string& name_space) {
  return approval::check_ssh_signature(signature, as_bytes(message), key, name_space);
}

// Whether the text passes as alice's signature of the message.
bool passes(const std::string& armoured, const approval::SshKey& key) {
  try {
    const auto signature = approval::parse_ssh_signature(armoured, "x");
    return approval::check_ssh_signature(signature, as_bytes(kMessage), key, kSpace) ==
           SshOutcome::kGood;
  } catch (const Error&) {
    return false;
  }
}

TEST_CASE("What ssh-keygen signs by every type of key verifies, and nothing else does") {
  const Signers signers;
  const std::vector<std::string> all{"-t ed25519", "-t ecdsa -b 256", "-t ecdsa -b 384",
                                     "-t ecdsa -b 521", "-t rsa -b 2048"};
  const auto stranger = approval::parse_ssh_key(signers.key("mallory"), "mallory");
  int number = 0;
  for (const std::string& options : all) {
    const std::string name = "key" + std::to_string(++number);
    const std::string line = signers.key(name, options);
    const auto key = approval::parse_ssh_key(line, name);
    for (const char* hash : {"sha256", "sha512"}) {
      INFO(options, " ", hash);
      const std::string armoured =
          signers.sign(name, as_bytes(kMessage), kSpace, std::string("-O hashalg=") + hash);
      const auto signature = approval::parse_ssh_signature(armoured, name);
      CHECK(signature.message_digest_name == hash);
      CHECK(signature.key == key);
      CHECK(outcome(signature, kMessage, key, kSpace) == SshOutcome::kGood);
      CHECK(outcome(signature, kMessage + " ", key, kSpace) == SshOutcome::kBadSignature);
      CHECK(outcome(signature, kMessage, key, "git") == SshOutcome::kOtherNamespace);
      CHECK(outcome(signature, kMessage, stranger, kSpace) == SshOutcome::kOtherKey);
      CHECK(signers.ssh_keygen_verifies(line, armoured, as_bytes(kMessage), kSpace));
      CHECK_FALSE(signers.ssh_keygen_verifies(line, armoured, as_bytes(kMessage + " "), kSpace));
    }
  }
}

TEST_CASE("ECDSA signatures of many messages verify, whatever the lengths of their numbers") {
  const Signers signers;
  const auto key = approval::parse_ssh_key(signers.key("ec", "-t ecdsa -b 521"), "ec");
  for (int i = 0; i < 40; ++i) {
    const std::string message = std::to_string(i);
    const auto signature =
        approval::parse_ssh_signature(signers.sign("ec", as_bytes(message)), "ec");
    CHECK(outcome(signature, message, key, kSpace) == SshOutcome::kGood);
  }
}

TEST_CASE("A signature with any byte of its armour altered never verifies") {
  const Signers signers;
  for (const char* options : {"-t ed25519", "-t ecdsa -b 256", "-t rsa -b 2048"}) {
    const std::string name = "key" + std::to_string(std::string(options).size());
    const auto key = approval::parse_ssh_key(signers.key(name, options), name);
    const std::string good = signers.sign(name, as_bytes(kMessage));
    REQUIRE(passes(good, key));
    std::size_t passed = 0;
    for (std::size_t at = 0; at < good.size(); ++at) {
      for (const unsigned flip : {0x01U, 0x02U, 0x20U, 0x80U}) {
        std::string altered = good;
        altered[at] = static_cast<char>(static_cast<unsigned char>(altered[at]) ^ flip);
        if (passes(altered, key)) ++passed;
      }
      if (at + 1 < good.size())
        if (passes(good.substr(0, at), key)) ++passed;
    }
    CHECK(passed == 0);
  }
}

TEST_CASE("SHA-1 is refused as weak, in the hash of the message and in ssh-rsa") {
  const Signers signers;
  static_cast<void>(signers.key("rsa", "-t rsa -b 2048"));
  SshsigFields fields = fields_of_armour(signers.sign("rsa", as_bytes(kMessage)));
  CHECK(refusal(armour_of(fields)) == "no error");
  SshsigFields sha1 = fields;
  sha1.hash = "sha1";
  CHECK(refusal(armour_of(sha1)) == "sshsig-weak-hash");
  const Bytes number(fields.signature.end() - 256, fields.signature.end());
  fields.signature = ssh_strings({as_bytes("ssh-rsa"), number});
  CHECK(refusal(armour_of(fields)) == "sshsig-weak-hash");
  fields.signature = ssh_strings({as_bytes("rsa-sha2-384"), number});
  CHECK(refusal(armour_of(fields)) == "sshsig-malformed");
  // The right numbers under the name of another hash are another signature.
  fields.signature = ssh_strings({as_bytes("rsa-sha2-256"), number});
  const auto other = approval::parse_ssh_signature(armour_of(fields), "x");
  CHECK(outcome(other, kMessage, other.key, kSpace) == SshOutcome::kBadSignature);
}

TEST_CASE("A signature by a weak key is refused when it is read") {
  const Signers signers;
  static_cast<void>(signers.key("short", "-t rsa -b 1024"));
  CHECK(refusal(signers.sign("short", as_bytes(kMessage))) == "ssh-key-weak");
}

TEST_CASE("Every field of the blob that is not as it must be is malformed") {
  const Signers signers;
  static_cast<void>(signers.key("alice"));
  const SshsigFields good = fields_of_armour(signers.sign("alice", as_bytes(kMessage)));
  const auto with = [&](const auto& change) {
    SshsigFields fields = good;
    change(fields);
    return refusal(armour_of(fields));
  };
  const std::string malformed = "sshsig-malformed";
  CHECK(with([](SshsigFields&) {}) == "no error");
  CHECK(with([](SshsigFields& f) { f.magic = "SSHSIH"; }) == malformed);
  CHECK(with([](SshsigFields& f) { f.version = 2; }) == malformed);
  CHECK(with([](SshsigFields& f) { f.version = 0; }) == malformed);
  CHECK(with([](SshsigFields& f) { f.name_space.clear(); }) == malformed);
  CHECK(with([](SshsigFields& f) { f.reserved = "x"; }) == malformed);
  CHECK(with([](SshsigFields& f) { f.hash = "sha384"; }) == malformed);
  CHECK(with([](SshsigFields& f) { f.hash.clear(); }) == malformed);
  CHECK(with([](SshsigFields& f) { f.behind = {0}; }) == malformed);
  CHECK(with([](SshsigFields& f) { f.signature.push_back(0); }) == malformed);
  CHECK(with([](SshsigFields& f) { f.signature.clear(); }) == malformed);
  CHECK(with([](SshsigFields& f) {
          f.signature = ssh_strings({as_bytes("ecdsa-sha2-nistp256"), Bytes(64)});
        }) == malformed);
  CHECK(with([](SshsigFields& f) { f.key.push_back(0); }) == "ssh-key-trailing-bytes");
  CHECK(with([](SshsigFields& f) { f.key = ssh_strings({as_bytes("ssh-dss")}); }) ==
        "ssh-key-unsupported");
}

TEST_CASE("Numbers of an ECDSA signature that are padded, zero, negative or huge are malformed") {
  const Signers signers;
  static_cast<void>(signers.key("ec", "-t ecdsa -b 256"));
  const SshsigFields good = fields_of_armour(signers.sign("ec", as_bytes(kMessage)));
  const auto with = [&](const Bytes& r, const Bytes& s) {
    SshsigFields fields = good;
    const Bytes pair = ssh_strings({r, s});
    fields.signature = ssh_strings({as_bytes("ecdsa-sha2-nistp256"), pair});
    return refusal(armour_of(fields));
  };
  CHECK(with({1}, {1}) == "no error");
  CHECK(with({0, 1}, {1}) == "sshsig-malformed");
  CHECK(with({}, {1}) == "sshsig-malformed");
  CHECK(with({0}, {1}) == "sshsig-malformed");
  CHECK(with({1}, {0x80}) == "sshsig-malformed");
  CHECK(with({1}, Bytes(33, 1)) == "sshsig-malformed");
}

TEST_CASE("Armour that ssh-keygen would not have written is malformed") {
  const Signers signers;
  static_cast<void>(signers.key("alice"));
  const std::string good = signers.sign("alice", as_bytes(kMessage));
  CHECK(refusal(good) == "no error");
  CHECK(refusal(good.substr(0, good.size() - 1)) == "no error");  // an editor ate the last LF
  const std::string malformed = "sshsig-malformed";
  CHECK(refusal("") == malformed);
  CHECK(refusal(good + "\n") == malformed);
  CHECK(refusal(" " + good) == malformed);
  CHECK(refusal(good + good) == malformed);
  CHECK(refusal("-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----\n") == malformed);
  std::string crlf = good;
  crlf.insert(crlf.find('\n'), "\r");
  CHECK(refusal(crlf) == malformed);
  std::string ragged = good;
  ragged.insert(40, "\n");
  CHECK(refusal(ragged) == malformed);
  std::string blank = good;
  blank.insert(blank.find('\n'), "\n");
  CHECK(refusal(blank) == malformed);
  CHECK(refusal(std::string(100000, 'A')) == malformed);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
