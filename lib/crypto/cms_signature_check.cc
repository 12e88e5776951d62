#include <openssl/cms.h>
#include <openssl/err.h>

#include <algorithm>

#include "crypto/cms_signature.h"
#include "crypto/internal/certificate_store.h"

namespace keyrite::crypto {
namespace {

using CmsPtr = std::unique_ptr<CMS_ContentInfo, Free<CMS_ContentInfo_free>>;
struct FreeGivenStack {
  void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }
};
using CertificatesPtr = std::unique_ptr<STACK_OF(X509), FreeGivenStack>;

// RFC 5652 section 11.1: the signed content type is that of the content. OpenSSL asks only that
// there is one.
bool is_signed_as_data(CMS_SignerInfo* signer) {
  constexpr int kOnlyOne = -3;
  const auto* type = static_cast<const ASN1_OBJECT*>(CMS_signed_get0_data_by_OBJ(
      signer, OBJ_nid2obj(NID_pkcs9_contentType), kOnlyOne, V_ASN1_OBJECT));
  return type != nullptr && OBJ_obj2nid(type) == NID_pkcs7_data;
}

bool has_signed(CMS_SignerInfo* signer, int attribute) {
  return CMS_signed_get_attr_by_NID(signer, attribute, -1) >= 0;
}

// OpenSSL encodes the signed attributes anew before it verifies them, so that where they are BER
// bytes could be altered.
bool is_der_throughout(const CMS_ContentInfo* cms, ByteView der) {
  unsigned char* again = nullptr;
  const int length = i2d_CMS_ContentInfo(cms, &again);
  if (length <= 0) openssl_failed("encoding a CMS signature");
  const bool same = std::ranges::equal(ByteView(again, static_cast<std::size_t>(length)), der);
  OPENSSL_free(again);
  return same;
}

// With a reference to the signing certificate OpenSSL must compare it, which it does when told so.
unsigned flags_for(CMS_SignerInfo* signer) {
  const bool cades = has_signed(signer, NID_id_smime_aa_signingCertificate) ||
                     has_signed(signer, NID_id_smime_aa_signingCertificateV2);
  constexpr unsigned kAlways = CMS_BINARY | CMS_NOINTERN;
  return cades ? kAlways | CMS_CADES : kAlways;
}

}  // namespace

bool verify_cms_signature(const CmsSignature& signature, ByteView content,
                          const Certificate& certificate,
                          const std::vector<Certificate>& authorities) {
  if (!names_signer(signature.signer, certificate)) return false;
  const unsigned char* cursor = signature.der.data();
  const CmsPtr cms(d2i_CMS_ContentInfo(nullptr, &cursor, static_cast<long>(signature.der.size())));
  const auto* signers = cms != nullptr ? CMS_get0_SignerInfos(cms.get()) : nullptr;
  if (signers == nullptr || sk_CMS_SignerInfo_num(signers) != 1) {
    ERR_clear_error();
    return false;
  }
  CMS_SignerInfo* signer = sk_CMS_SignerInfo_value(signers, 0);
  const StorePtr store = certificate_store(authorities, std::nullopt);
  const CertificatesPtr given(sk_X509_new_null());
  const BioPtr message(BIO_new_mem_buf(content.data(), static_cast<int>(content.size())));
  if (given == nullptr || message == nullptr || sk_X509_push(given.get(), certificate.get()) != 1) {
    openssl_failed("verifying a CMS signature");
  }
  const bool verified = is_der_throughout(cms.get(), signature.der) && is_signed_as_data(signer) &&
                        CMS_verify(cms.get(), given.get(), store.get(), message.get(), nullptr,
                                   flags_for(signer)) == 1;
  ERR_clear_error();  // why it did not verify is of no use to a later caller
  return verified;
}

}  // namespace keyrite::crypto
