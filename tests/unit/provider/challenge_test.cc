#include "provider/challenge.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/error.h"
#include "crypto/digest.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace provider;

const Bytes kChallenge(32, 0x11);
const Bytes kHidden(32, 0x22);

std::vector<std::string> ids(const CloudUse& use, const KeyType& type) {
  std::vector<std::string> names;
  for (const ChallengeSpec& spec : challenges_for(use, type, kChallenge, kHidden)) {
    names.push_back(spec.id);
  }
  return names;
}

using Names = std::vector<std::string>;

TEST_CASE("Each cloud is asked what its key type allows") {
  CHECK(ids({Provider::kAws, "HMAC_384", {}}, {KeyFamily::kGenericSecret, 48}) ==
        Names{"hmac-sha384"});
  CHECK(ids({Provider::kAws, "RSA_3072", {"SIGN_VERIFY"}}, {KeyFamily::kRsa, 3072}) ==
        Names{"sign-rsa-pss-sha256"});
  CHECK(ids({Provider::kAws, "RSA_3072", {"ENCRYPT_DECRYPT"}}, {KeyFamily::kRsa, 3072}) ==
        Names{"rsa-oaep-sha256-decrypt"});
  CHECK(ids({Provider::kAws, "ECC_NIST_P256", {"KEY_AGREEMENT"}},
            {KeyFamily::kEc, 0, Curve::kP256}) == Names{"ecdh"});
  CHECK(ids({Provider::kAws, "ECC_NIST_P384", {"SIGN_VERIFY"}},
            {KeyFamily::kEc, 0, Curve::kP384}) == Names{"sign-ecdsa-sha384"});
  CHECK(ids({Provider::kAws, "SYMMETRIC_DEFAULT", {"ENCRYPT_DECRYPT"}}, {KeyFamily::kAes, 256})
            .empty());
  CHECK(ids({Provider::kAzure, "oct", {"encrypt", "decrypt", "wrapKey"}}, {KeyFamily::kAes, 256}) ==
        Names{"aes-cbc", "aes-kw", "aes-gcm-decrypt"});
  CHECK(ids({Provider::kAzure, "oct", {"wrapKey", "unwrapKey"}}, {KeyFamily::kAes, 128}) ==
        Names{"aes-kw"});
  CHECK(ids({Provider::kAzure, "EC", {"sign"}}, {KeyFamily::kEc, 0, Curve::kSecp256k1}) ==
        Names{"sign-ecdsa-sha256"});
  CHECK(ids({Provider::kGoogle, "aes-256-ctr", {}}, {KeyFamily::kAes, 256}) == Names{"aes-ctr"});
  CHECK(
      ids({Provider::kGoogle, "google-symmetric-encryption", {}}, {KeyFamily::kAes, 256}).empty());
  CHECK(ids({Provider::kGoogle, "rsa-decrypt-oaep-3072-sha512", {}}, {KeyFamily::kRsa, 3072}) ==
        Names{"rsa-oaep-sha512-decrypt"});
  CHECK(ids({Provider::kGoogle, "rsa-sign-raw-pkcs1-3072", {}}, {KeyFamily::kRsa, 3072}) ==
        Names{"sign-rsa-pkcs1-sha256"});
  CHECK(ids({Provider::kGoogle, "rsa-decrypt-oaep-4096-sha1", {}}, {KeyFamily::kRsa, 4096}) ==
        Names{"rsa-oaep-sha1-decrypt"});
}

TEST_CASE("The reason for no challenge is given exactly where none decides") {
  CHECK(
      why_no_challenge({Provider::kAws, "HMAC_256", {}}, {KeyFamily::kGenericSecret, 32}).empty());
  CHECK(why_no_challenge({Provider::kAws, "SYMMETRIC_DEFAULT", {}}, {KeyFamily::kAes, 256})
            .find("verification bundle") != std::string::npos);
  CHECK(why_no_challenge({Provider::kGoogle, "google-symmetric-encryption", {}},
                         {KeyFamily::kAes, 256})
            .find("attestation") != std::string::npos);
  CHECK(why_no_challenge({Provider::kAzure, "oct", {"unwrapKey"}}, {KeyFamily::kAes, 256})
            .find("encrypt, wrapKey, decrypt") != std::string::npos);
  CHECK(why_no_challenge({Provider::kAws, "RSA_2048", {}}, {KeyFamily::kRsa, 2048}).empty());
}

TEST_CASE("A challenge of another size is a defect of the caller") {
  try {
    static_cast<void>(challenges_for({Provider::kAws, "HMAC_256", {}},
                                     {KeyFamily::kGenericSecret, 32}, Bytes(31), kHidden));
    FAIL("nothing thrown");
  } catch (const Error& error) {
    CHECK(error.code() == "challenge-size");
    CHECK(error.kind() == Kind::kInternal);
  }
}

TEST_CASE("A value of another length than the operation gives is refused") {
  const auto specs =
      challenges_for({Provider::kAzure, "oct", {}}, {KeyFamily::kAes, 256}, kChallenge, kHidden);
  for (const ChallengeSpec& spec : specs) {
    CAPTURE(spec.id);
    try {
      static_cast<void>(finish({{spec, Bytes(value_bytes(spec) + 1, 1), {}}}, kChallenge));
      FAIL("nothing thrown");
    } catch (const Error& error) {
      CHECK(error.code() == "challenge-value-size");
      CHECK(error.kind() == Kind::kInternal);
    }
  }
}

TEST_CASE("Expected answers hold digests, and the hidden bytes stand in no file") {
  std::vector<ComputedChallenge> computed;
  for (const ChallengeSpec& spec :
       challenges_for({Provider::kAzure, "oct", {}}, {KeyFamily::kAes, 256}, kChallenge, kHidden)) {
    computed.push_back({spec, Bytes(value_bytes(spec), 0x33), {}});
  }
  const ChallengeSet set = finish(computed, kChallenge);
  REQUIRE(set.answers.size() == 3);
  CHECK(set.answers[0].answer_sha256 == crypto::sha256_hex(Bytes(32, 0x33)));
  CHECK(set.answers[1].answer_bytes == 40);
  CHECK(set.answers[2].answer_sha256 == crypto::sha256_hex(kHidden));
  CHECK(set.files.front().name == "challenge.bin");
  CHECK(set.files.front().content == kChallenge);
  const auto holds_hidden = [](const FolderFile& file) { return file.content == kHidden; };
  CHECK(std::none_of(set.files.begin(), set.files.end(), holds_hidden));
}

TEST_CASE("What the token cannot compute is not asked, and the reason is kept on one line") {
  const auto specs = challenges_for({Provider::kAws, "HMAC_256", {}},
                                    {KeyFamily::kGenericSecret, 32}, kChallenge, kHidden);
  const ChallengeSet set =
      finish({{specs.at(0), {}, "C_SignInit:\nCKR_MECHANISM_INVALID"}}, kChallenge);
  CHECK(set.asked.empty());
  CHECK(set.answers.empty());
  REQUIRE(set.not_asked.size() == 1);
  CHECK(set.not_asked[0].id == "hmac-sha256");
  CHECK(set.not_asked[0].reason.find('\n') == std::string::npos);
}

TEST_CASE("IVs differ between modes and between challenges") {
  const auto first =
      challenges_for({Provider::kAzure, "oct", {}}, {KeyFamily::kAes, 256}, kChallenge, kHidden);
  const auto second = challenges_for({Provider::kAzure, "oct", {}}, {KeyFamily::kAes, 256},
                                     Bytes(32, 0x12), kHidden);
  CHECK(first[0].iv.size() == 16);
  CHECK(first[2].iv.size() == 12);
  CHECK(first[0].iv != second[0].iv);
  CHECK(!std::equal(first[2].iv.begin(), first[2].iv.end(), first[0].iv.begin()));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
