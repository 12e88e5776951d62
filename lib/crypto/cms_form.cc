#include "crypto/cms_form.h"

// Before cms.h, which declares its PEM functions only then.
#include <openssl/pem.h>

#include <openssl/cms.h>
#include <openssl/err.h>

#include <string>

#include "crypto/cms_signature.h"
#include "crypto/internal/openssl.h"

namespace keyrite::crypto {
namespace {

using CmsPtr = std::unique_ptr<CMS_ContentInfo, Free<CMS_ContentInfo_free>>;

// Twice what its DER may have, for base64 and the headers around it.
constexpr std::size_t kMaxForm = 2 * kMaxCmsSignature;

BioPtr source_of(ByteView content) {
  BioPtr source(BIO_new_mem_buf(content.data(), static_cast<int>(content.size())));
  if (!source) openssl_failed("reading a CMS signature");
  return source;
}

CmsPtr from_ber(ByteView content) {
  const unsigned char* at = content.data();
  CmsPtr cms(d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(content.size())));
  return at == content.data() + content.size() ? std::move(cms) : nullptr;
}

CmsPtr from_smime(ByteView content) {
  const BioPtr source = source_of(content);
  BIO* signed_part = nullptr;
  CmsPtr cms(SMIME_read_CMS(source.get(), &signed_part));
  const BioPtr beside(signed_part);
  return cms;
}

CmsPtr read_form(ByteView content) {
  constexpr char kSequence = 0x30;
  const std::string text = as_text(content);
  if (text.starts_with(kSequence)) return from_ber(content);
  if (text.find("-----BEGIN ") != std::string::npos) {
    const BioPtr source = source_of(content);
    return CmsPtr(PEM_read_bio_CMS(source.get(), nullptr, nullptr, nullptr));
  }
  return from_smime(content);
}

}  // namespace

std::optional<Bytes> cms_in_der(ByteView content) {
  if (content.empty() || content.size() > kMaxForm) return std::nullopt;
  ERR_clear_error();
  const CmsPtr cms = read_form(content);
  ERR_clear_error();  // why one form does not fit says nothing to a later caller
  if (!cms) return std::nullopt;
  unsigned char* der = nullptr;
  const int length = i2d_CMS_ContentInfo(cms.get(), &der);
  if (length <= 0) openssl_failed("encoding a CMS signature");
  Bytes bytes(der, der + length);
  OPENSSL_free(der);
  return bytes;
}

}  // namespace keyrite::crypto
