#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <fmt/format.h>

#include "crypto/certificate.h"
#include "crypto/internal/certificate_store.h"

namespace keyrite::crypto {
namespace {

using StoreContextPtr = std::unique_ptr<X509_STORE_CTX, Free<X509_STORE_CTX_free>>;

// OpenSSL's security level of 112 bits: refuses SHA-1 and MD5 under a certificate, RSA below 2048.
constexpr int kSecurityLevel = 2;

}  // namespace

StorePtr certificate_store(const std::vector<Certificate>& authorities,
                           std::optional<TimePoint> at) {
  StorePtr store(X509_STORE_new());
  if (store == nullptr) openssl_failed("making a store of certificates");
  for (const Certificate& authority : authorities) {
    require_openssl(X509_STORE_add_cert(store.get(), authority.get()), "adding an authority");
  }
  X509_VERIFY_PARAM* rules = X509_STORE_get0_param(store.get());
  require_openssl(X509_VERIFY_PARAM_set_purpose(rules, X509_PURPOSE_ANY), "setting the purpose");
  X509_VERIFY_PARAM_set_auth_level(rules, kSecurityLevel);
  if (at) {
    X509_VERIFY_PARAM_set_time(
        rules, std::chrono::floor<std::chrono::seconds>(*at).time_since_epoch().count());
  } else {
    require_openssl(X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_NO_CHECK_TIME),
                    "leaving the time out");
  }
  return store;
}

std::optional<std::string> chain_fault(const Certificate& certificate,
                                       const std::vector<Certificate>& authorities,
                                       std::optional<TimePoint> at) {
  const StorePtr store = certificate_store(authorities, at);
  const StoreContextPtr context(X509_STORE_CTX_new());
  if (context == nullptr) openssl_failed("verifying a certificate");
  require_openssl(X509_STORE_CTX_init(context.get(), store.get(), certificate.get(), nullptr),
                  "verifying a certificate");
  const int verified = X509_verify_cert(context.get());
  ERR_clear_error();
  if (verified == 1) return std::nullopt;
  const int reason = X509_STORE_CTX_get_error(context.get());
  if (reason == X509_V_ERR_OUT_OF_MEM) openssl_failed("verifying a certificate");
  const X509* at_fault = X509_STORE_CTX_get_current_cert(context.get());
  return fmt::format("{} ({})", X509_verify_cert_error_string(reason),
                     at_fault != nullptr ? subject_of(at_fault) : certificate.subject());
}

}  // namespace keyrite::crypto
