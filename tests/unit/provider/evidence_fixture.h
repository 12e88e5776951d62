// A token and a cloud for the tests of evidence: the token's values are computed by openssl's
// command line, the cloud's answers by python3 or openssl, both outside our code. One thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "provider/challenge.h"
#include "provider/evidence.h"
#include "support/command.h"

namespace keyrite::test {

// 00 01 02 ... of the length asked for, in hex.
[[nodiscard]] std::string counting_key(std::size_t bytes);

struct Bench {
  provider::ChallengeSet set{};
  provider::Expected expected{};
};

// What a wrap of the secret key `key_hex` for that cloud would leave behind.
[[nodiscard]] Bench secret_bench(const Workshop& shop, const provider::CloudUse& use,
                                 const KeyType& type, const std::string& key_hex,
                                 const std::string& cloud_key);
// The same for a key pair whose public half stands in the workshop as DER in `public_der`.
[[nodiscard]] Bench pair_bench(const Workshop& shop, const provider::CloudUse& use,
                               const std::string& public_der, const std::string& cloud_key);

[[nodiscard]] provider::Judgement judge_text(const provider::Expected& expected,
                                             std::string_view text);
[[nodiscard]] provider::Judgement judge_bytes(const provider::Expected& expected, Bytes content);
// The code of the Error that judging this one file throws.
[[nodiscard]] std::string refusal(const provider::Expected& expected, Bytes content);
[[nodiscard]] Bytes bytes_of(std::string_view text);
[[nodiscard]] Bytes with_flipped_bit(Bytes bytes, std::size_t at);

inline constexpr std::string_view kAwsKey =
    "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
inline constexpr std::string_view kAzureKey = "https://acme.managedhsm.azure.net/keys/payments";
inline constexpr std::string_view kGoogleKey =
    "projects/acme/locations/europe-west3/keyRings/prod/cryptoKeys/payments";

}  // namespace keyrite::test
