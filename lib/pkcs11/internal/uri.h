// A parsed RFC 7512 URI in p11-kit's own form. Pure, any thread.
#pragma once

#include <p11-kit/uri.h>

#include <memory>
#include <string_view>

namespace keyrite::pkcs11 {

struct UriDeleter {
  void operator()(P11KitUri* uri) const { p11_kit_uri_free(uri); }
};
using UriPointer = std::unique_ptr<P11KitUri, UriDeleter>;

// Errors kUsage: "uri-invalid" (also for an attribute that p11-kit would pass over, and for one
// given twice).
[[nodiscard]] UriPointer parse_uri(std::string_view text);

}  // namespace keyrite::pkcs11
