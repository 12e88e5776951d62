// Import parameters as AWS's command line writes them, for a wrapping key whose private half
// openssl holds.
#pragma once

#include "acts/wrap_for_import.h"
#include "support/test_token.h"

namespace keyrite::test {

struct AwsImport {
  Workshop folder{};
  std::string fingerprint{};

  AwsImport();
  // A request for the key `label`, bundle "out" in the folder.
  [[nodiscard]] acts::AwsWrapRequest request(const std::string& label,
                                             const std::string& algorithm) const;
  [[nodiscard]] std::string path(const std::string& name) const {
    return (folder.folder() / name).native();
  }
};

// 2026-09-20T12:00:00Z, an hour before the parameters expire.
[[nodiscard]] TimePoint test_now();
// Nobody is at the terminal; notes go nowhere.
[[nodiscard]] acts::Context context_for(const TestToken& token);

}  // namespace keyrite::test
