#include "crypto/cms_signature.h"

#include <algorithm>
#include <array>
#include <string>

#include <fmt/format.h>

#include "base/error.h"
#include "crypto/digest.h"
#include "crypto/internal/der.h"

namespace keyrite::crypto {
namespace {

// Object identifiers, and AlgorithmIdentifiers without the outer header, in DER as hex.
constexpr std::string_view kSignedData = "2a864886f70d010702";
constexpr std::string_view kData = "2a864886f70d010701";
constexpr std::string_view kNull = "0500";

enum class Strength { kTaken, kWeak };

struct HashRow {
  std::string_view oid{};
  Digest digest{};
  Strength strength{};
};
constexpr std::array<HashRow, 5> kHashes{{
    {"0609608648016503040201", Digest::kSha256, Strength::kTaken},
    {"0609608648016503040202", Digest::kSha384, Strength::kTaken},
    {"0609608648016503040203", Digest::kSha512, Strength::kTaken},
    {"06052b0e03021a", Digest::kSha1, Strength::kWeak},
    {"06082a864886f70d0205", Digest::kSha1, Strength::kWeak},  // MD5, which Digest has not
}};

// What may sign beside each hash. rsaEncryption goes with every hash (RFC 5754 section 3.2).
struct SchemeRow {
  std::string_view identifier{};
  std::optional<Digest> digest{};
  Strength strength{};
};
constexpr std::array<SchemeRow, 9> kSchemes{{
    {"06092a864886f70d0101010500", std::nullopt, Strength::kTaken},
    {"06092a864886f70d01010b0500", Digest::kSha256, Strength::kTaken},
    {"06092a864886f70d01010c0500", Digest::kSha384, Strength::kTaken},
    {"06092a864886f70d01010d0500", Digest::kSha512, Strength::kTaken},
    {"06082a8648ce3d040302", Digest::kSha256, Strength::kTaken},
    {"06082a8648ce3d040303", Digest::kSha384, Strength::kTaken},
    {"06082a8648ce3d040304", Digest::kSha512, Strength::kTaken},
    {"06092a864886f70d0101050500", std::nullopt, Strength::kWeak},  // sha1WithRSAEncryption
    {"06072a8648ce3d0401", std::nullopt, Strength::kWeak},          // ecdsa-with-SHA1
}};

// What parse_cms_signature looks at, as it stands in the file.
struct CmsParts {
  ByteView version{};
  ByteView digests{};
  ByteView content_info{};
  std::vector<DerElement> certificates{};
  bool more_than_certificates{false};  // CRLs
  ByteView signer_version{};
  DerElement signer{};
  ByteView digest{};
  bool signed_attributes{false};
  ByteView scheme{};
  bool unsigned_attributes{false};
  bool several_signers{false};
};

[[noreturn]] void refuse_cms(std::string code, std::string_view origin, std::string_view why,
                             std::string hint) {
  throw Error(Kind::kVerification, std::move(code), fmt::format("{}: {}", origin, why),
              std::move(hint));
}

[[noreturn]] void malformed_cms(std::string_view origin, std::string_view why) {
  refuse_cms("cms-malformed", origin, why,
             "give the file that openssl cms -sign -outform DER wrote, without -nodetach");
}

// One of the structures that hold everything else, or nothing.
std::optional<DerReader> inside(DerReader& reader, std::uint8_t tag) {
  const auto element = reader.take(tag);
  return element ? std::optional<DerReader>(element->content) : std::nullopt;
}

// RFC 5652 section 5.3. false where something is missing or of another type.
bool read_signer_info(DerReader signers, CmsParts& parts) {
  auto info = inside(signers, kDerSequence);
  if (!info) return false;
  parts.several_signers = !signers.done();
  const auto version = info->take(kDerInteger);
  const auto signer = info->take();
  const auto digest = info->take(kDerSequence);
  if (!version || !signer || !digest) return false;
  parts.signer_version = version->content;
  parts.signer = *signer;
  parts.digest = digest->content;
  parts.signed_attributes = info->take(kDerContext0Constructed).has_value();
  const auto scheme = info->take(kDerSequence);
  if (!scheme || !info->take(kDerOctetString)) return false;
  parts.scheme = scheme->content;
  parts.unsigned_attributes = info->take(kDerContext1Constructed).has_value();
  return info->done();
}

// RFC 5652 section 5.1.
bool read_signed_data(DerReader data, CmsParts& parts) {
  const auto version = data.take(kDerInteger);
  const auto digests = data.take(kDerSet);
  const auto content_info = data.take(kDerSequence);
  if (!version || !digests || !content_info) return false;
  parts.version = version->content;
  parts.digests = digests->content;
  parts.content_info = content_info->content;
  if (auto certificates = inside(data, kDerContext0Constructed)) {
    while (!certificates->done()) {
      const auto one = certificates->take();
      if (!one) return false;
      parts.certificates.push_back(*one);
    }
  }
  parts.more_than_certificates = data.take(kDerContext1Constructed).has_value();
  const auto signers = inside(data, kDerSet);
  return signers && data.done() && read_signer_info(*signers, parts);
}

std::optional<CmsParts> parts_of_cms(ByteView der) {
  DerReader file(der);
  auto outer = inside(file, kDerSequence);
  if (!outer || !file.done()) return std::nullopt;
  const auto type = outer->take(kDerObjectIdentifier);
  auto content = inside(*outer, kDerContext0Constructed);
  if (!type || to_hex(type->content) != kSignedData || !content || !outer->done()) {
    return std::nullopt;
  }
  const auto data = inside(*content, kDerSequence);
  CmsParts parts;
  if (!data || !content->done() || !read_signed_data(*data, parts)) return std::nullopt;
  return parts;
}

[[noreturn]] void weak_cms_hash(std::string_view origin) {
  refuse_cms("cms-weak-hash", origin, "the signature uses SHA-1 or MD5, which are broken",
             "sign again with openssl cms -sign -md sha256");
}

[[noreturn]] void other_algorithm(std::string_view origin, std::string_view what) {
  refuse_cms("cms-algorithm", origin, fmt::format("keyrite does not accept its {}", what),
             "sign with SHA-256, SHA-384 or SHA-512, and with an ECDSA key or an RSA key with "
             "PKCS#1 v1.5 padding");
}

void require_algorithms(const CmsParts& parts, std::string_view origin) {
  std::string digest = to_hex(parts.digest);
  if (digest.ends_with(kNull)) digest.resize(digest.size() - kNull.size());
  const auto* hash = std::ranges::find(kHashes, digest, &HashRow::oid);
  if (hash == kHashes.end()) other_algorithm(origin, "hash");
  const auto* scheme = std::ranges::find(kSchemes, to_hex(parts.scheme), &SchemeRow::identifier);
  if (scheme == kSchemes.end()) other_algorithm(origin, "signature algorithm");
  if (hash->strength == Strength::kWeak || scheme->strength == Strength::kWeak) {
    weak_cms_hash(origin);
  }
  if (scheme->digest && *scheme->digest != hash->digest) {
    malformed_cms(origin, "the signature algorithm uses another hash");
  }
}

// The fields that no signature covers and that nobody else compares.
void require_one_form(const CmsParts& parts, std::string_view origin) {
  const bool by_issuer = parts.signer.tag == kDerSequence;
  if (!by_issuer && parts.signer.tag != kDerContext0) {
    malformed_cms(origin, "it does not name the certificate of its signer");
  }
  // RFC 5652: versions follow from how the signer is named.
  const Bytes version{static_cast<std::uint8_t>(by_issuer ? 1 : 3)};
  if (!std::ranges::equal(parts.version, version) ||
      !std::ranges::equal(parts.signer_version, version)) {
    malformed_cms(origin, "its version does not fit its form");
  }
  DerReader digests(parts.digests);
  const auto digest = digests.take(kDerSequence);
  if (!digest || !digests.done() || !std::ranges::equal(digest->content, parts.digest)) {
    malformed_cms(origin, "it lists other hashes than the one that it uses");
  }
  for (const DerElement& one : parts.certificates) {
    if (one.tag != kDerSequence)
      malformed_cms(origin, "it contains something other than certificates");
  }
  if (parts.more_than_certificates) malformed_cms(origin, "it contains revocation lists");
  if (!parts.signed_attributes) malformed_cms(origin, "it has no signed attributes");
  if (parts.unsigned_attributes) {
    malformed_cms(origin, "it has unsigned attributes, such as a timestamp");
  }
}

void require_detached(const CmsParts& parts, std::string_view origin) {
  DerReader info(parts.content_info);
  const auto type = info.take(kDerObjectIdentifier);
  if (!type || to_hex(type->content) != kData) {
    malformed_cms(origin, "its content type is not data");
  }
  if (!info.done()) {
    refuse_cms("cms-content-attached", origin,
               "it contains its own content, but must be detached from the statement",
               "sign again with openssl cms -sign, without -nodetach");
  }
}

}  // namespace

CmsSignature parse_cms_signature(ByteView der, std::string_view origin) {
  if (der.size() > kMaxCmsSignature) malformed_cms(origin, "it is far larger than a signature");
  const auto parts = parts_of_cms(der);
  if (!parts) malformed_cms(origin, "this is not a CMS signature in DER, or it is incomplete");
  if (parts->several_signers) {
    refuse_cms("cms-several-signers", origin, "it has more than one signer",
               "have each approver sign into a file of their own");
  }
  require_detached(*parts, origin);
  require_algorithms(*parts, origin);
  require_one_form(*parts, origin);
  CmsSignature signature{.der = Bytes(der.begin(), der.end()),
                         .signer = Bytes(parts->signer.whole.begin(), parts->signer.whole.end())};
  for (const DerElement& one : parts->certificates) {
    signature.certificates.emplace_back(one.whole.begin(), one.whole.end());
  }
  return signature;
}

std::optional<Bytes> claimed_cms_signer(ByteView der) {
  if (der.size() > kMaxCmsSignature) return std::nullopt;
  const auto parts = parts_of_cms(der);
  if (!parts) return std::nullopt;
  return Bytes(parts->signer.whole.begin(), parts->signer.whole.end());
}

bool names_signer(ByteView signer, const Certificate& certificate) {
  if (std::ranges::equal(signer, certificate.issuer_and_serial())) return true;
  const auto key_identifier = certificate.key_identifier();
  return key_identifier && std::ranges::equal(signer, *key_identifier);
}

}  // namespace keyrite::crypto
