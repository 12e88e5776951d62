// Which key types each cloud takes, under which names and by which transports: one table per
// provider, immutable, and the only place of these rules. Sources: AWS KMS API and Developer Guide,
// Azure BYOK specification, Cloud KMS protos and key import pages. Pure, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/key_type.h"
#include "base/wrapping.h"
#include "provider/provider.h"

namespace keyrite::provider {

// Whether the operator named what no source confirms (--allow-unverified).
enum class Force { kNo, kYes };

enum class Standing {
  kTaken,       // documented by the provider
  kUnverified,  // not excluded, not confirmed by provider documentation: only when forced by name
  kRefused,     // excluded by the provider
};

enum class Plaintext { kRawBytes, kPkcs8 };

// What the key can be in the cloud. AWS: KeySpec and its key usages. Azure: --kty and the
// operations that --ops may name. Google: gcloud's algorithm and its one purpose.
struct CloudType {
  std::string_view algorithm{};
  std::vector<std::string_view> uses{};  // the first is the default (Azure: all are)
};

struct TransportRule {
  WrappingAlgorithm algorithm{};
  Standing standing{Standing::kTaken};
  // Of kUnverified: the slug that the manifest carries, and one clause for people.
  std::string_view point{};
  std::string_view reason{};
};

// One row: the key types of `family` with min_size <= size <= max_size (unit as in KeyType) and
// `curve`.
struct KeyRule {
  Provider provider{};
  KeyFamily family{};
  unsigned min_size{};
  unsigned max_size{};
  Curve curve{Curve::kNone};
  Standing standing{Standing::kTaken};
  Plaintext plaintext{};
  std::vector<CloudType> cloud_types{};  // the first is the default; empty when refused
  std::vector<TransportRule> transports{};
  std::string_view point{};   // of kUnverified: a slug for the manifest
  std::string_view reason{};  // of kRefused and kUnverified: one clause
};

[[nodiscard]] const std::vector<KeyRule>& key_rules(Provider provider);
// The row of a key type; every type of all_key_types() has one. Error kUsage "key-type-refused"
// when there is none (a generic secret of a length outside all rows).
[[nodiscard]] const KeyRule& key_rule(Provider provider, const KeyType& type);

// The sizes of RSA wrapping keys in bits, ascending.
[[nodiscard]] const std::vector<unsigned>& wrapping_key_sizes(Provider provider);

// Refuses what the provider does not take, before anything is made. Errors kUsage:
// "key-type-refused", "key-type-unverified" (only under Force::kNo), and with `algorithm`:
// "algorithm-not-for-key-type", "algorithm-unverified" (only under Force::kNo).
void check_key_type(Provider provider, const KeyType& type, Force force,
                    std::optional<WrappingAlgorithm> algorithm = std::nullopt);

// Additionally the wrapping key: "wrapping-key-bits", "target-too-large" (RSA-OAEP cannot hold the
// plaintext, or the provider excludes the pair: AWS P-521 with RSA-2048).
void check_transport(Provider provider, const KeyType& type, WrappingAlgorithm algorithm,
                     unsigned wrapping_bits, Force force);

// What no source confirms of such an import, one slug each, for the manifest:
// "aws-rsa-aes-of-secret-keys". Empty when everything is documented.
[[nodiscard]] std::vector<std::string> unverified_points(Provider provider, const KeyType& type,
                                                         WrappingAlgorithm algorithm);

// The default type in the cloud, or the one `algorithm` names. Error kUsage
// "cloud-type-not-for-key" listing those that fit.
[[nodiscard]] const CloudType& cloud_type(Provider provider, const KeyType& type,
                                          const std::optional<std::string>& algorithm);

// Of the types that an HMAC key of `type` can have in the cloud: that of this hash ("HMAC_256",
// "hmac-sha256"), by its bits (160 of SHA-1). nullopt: none, or the provider has one for all.
[[nodiscard]] std::optional<std::string> mac_type(Provider provider, const KeyType& type,
                                                  unsigned hash_bits);

// One combination that can be imported: what the rehearsal goes through.
struct Row {
  Provider provider{};
  KeyType key_type{};
  WrappingAlgorithm algorithm{};
  std::vector<unsigned> wrapping_bits{};   // the sizes that hold it, ascending
  std::vector<std::string> cloud_types{};  // KeySpec, kty or algorithm; the first is the default
  Standing standing{Standing::kTaken};     // kTaken or kUnverified
};
// Those of one key type, which need not be one of all_key_types().
[[nodiscard]] std::vector<Row> rows_for(Provider provider, const KeyType& type);
// Every combination over all_key_types() and all_wrapping_algorithms() that is not refused, in the
// order provider, key type, algorithm.
[[nodiscard]] const std::vector<Row>& all_rows();

// The longest plaintext in bytes that RSAES-OAEP of a key of `rsa_bits` holds (RFC 8017 7.1.1).
[[nodiscard]] std::size_t oaep_capacity(unsigned rsa_bits, Hash hash);
// The longest plaintext in bytes of such a key: the raw key, or PKCS#8 with public key as tokens
// write it (a few bytes are spared for RSA, whose length varies).
[[nodiscard]] std::size_t plaintext_bytes(const KeyType& type);

}  // namespace keyrite::provider
