// What a cloud can be asked after an import, so that its answer shows which key it holds: one table
// per provider, key type and algorithm. A spec is plain data. The caller that owns a session
// computes each in the token at wrap time (Operation says what), hands the values to finish(), and
// gets the files of the bundle and the entries of expected.json. Pure functions over values, any
// thread; this file never sees a token.
//
// Two random strings feed a set: `challenge` is published in the bundle as challenge.bin; `hidden`
// never is. Only its encryption is, where the cloud is asked to decrypt.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/file.h"
#include "base/key_type.h"
#include "crypto/digest.h"
#include "crypto/public_key.h"
#include "provider/expected.h"
#include "provider/provider.h"

namespace keyrite::provider {

inline constexpr std::string_view kChallengeFile = "challenge.bin";  // of the bundle
inline constexpr std::size_t kChallengeBytes = 32;
inline constexpr std::size_t kHiddenBytes = 32;

// What yields the answer. The first five run in the token, on the target key.
enum class Operation {
  kHmac,           // HMAC (RFC 2104) of `input` with `hash`, full length
  kAesCbcEncrypt,  // `input` (whole blocks), 16-byte `iv`, no padding
  kAesCtrEncrypt,  // `input`, `iv` the first counter block, all 128 bits counting (SP 800-38A 6.5)
  kAesKeyWrap,     // RFC 3394 of `input` with the default IV
  kAesGcmEncrypt,  // `input` (hidden), 12-byte `iv`, no AAD; value = ciphertext || 16-byte tag; the
                   // cloud decrypts
  kRsaOaepEncrypt,  // on the host, with the public key and `hash`: `input` (hidden); the cloud
                    // decrypts
  kKeyAgreement,    // on the host, with the public key and a throw-away key whose public half the
                    // cloud is given: it derives what both share
  kSignature,       // nothing to compute: the cloud signs the challenge, the public key checks
};

// What the key will be in the cloud, as far as it decides what can be asked.
struct CloudUse {
  Provider provider{};
  // AWS: KeySpec ("HMAC_256"); Azure: "" (the key type says it); Google: gcloud's algorithm
  // ("aes-256-cbc").
  std::string algorithm{};
  // AWS: {KeyUsage} ("SIGN_VERIFY"); Azure: the --ops of the import ("encrypt", "decrypt",
  // "wrapKey", "sign", ...); Google: ignored. Empty: not known, everything the type allows is
  // offered.
  std::vector<std::string> operations{};
};

struct ChallengeSpec {
  std::string
      id{};  // "hmac-sha256", "aes-cbc", "aes-gcm-decrypt", "sign-ecdsa-sha256"; unique in a set
  Operation operation{};
  std::optional<crypto::Digest> hash{};
  Bytes input{};  // what the token (or the host) works on
  Bytes iv{};
  std::string cloud_algorithm{};  // the word the cloud's command takes: "HMAC_SHA_256", "A256CBC",
                                  // "ES256", "aes-256-cbc"
  std::string input_file{};       // bundle file the cloud's command reads: "challenge.bin",
                                  // "challenge-gcm.bin", ...
  std::string iv_file{};          // bundle file with `iv` in raw bytes, or empty
  std::string
      answer_file{};  // the name under which to save the cloud's answer: "answer-hmac-sha256.json"
  // Another reading of the command of an earlier spec (same answer_file): computed and expected,
  // not asked twice.
  bool same_command{false};
};

// The challenges for a key of `type` used as `use` says, best first; empty where the cloud offers
// no operation whose answer can be judged (AWS SYMMETRIC_DEFAULT, Google
// google-symmetric-encryption, a key pair that may only verify). `challenge` and `hidden` are fresh
// random bytes of the sizes above; IVs are derived from `challenge` (SHA-256, so one random string
// serves all). Error kInternal "challenge-size" for other sizes.
[[nodiscard]] std::vector<ChallengeSpec> challenges_for(const CloudUse& use, const KeyType& type,
                                                        ByteView challenge, ByteView hidden);

// Why nothing can be asked of such a key; empty when challenges_for gives something.
[[nodiscard]] std::string why_no_challenge(const CloudUse& use, const KeyType& type);

// The value computed for a spec. `value` empty: it could not be computed, `reason` says why (a
// token without the mechanism, a key without the usage); such a challenge is not asked. kSignature,
// kRsaOaepEncrypt and kKeyAgreement: neither value nor reason, the token has no part in them.
struct ComputedChallenge {
  ChallengeSpec spec{};
  Bytes value{};
  std::string reason{};
};

// What goes into the bundle: files that the commands read (challenge.bin first), and the parts of
// expected.json.
struct ChallengeSet {
  std::vector<ChallengeSpec> asked{};  // the specs that stand, one per command: for import.sh
  std::vector<FolderFile> files{};
  std::vector<ExpectedAnswer> answers{};
  std::vector<ExpectedSignature> signatures{};
  std::vector<NotAsked> not_asked{};
};
// `public_key`: the target's, for key pairs; encrypts the hidden bytes of kRsaOaepEncrypt, and
// agrees on a secret with the throw-away key of kKeyAgreement, whose private half is gone then.
// Error kInternal "challenge-value-size" when a value has not the length its operation gives: a
// token answered with something else than was asked.
[[nodiscard]] ChallengeSet finish(
    const std::vector<ComputedChallenge>& computed, ByteView challenge,
    const std::optional<crypto::PublicKey>& public_key = std::nullopt);
// The length in bytes that the value of a spec must have; 0 for kSignature, kRsaOaepEncrypt and
// kKeyAgreement (key-dependent).
[[nodiscard]] std::size_t value_bytes(const ChallengeSpec& spec);

}  // namespace keyrite::provider
