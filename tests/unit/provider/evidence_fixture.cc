#include "unit/provider/evidence_fixture.h"

#include <doctest/doctest.h>

#include "base/error.h"
#include "crypto/aes_modes.h"
#include "support/key_wrap.h"

namespace keyrite::test {
namespace {

using provider::ChallengeSpec;
using provider::Operation;

Bytes fixed_random(std::uint8_t start) {
  Bytes bytes(32);
  for (auto& byte : bytes) {
    byte = start;
    start = static_cast<std::uint8_t>(start * 5U + 3U);
  }
  return bytes;
}

std::string openssl_digest(crypto::Digest hash) {
  return hash == crypto::Digest::kSha1 ? "-sha1"
                                       : "-sha" + std::to_string(crypto::digest_bytes(hash) * 8);
}

std::string aes(const KeyType& type, std::string_view mode) {
  return "-aes-" + std::to_string(type.size) + "-" + std::string(mode);
}

Bytes token_value(const Workshop& shop, const ChallengeSpec& spec, const KeyType& type,
                  const std::string& key_hex) {
  shop.put("input", spec.input);
  const std::string key = " -K " + key_hex;
  const std::string iv = " -iv " + to_hex(spec.iv);
  switch (spec.operation) {
    case Operation::kHmac:
      return shop.must("openssl dgst " + openssl_digest(spec.hash.value()) +
                       " -mac HMAC -macopt hexkey:" + key_hex + " -binary input");
    case Operation::kAesCbcEncrypt:
      return shop.must("openssl enc -nopad " + aes(type, "cbc") + key + iv + " -in input");
    case Operation::kAesCtrEncrypt:
      return shop.must("openssl enc " + aes(type, "ctr") + key + iv + " -in input");
    case Operation::kAesKeyWrap:
      return shop.must(kw_wrap_line(key_hex) + " < input");
    case Operation::kAesGcmEncrypt:
      return crypto::gcm_encrypt_with(
          [&](ByteView blocks) {
            shop.put("blocks", blocks);
            return shop.must("openssl enc -nopad " + aes(type, "ecb") + key + " -in blocks");
          },
          spec.iv, spec.input);
    case Operation::kRsaOaepEncrypt:
    case Operation::kKeyAgreement:
    case Operation::kSignature:
      break;
  }
  return {};
}

Bench bench_of(const provider::CloudUse& use, const KeyType& type, const std::string& cloud_key,
               provider::ChallengeSet set) {
  Bench bench;
  bench.expected.provider = use.provider;
  bench.expected.key_type = type;
  bench.expected.key_label = "acme-payments";
  bench.expected.cloud_key = cloud_key;
  bench.expected.cloud_algorithm = use.algorithm;
  bench.expected.challenge = fixed_random(1);
  bench.expected.answers = set.answers;
  bench.expected.signatures = set.signatures;
  bench.expected.not_asked = set.not_asked;
  bench.set = std::move(set);
  return bench;
}

}  // namespace

std::string counting_key(std::size_t bytes) {
  Bytes key(bytes);
  for (std::size_t i = 0; i < bytes; ++i) {
    key[i] = static_cast<std::uint8_t>(i);
  }
  return to_hex(key);
}

Bench secret_bench(const Workshop& shop, const provider::CloudUse& use, const KeyType& type,
                   const std::string& key_hex, const std::string& cloud_key) {
  std::vector<provider::ComputedChallenge> computed;
  for (const ChallengeSpec& spec :
       provider::challenges_for(use, type, fixed_random(1), fixed_random(2))) {
    computed.push_back({spec, token_value(shop, spec, type, key_hex), {}});
  }
  Bench bench = bench_of(use, type, cloud_key, provider::finish(computed, fixed_random(1)));
  for (const FolderFile& file : bench.set.files) {
    shop.put(file.name, file.content);
  }
  return bench;
}

Bench pair_bench(const Workshop& shop, const provider::CloudUse& use, const std::string& public_der,
                 const std::string& cloud_key) {
  const auto key = crypto::PublicKey::from_spki(shop.get(public_der), public_der);
  std::vector<provider::ComputedChallenge> computed;
  for (const ChallengeSpec& spec :
       provider::challenges_for(use, key.type(), fixed_random(1), fixed_random(2))) {
    computed.push_back({spec, {}, {}});
  }
  Bench bench =
      bench_of(use, key.type(), cloud_key, provider::finish(computed, fixed_random(1), key));
  bench.expected.public_key = key.spki();
  for (const FolderFile& file : bench.set.files) {
    shop.put(file.name, file.content);
  }
  return bench;
}

provider::Judgement judge_text(const provider::Expected& expected, std::string_view text) {
  return judge_bytes(expected, bytes_of(text));
}

provider::Judgement judge_bytes(const provider::Expected& expected, Bytes content) {
  return provider::judge(expected, {{"answer", std::move(content)}});
}

std::string refusal(const provider::Expected& expected, Bytes content) {
  try {
    static_cast<void>(judge_bytes(expected, std::move(content)));
  } catch (const Error& error) {
    CHECK(error.kind() == Kind::kConfig);
    return error.code();
  }
  return "nothing thrown";
}

Bytes bytes_of(std::string_view text) {
  const ByteView view = as_bytes(text);
  return Bytes(view.begin(), view.end());
}

Bytes with_flipped_bit(Bytes bytes, std::size_t at) {
  bytes.at(at) = static_cast<std::uint8_t>(bytes.at(at) ^ 1U);
  return bytes;
}

}  // namespace keyrite::test
