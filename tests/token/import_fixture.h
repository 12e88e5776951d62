// Import parameters as AWS's command line writes them, for a wrapping key whose private half
// openssl holds.
#pragma once

#include <memory>
#include <vector>

#include "base/error.h"
#include "imports/wrap_for_import.h"
#include "support/failure.h"
#include "support/test_token.h"

namespace keyrite::test {

inline constexpr const char* kTestKeyArn =
    "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

struct AwsImport {
  Workshop folder{};
  std::string fingerprint{};

  explicit AwsImport(unsigned bits = 2048);
  // Saves a further set: another token, a wrapping key of its own unless the file is there already.
  // Returns the fingerprint of the wrapping key.
  [[nodiscard]] std::string save_parameters(const std::string& name, const std::string& private_key,
                                            std::uint8_t token_byte, unsigned bits) const;
  void save(const std::string& name, const Bytes& spki, std::uint8_t token_byte) const;
  // As request(), with a second set "again.json" whose private half is "again.pem", bundle
  // "second".
  [[nodiscard]] imports::AwsWrapRequest request_with_verification(
      const std::string& label, const std::string& algorithm) const;
  // A request for the key `label`, bundle "out" in the folder.
  [[nodiscard]] imports::AwsWrapRequest request(const std::string& label,
                                                const std::string& algorithm) const;
  [[nodiscard]] std::string path(const std::string& name) const {
    return (folder.folder() / name).native();
  }
};

// What a test wants of a key in the token.
struct Wanted {
  std::optional<std::string> usage{};  // AES keys: "encrypt"
  bool trusted{false};
  bool extractable{true};
};
// Makes a key by generate-kek, its label as CKA_ID.
void make_key(const TestToken& token, const std::string& type, const std::string& label,
              const Wanted& wanted = {});

// read, compare_wrapping_key and perform without a log, as wrap-for-import does. With `module`: at
// a token that is loaded already.
[[nodiscard]] std::vector<imports::MadeBundle> wrap(
    const imports::AwsWrapRequest& request, const act::Context& context,
    std::shared_ptr<pkcs11::Module> module = nullptr);
// As wrap-for-import --dry-run without a log: notes the fingerprints, logs in as user alone.
[[nodiscard]] imports::WrapPlan dry_run(const imports::WrapOrder& order,
                                        const act::Context& context,
                                        std::shared_ptr<pkcs11::Module> module = nullptr);

// 2026-09-20T12:00:00Z, an hour before the parameters expire.
[[nodiscard]] TimePoint test_now();
// Nobody is at the terminal; notes go nowhere.
[[nodiscard]] act::Context context_for(const TestToken& token);

}  // namespace keyrite::test
