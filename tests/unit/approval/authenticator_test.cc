// FIDO authenticators, played by OpenSSL keys: what a token signs is put together here from
// PROTOCOL.u2f.
#include <doctest/doctest.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>

#include <memory>
#include <string>

#include "approval/ssh_signature_check.h"
#include "crypto/digest.h"
#include "support/failure.h"
#include "unit/approval/approval_fixture.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using approval::SshOutcome;

constexpr const char* kSpace = "keyrite-approval@keyrite";
constexpr const char* kApplication = "ssh:";
const std::string kMessage = "the statement\n";

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

class Authenticator {
 public:
  explicit Authenticator(bool ed25519)
      : ed25519_(ed25519),
        key_(ed25519 ? EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")
                     : EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")) {
    REQUIRE(key_ != nullptr);
  }

  [[nodiscard]] std::string name() const {
    return ed25519_ ? "sk-ssh-ed25519@openssh.com" : "sk-ecdsa-sha2-nistp256@openssh.com";
  }
  [[nodiscard]] Bytes blob() const {
    Bytes public_half(65);
    std::size_t length = public_half.size();
    if (ed25519_) {
      REQUIRE(EVP_PKEY_get_raw_public_key(key_.get(), public_half.data(), &length) == 1);
    } else {
      REQUIRE(EVP_PKEY_get_octet_string_param(key_.get(), "pub", public_half.data(),
                                              public_half.size(), &length) == 1);
    }
    public_half.resize(length);
    return ed25519_ ? ssh_strings({as_bytes(name()), public_half, as_bytes(kApplication)})
                    : ssh_strings({as_bytes(name()), as_bytes("nistp256"), public_half,
                                   as_bytes(kApplication)});
  }
  [[nodiscard]] std::string line() const { return name() + " " + to_base64(blob()); }

  // The armour over the message, with these flags of the person and this counter.
  [[nodiscard]] std::string sign(std::uint8_t flags, std::uint32_t counter = 7) const {
    const Bytes content =
        concat(as_bytes("SSHSIG"),
               ssh_strings({as_bytes(kSpace),
                            {},
                            as_bytes("sha512"),
                            crypto::digest(crypto::Digest::kSha512, as_bytes(kMessage))}));
    Bytes wrapped = crypto::sha256(as_bytes(kApplication));
    wrapped.push_back(flags);
    wrapped = concat(concat(wrapped, four_bytes(counter)), crypto::sha256(content));
    Bytes signature = ssh_strings({as_bytes(name()), raw_signature(wrapped)});
    signature.push_back(flags);
    return armour_of({.key = blob(), .signature = concat(signature, four_bytes(counter))});
  }

 private:
  [[nodiscard]] Bytes raw_signature(ByteView content) const {
    const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
    const EVP_MD* hash = ed25519_ ? nullptr : EVP_sha256();
    REQUIRE(EVP_DigestSignInit(context.get(), nullptr, hash, nullptr, key_.get()) == 1);
    Bytes made(128);
    std::size_t length = made.size();
    REQUIRE(EVP_DigestSign(context.get(), made.data(), &length, content.data(), content.size()) ==
            1);
    made.resize(length);
    return ed25519_ ? made : as_mpints(made);
  }
  [[nodiscard]] static Bytes as_mpints(const Bytes& der) {
    const unsigned char* cursor = der.data();
    ECDSA_SIG* pair = d2i_ECDSA_SIG(nullptr, &cursor, static_cast<long>(der.size()));
    REQUIRE(pair != nullptr);
    const auto mpint = [](const BIGNUM* number) {
      Bytes bytes(static_cast<std::size_t>(BN_num_bytes(number)));
      BN_bn2bin(number, bytes.data());
      return bytes.front() < 0x80 ? bytes : concat(Bytes{0}, bytes);
    };
    Bytes both = ssh_strings({mpint(ECDSA_SIG_get0_r(pair)), mpint(ECDSA_SIG_get0_s(pair))});
    ECDSA_SIG_free(pair);
    return both;
  }

  bool ed25519_;
  std::unique_ptr<EVP_PKEY, FreeKey> key_;
};

SshOutcome outcome(const Authenticator& token, const std::string& armoured,
                   approval::SshDemands demands = {}) {
  return approval::check_ssh_signature(approval::parse_ssh_signature(armoured, "x"),
                                       as_bytes(kMessage),
                                       approval::parse_ssh_key(token.line(), "x"), kSpace, demands);
}

TEST_CASE("An authenticator's signature verifies here and in ssh-keygen when it was touched") {
  const Signers signers;
  for (const bool ed25519 : {true, false}) {
    const Authenticator token(ed25519);
    INFO(token.name());
    const std::string armoured = token.sign(approval::kTouched);
    CHECK(outcome(token, armoured) == SshOutcome::kGood);
    CHECK(signers.ssh_keygen_verifies(token.line(), armoured, as_bytes(kMessage), kSpace));
  }
}

TEST_CASE("An authenticator that nobody touched, or that asked for no PIN, is told apart") {
  using approval::kTouched;
  using approval::kUserVerified;
  for (const bool ed25519 : {true, false}) {
    const Authenticator token(ed25519);
    CHECK(outcome(token, token.sign(0)) == SshOutcome::kTouchMissing);
    CHECK(outcome(token, token.sign(kUserVerified)) == SshOutcome::kTouchMissing);
    const approval::SshDemands pin{.user_verified = true};
    CHECK(outcome(token, token.sign(kTouched), pin) == SshOutcome::kUserNotVerified);
    CHECK(outcome(token, token.sign(kTouched | kUserVerified), pin) == SshOutcome::kGood);
  }
}

TEST_CASE("What an authenticator says cannot be altered afterwards") {
  for (const bool ed25519 : {true, false}) {
    const Authenticator token(ed25519);
    SshsigFields fields = fields_of_armour(token.sign(0, 7));
    fields.signature[fields.signature.size() - 5] = approval::kTouched;
    CHECK(outcome(token, armour_of(fields)) == SshOutcome::kBadSignature);
    fields = fields_of_armour(token.sign(approval::kTouched, 7));
    fields.signature.back() = 8;
    CHECK(outcome(token, armour_of(fields)) == SshOutcome::kBadSignature);
    fields.signature.pop_back();
    CHECK(failure_of([&] {
            static_cast<void>(approval::parse_ssh_signature(armour_of(fields), "x"));
          }).code == "sshsig-malformed");
  }
}

TEST_CASE("An authenticator's signature with any byte of its armour altered never verifies") {
  for (const bool ed25519 : {true, false}) {
    const Authenticator token(ed25519);
    const std::string good = token.sign(approval::kTouched);
    std::size_t passed = 0;
    for (std::size_t at = 0; at < good.size(); ++at) {
      std::string altered = good;
      altered[at] = static_cast<char>(static_cast<unsigned char>(altered[at]) ^ 1U);
      const std::string code = failure_of([&] {
                                 if (outcome(token, altered) == SshOutcome::kGood) ++passed;
                               }).code;
      INFO(at);
      CHECK((code == "no error" || code.starts_with("ssh")));
    }
    CHECK(passed == 0);
  }
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
