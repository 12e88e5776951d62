// The authorities that a chain must end in, what is asked of a chain, and whose a certificate is,
// as OpenSSL wants or has them. The caller owns what is made; any thread.
#pragma once

#include <openssl/x509_vfy.h>

#include <memory>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "crypto/certificate.h"
#include "crypto/internal/openssl.h"

namespace keyrite::crypto {

using StorePtr = std::unique_ptr<X509_STORE, Free<X509_STORE_free>>;

// The rules of chain_fault (crypto/certificate.h). Error kInternal "openssl".
[[nodiscard]] StorePtr certificate_store(const std::vector<Certificate>& authorities,
                                         std::optional<TimePoint> at);

// Certificate::subject of what OpenSSL holds. Error kInternal "openssl".
[[nodiscard]] std::string subject_of(const X509* certificate);

}  // namespace keyrite::crypto
