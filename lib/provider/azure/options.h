// What the operator says about an import into Azure Key Vault or Managed HSM. Plain values in the
// cloud's own words.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keyrite::provider::azure {

inline constexpr std::size_t kMaxName = 127;  // of a key
inline constexpr std::string_view kManagedHsm = "managed-hsm";

struct ImportOptions {
  // Of the parameters.
  std::optional<std::string> kid{};  // compared with the file's; needed beside a PEM
  // Of the import. Vault or HSM name come from the kid.
  std::optional<std::string> name{};  // of the key in the vault; default: the label
  std::optional<std::string>
      store{};                      // "vault" or "managed-hsm", where the kid's host does not say
  std::vector<std::string> ops{};   // default: all that fit the key type
  std::vector<std::string> tags{};  // "name=value"
  std::optional<std::string> expires{};  // RFC 3339, of the imported key
};

}  // namespace keyrite::provider::azure
