// What Azure hands out before an import: a key-exchange key (KEK) that lives in the vault or HSM
// and may do nothing but import. Read from the JSON of key show or key create, from a PEM or DER
// file, or both. Values and pure functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/wrapping.h"
#include "crypto/public_key.h"
#include "provider/options.h"

namespace keyrite::provider::azure {

// A key identifier with version: https://HOST/keys/NAME/VERSION.
struct KeyUrl {
  std::string host{};  // "acme.vault.azure.net", as written
  std::string name{};
  std::string version{};  // 32 lower-case hex digits
  [[nodiscard]] std::string text() const;
  // The vault's or HSM's name: the host's first label.
  [[nodiscard]] std::string store_name() const;
};

struct ImportParameters {
  KeyUrl kid{};
  crypto::PublicKey wrapping_key;
  std::optional<TimePoint> expires{};
  std::optional<TimePoint> not_before{};
  bool attributes_known{false};  // false: the file holds the key alone, its dates were not seen
};

// Errors kConfig: "kid-invalid" (no key URL), "kid-without-version". The host's suffix is not
// checked: sovereign clouds have others.
[[nodiscard]] KeyUrl parse_kid(std::string_view kid);

// Errors beside those of provider::read_parameters: kUsage "kid-missing", "parameters-given-twice";
// kConfig those of parse_kid, "kid-mismatch" (--kid and the file differ), "wrapping-key-mismatch"
// (JWK and PEM differ), "kek-operations" (not exactly import), "kek-disabled", "kek-type" (not
// RSA-HSM).
[[nodiscard]] ImportParameters read_parameters(const ParameterFiles& files,
                                               const ImportOptions& options);

[[nodiscard]] Json to_json(const ImportParameters& parameters);
[[nodiscard]] std::vector<std::pair<std::string, std::string>> describe(
    const ImportParameters& parameters);

}  // namespace keyrite::provider::azure
