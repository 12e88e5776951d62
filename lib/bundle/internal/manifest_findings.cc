// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "bundle/internal/manifest_findings.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/lower_hex.h"
#include "base/text.h"
#include "bundle/cross_checks.h"
#include "crypto/check_value.h"
#include "crypto/digest.h"
#include "provider/public_exponent.h"
#include "provider/recorded_import.h"

namespace keyrite::bundle {

namespace {

constexpr std::string_view kOpened = ", opened on the host";
constexpr std::string_view kWorks = "works";
constexpr std::string_view kStartDate = "start-date";
constexpr std::string_view kEndDate = "end-date";
constexpr std::string_view kPaddedPkcs8 = "padded-pkcs8";    // of key pairs
constexpr std::string_view kOutsideDates = "outside-dates";  // of CKA_START_DATE and CKA_END_DATE
constexpr unsigned kThrowawayRsaBits = 2048;

struct ProtectionRow {
  std::string_view name{};
  std::array<std::string_view, 3> words{};
};
constexpr std::array<std::string_view, 3> kReadBack{"true", "false", "not readable"};
constexpr std::array<ProtectionRow, 3> kProtections{
    {{"sensitive", kReadBack},
     {"private", kReadBack},
     {"wrap-with-trusted", {"enforced", "stored, not enforced", "unknown"}}}};

// The type of the throw-away target: RSA targets are tested with one of 2048 bits.
KeyType tested_with(const KeyType& target) {
  KeyType type = target;
  if (target.family == KeyFamily::kRsa) type.size = kThrowawayRsaBits;
  return type;
}

// "0x0000210b"
bool is_mechanism_number(std::string_view text) {
  constexpr std::size_t kDigits = 8;
  return text.size() == kDigits + 2 && text.starts_with("0x") && is_lower_hex(text.substr(2));
}

std::string protections_contradiction(const Manifest& manifest) {
  for (const auto& [name, word] : manifest.protections) {
    // The key's own dates: whatever the token holds there, in one line.
    if (name == kStartDate || name == kEndDate) continue;
    const auto* const row =
        std::find_if(kProtections.begin(), kProtections.end(),
                     [&wanted = name](const auto& one) { return one.name == wanted; });
    if (row == kProtections.end() ||
        std::find(row->words.begin(), row->words.end(), word) == row->words.end()) {
      return "there is no protection \"" + printable(name) + "\" that is \"" + printable(word) +
             "\"";
    }
  }
  return {};
}

std::string exceptions_contradiction(const Manifest& manifest) {
  for (const std::string& one : manifest.exceptions) {
    const bool known =
        one == kOutsideDates || (one == kPaddedPkcs8 && !manifest.key.type.is_secret());
    if (!known || std::count(manifest.exceptions.begin(), manifest.exceptions.end(), one) != 1) {
      return "\"" + printable(one) + "\" is not an exception that keyrite accepts for such a key";
    }
  }
  return {};
}

}  // namespace

provider::RecordedImport import_of(const Manifest& manifest) {
  return {.provider = manifest.provider,
          .purpose = manifest.purpose,
          .key_type = manifest.key.type,
          .cloud_key = manifest.cloud.key,
          .cloud_algorithm = manifest.cloud.algorithm,
          .names = manifest.cloud.names,
          .algorithm = manifest.algorithm,
          .wrapping_key_bits = manifest.wrapping_key.bits,
          .wrapping_key_sha256 = manifest.wrapping_key.sha256,
          .import_parameters = manifest.import_parameters,
          .created = manifest.created,
          .valid_until = manifest.valid_until,
          .origin = manifest.version == kFirstManifestVersion
                        ? std::string()
                        : origin_text(manifest.origin.origin, manifest.origin.log_entry),
          .core_sha256 = manifest.core_sha256};
}

std::string self_test_contradiction(const Manifest& manifest) {
  const auto texts =
      tested_texts(manifest.method, manifest.algorithm.hash, tested_with(manifest.key.type));
  if (manifest.self_test.size() != texts.size()) {
    return "the number of self-test rows is not the number of mechanisms of the method";
  }
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const SelfTestRow& row = manifest.self_test[i];
    if (row.tested != texts[i] || row.result != kWorks || row.mechanism.empty() ||
        !is_mechanism_number(row.number)) {
      return "the self-test is for a different method, algorithm or key type, or it did not pass: "
             "\"" +
             printable(row.tested) + "\"";
    }
  }
  return {};
}

// What was found, accepted and left unconfirmed, in the words there are for it.
std::string findings_contradiction(const Manifest& manifest, const provider::Expected& expected) {
  if (auto why = protections_contradiction(manifest); !why.empty()) return why;
  if (auto why = exceptions_contradiction(manifest); !why.empty()) return why;
  auto points = provider::unverified_of(import_of(manifest));
  // Version 1 did not look at exponents.
  if (manifest.version != kFirstManifestVersion && !expected.public_key.empty()) {
    const auto key = crypto::PublicKey::from_spki(expected.public_key, std::string(kExpectedFile));
    for (auto& point :
         provider::check_public_exponent(manifest.provider, key, provider::Force::kYes)) {
      points.push_back(std::move(point));
    }
  }
  return manifest.unverified == points ? std::string()
                                       : "the list of unverified points does not match this import";
}

// The check values that follow from the public key.
std::string check_values_contradiction(const Manifest& manifest,
                                       const provider::Expected& expected) {
  for (const crypto::CheckValue& value : manifest.check_values) {
    const bool whole = value.alg == crypto::kSha256Spki;
    if (!whole && value.alg != crypto::kSha1Spki) continue;
    if (expected.public_key.empty())
      return "there is a check value of a public key, but the key has no public half";
    const auto key = crypto::PublicKey::from_spki(expected.public_key, std::string(kExpectedFile));
    if (value != (whole ? crypto::sha256_spki(key) : crypto::sha1_spki(key))) {
      return "the check value " + value.alg + " does not match the public key";
    }
  }
  return {};
}

std::vector<std::string> tested_texts(Method method, Hash hash, const KeyType& tested_with) {
  const std::string oaep(hash_name(hash));
  const std::string target = "a throw-away " + tested_with.name() + std::string(kOpened);
  switch (method) {
    case Method::kDirect:
    case Method::kNative:
      return {oaep + " of " + target};
    case Method::kComposed:
      return {oaep + " of an ephemeral AES-256" + std::string(kOpened), "RFC 5649 of " + target};
    case Method::kHostEphemeral:
      return {"RFC 5649 of " + target};
  }
  return {};
}

}  // namespace keyrite::bundle
