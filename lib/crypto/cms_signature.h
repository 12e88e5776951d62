// A detached CMS signature (RFC 5652) of one signer, as `openssl cms -sign -outform DER` makes it,
// with -cades or without. keyrite reads one form, and everything in it is either signed or
// compared: a file with a byte altered anywhere does not verify. Value types that own all they
// hold; pure, any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "crypto/certificate.h"

namespace keyrite::crypto {

// Larger files are refused unread: with a chain of certificates they have some 10 KiB.
inline constexpr std::size_t kMaxCmsSignature = std::size_t{1} << 16U;

struct CmsSignature {
  Bytes der{};                        // the whole
  Bytes signer{};                     // DER of the SignerIdentifier, see names_signer
  std::vector<Bytes> certificates{};  // DER of those that it carries, in its order
};

// Errors kVerification: "cms-malformed" (not DER, not signed-data, CRLs or attribute certificates
// in it, unsigned attributes, no signed ones); "cms-content-attached", "cms-several-signers",
// "cms-weak-hash" (SHA-1 or MD5), "cms-algorithm" (anything but SHA-256, SHA-384 or SHA-512 with
// ECDSA or RSA PKCS#1 v1.5). `origin` names the object in errors.
[[nodiscard]] CmsSignature parse_cms_signature(ByteView der, std::string_view origin);

// The SignerIdentifier of the first signer, also where the rest cannot be taken; nothing is
// verified. nullopt when there is none to be read.
[[nodiscard]] std::optional<Bytes> claimed_cms_signer(ByteView der);

// Whether a SignerIdentifier is this certificate's, byte for byte.
[[nodiscard]] bool names_signer(ByteView signer, const Certificate& certificate);

// Whether `signature` is one over `content` by the key of `certificate`, which it names. The
// certificate must chain to `authorities` as chain_fault has it, no time asked for; a CAdES
// reference to the signing certificate (RFC 5035) must be to this one. Of the certificates in the
// signature none is used. Error kInternal "openssl" when OpenSSL cannot work.
[[nodiscard]] bool verify_cms_signature(const CmsSignature& signature, ByteView content,
                                        const Certificate& certificate,
                                        const std::vector<Certificate>& authorities);

}  // namespace keyrite::crypto
