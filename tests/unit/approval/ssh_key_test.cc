#include <doctest/doctest.h>

#include <string>

#include "approval/ssh_key.h"
#include "support/failure.h"
#include "unit/approval/approval_fixture.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

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

TEST_CASE("Every encoding of an Ed25519 point of low order is refused, as python3 finds them") {
  // Points of order dividing 8 are what L times any point gives: made here from the curve's
  // equation alone (RFC 8032 section 5.1), then every encoding that leads to one of them.
  const Workshop shop;
  shop.put("points.py", as_bytes(R"(
p, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
d = -121665 * pow(121666, p - 2, p) % p
def x_of(y):
    square = (y * y - 1) * pow(d * y * y + 1, p - 2, p) % p
    x = pow(square, (p + 3) // 8, p)
    if (x * x - square) % p: x = x * pow(2, (p - 1) // 4, p) % p
    return None if (x * x - square) % p else x
def add(a, b):
    t = d * a[0] * b[0] * a[1] * b[1] % p
    return ((a[0] * b[1] + a[1] * b[0]) * pow(1 + t, p - 2, p) % p,
            (a[1] * b[1] + a[0] * b[0]) * pow(1 - t, p - 2, p) % p)
def times(n, a):
    sum = (0, 1)
    while n:
        if n & 1: sum = add(sum, a)
        a, n = add(a, a), n >> 1
    return sum
low = {times(L, (x_of(y), y)) for y in range(2, 80) if x_of(y) is not None}
while True:
    more = low | {add(a, b) for a in low for b in low}
    if more == low: break
    low = more
assert len(low) == 8 and all(times(8, a) == (0, 1) for a in low)
ys = {y for _, y in low}
for number in sorted(y + k * p for y in ys for k in (0, 1) if y + k * p < 2**255):
    for sign in (0, 1): print((number | sign << 255).to_bytes(32, 'little').hex())
)"));
  const std::string printed = as_text(shop.must("/usr/bin/python3 points.py"));
  const auto refusal_of = [](ByteView raw, const std::string& name, bool security_key) {
    return refusal(line_of(name, security_key ? ssh_strings({as_bytes(name), raw, as_bytes("ssh:")})
                                              : ssh_strings({as_bytes(name), raw})));
  };
  std::size_t encodings = 0;
  for (std::size_t at = 0; at + 64 < printed.size(); at += 65, ++encodings) {
    const Bytes raw = from_hex(printed.substr(at, 64));
    INFO(to_hex(raw));
    CHECK(refusal_of(raw, "ssh-ed25519", false) == "ssh-key-low-order");
    CHECK(refusal_of(raw, "sk-ssh-ed25519@openssh.com", true) == "ssh-key-low-order");
  }
  CHECK(encodings == 14);
}

TEST_CASE("An Ed25519 key in a second encoding is refused, whatever its order") {
  Bytes raw(32, 0xff);
  for (unsigned low = 0xed; low <= 0xff; ++low) {
    for (const unsigned last : {0x7fU, 0xffU}) {
      raw.front() = static_cast<std::uint8_t>(low);
      raw.back() = static_cast<std::uint8_t>(last);
      const std::string code =
          refusal(line_of("ssh-ed25519", ssh_strings({as_bytes("ssh-ed25519"), raw})));
      CHECK(code == (low <= 0xee ? "ssh-key-low-order" : "ssh-key-not-canonical"));
    }
  }
  raw.front() = 0xeb;  // 2^255 - 21 is a y like any other
  raw.back() = 0x7f;
  CHECK(refusal(line_of("ssh-ed25519", ssh_strings({as_bytes("ssh-ed25519"), raw}))) == "no error");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
