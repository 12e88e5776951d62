#include <doctest/doctest.h>

#include <string>

#include "approval/ssh_key.h"
#include "support/failure.h"
#include "unit/approval/approval_fixture.h"

namespace keyrite::test {
namespace {

using approval::SshKeyType;

std::string refusal(const std::string& line) {
  return failure_of([&] { static_cast<void>(approval::parse_ssh_key(line, "roster.toml")); }).code;
}

std::string line_of(const std::string& name, const Bytes& blob) {
  return name + " " + to_base64(blob);
}

// The 32 bytes of an Ed25519 key that is a point; which one does not matter here.
Bytes raw_ed25519() {
  return from_hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
}

}  // namespace

TEST_CASE("Every type of key that ssh-keygen makes is read, with the fingerprint that it prints") {
  struct Case {
    const char* options;
    SshKeyType type;
    const char* key_type;
  };
  const Signers signers;
  int number = 0;
  for (const Case& one : {Case{"-t ed25519", SshKeyType::kEd25519, "ed25519"},
                          Case{"-t ecdsa -b 256", SshKeyType::kEcdsaP256, "ec-p256"},
                          Case{"-t ecdsa -b 384", SshKeyType::kEcdsaP384, "ec-p384"},
                          Case{"-t ecdsa -b 521", SshKeyType::kEcdsaP521, "ec-p521"},
                          Case{"-t rsa -b 2048", SshKeyType::kRsa, "rsa-2048"}}) {
    INFO(one.options);
    const std::string name = "key" + std::to_string(++number);
    const std::string line = signers.key(name, one.options);
    const approval::SshKey key = approval::parse_ssh_key(line + "\n", "roster.toml");
    CHECK(key.type == one.type);
    CHECK(key.public_key.type().name() == one.key_type);
    CHECK(key.comment == name + "@example.org");
    CHECK(key.application.empty());
    CHECK(line.starts_with(std::string(approval::ssh_name(key.type)) + " "));
    CHECK(key == approval::ssh_key_from_blob(key.blob, "blob"));
    const std::string listed = as_text(signers.shop().must("ssh-keygen -l -f " + name + ".pub"));
    CHECK(listed.find(" " + approval::fingerprint(key) + " ") != std::string::npos);
    if (one.type == SshKeyType::kEd25519) continue;  // ssh-keygen does not export it
    const Bytes pem = signers.shop().must("ssh-keygen -e -m PKCS8 -f " + name + ".pub");
    CHECK(key.public_key == crypto::PublicKey::from_file_content(pem, "ssh-keygen"));
  }
}

TEST_CASE("The key of an authenticator is read with its application") {
  const Bytes blob = ssh_strings(
      {as_bytes("sk-ssh-ed25519@openssh.com"), raw_ed25519(), as_bytes("ssh:ceremony")});
  const auto key = approval::parse_ssh_key(line_of("sk-ssh-ed25519@openssh.com", blob), "x");
  CHECK(key.type == SshKeyType::kSkEd25519);
  CHECK(key.application == "ssh:ceremony");
  CHECK(key.comment.empty());
  CHECK(approval::is_security_key(key.type));
  const Bytes bare = ssh_strings({as_bytes("sk-ssh-ed25519@openssh.com"), raw_ed25519()});
  CHECK(refusal(line_of("sk-ssh-ed25519@openssh.com", bare)) == "ssh-key-invalid");
}

TEST_CASE("An RSA key below 2048 bits is refused as weak") {
  const Signers signers;
  CHECK(refusal(signers.key("short", "-t rsa -b 1024")) == "ssh-key-weak");
  CHECK(refusal(signers.key("nearly", "-t rsa -b 2040")) == "ssh-key-weak");
}

TEST_CASE("A private key, another type and an edited line are refused each by its own code") {
  const Signers signers;
  const std::string line = signers.key("alice");
  const std::string base64 = line.substr(line.find(' ') + 1);
  CHECK(refusal(as_text(signers.shop().get("alice"))) == "private-key-given");
  CHECK(refusal("ssh-dss " + base64) == "ssh-key-unsupported");
  CHECK(refusal("ssh-ed25519-cert-v01@openssh.com " + base64) == "ssh-key-unsupported");
  CHECK(refusal("") == "ssh-key-unsupported");
  CHECK(refusal(" " + line) == "ssh-key-unsupported");
  CHECK(refusal("no-touch-required " + line) == "ssh-key-unsupported");
  CHECK(refusal("ssh-rsa " + base64) == "ssh-key-type-mismatch");
  CHECK(refusal("ssh-ed25519") == "ssh-key-invalid");
  CHECK(refusal("ssh-ed25519 %%%") == "ssh-key-invalid");
  CHECK(refusal(line + "\n" + line) == "ssh-key-invalid");
  CHECK(refusal(line + "\r\n") == "ssh-key-invalid");
  CHECK(refusal(line + "\x1b[2J") == "ssh-key-invalid");
  const Bytes extra = ssh_strings({as_bytes("ssh-ed25519"), raw_ed25519(), as_bytes("more")});
  CHECK(refusal(line_of("ssh-ed25519", extra)) == "ssh-key-trailing-bytes");
}

TEST_CASE("Every cut of a key is refused") {
  const Signers signers;
  for (const char* options : {"-t ed25519", "-t ecdsa -b 256", "-t rsa -b 2048"}) {
    const auto key = approval::parse_ssh_key(
        signers.key(std::string("k") + std::to_string(std::string(options).size()), options), "x");
    for (std::size_t length = 0; length < key.blob.size(); ++length) {
      const std::string code =
          failure_of([&] {
            static_cast<void>(approval::ssh_key_from_blob(ByteView(key.blob).first(length), "x"));
          }).code;
      CHECK(code == "ssh-key-invalid");
    }
  }
}

TEST_CASE("A key has one blob: compressed points and padded numbers are refused") {
  const Signers signers;
  const auto ec = approval::parse_ssh_key(signers.key("ec", "-t ecdsa -b 256"), "x");
  const std::size_t at = ec.blob.size() - 65;
  Bytes point(ec.blob.begin() + static_cast<std::ptrdiff_t>(at), ec.blob.end());
  const auto with_point = [](const Bytes& given, const char* curve) {
    return line_of("ecdsa-sha2-nistp256",
                   ssh_strings({as_bytes("ecdsa-sha2-nistp256"), as_bytes(curve), given}));
  };
  CHECK(refusal(with_point(point, "nistp256")) == "no error");
  CHECK(refusal(with_point(point, "nistp384")) == "ssh-key-invalid");
  Bytes compressed(point.begin(), point.begin() + 33);
  compressed[0] = static_cast<std::uint8_t>(0x02 | (point[64] & 1));
  CHECK(refusal(with_point(compressed, "nistp256")) == "ssh-key-invalid");
  point[64] ^= 1U;
  CHECK(refusal(with_point(point, "nistp256")) == "ssh-key-invalid");

  const auto rsa = approval::parse_ssh_key(signers.key("rsa", "-t rsa -b 2048"), "x");
  const Bytes modulus = rsa.public_key.rsa_modulus();
  const auto with_numbers = [](const Bytes& e, const Bytes& n) {
    return line_of("ssh-rsa", ssh_strings({as_bytes("ssh-rsa"), e, n}));
  };
  const Bytes zero{0};
  const Bytes f4{1, 0, 1};
  CHECK(refusal(with_numbers(f4, concat(zero, modulus))) == "no error");
  CHECK(refusal(with_numbers(f4, concat(zero, concat(zero, modulus)))) == "ssh-key-invalid");
  CHECK(refusal(with_numbers(concat(zero, f4), concat(zero, modulus))) == "ssh-key-invalid");
  CHECK(refusal(with_numbers(f4, modulus)) == "ssh-key-invalid");
  CHECK(refusal(with_numbers({}, concat(zero, modulus))) == "ssh-key-invalid");
  CHECK(refusal(with_numbers({1}, concat(zero, modulus))) == "ssh-key-invalid");
  Bytes huge(2049, 0x7f);
  CHECK(refusal(with_numbers(f4, huge)) == "ssh-key-unsupported");
}

}  // namespace keyrite::test
