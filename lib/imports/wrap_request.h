// The requests of wrap-for-import: the part that all clouds share, and one struct per cloud that
// adds the cloud's own options (provider/*/options.h) and files. Plain data; one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "act/request.h"
#include "provider/options.h"

namespace keyrite::imports {

struct WrapRequest {
  // Whose key: then the registry says which key in the token, and whither.
  std::optional<std::string> tenant{};
  std::optional<std::string> destination{};
  std::optional<std::string> label{};
  std::optional<std::string> id{};  // hex
  std::string out{};
  std::optional<std::string> parameters{};    // file
  std::optional<std::string> wrapping_key{};  // file
  std::optional<std::string> expect_wrapping_key{};
  std::optional<std::string> method{};
  bool allow_host_ephemeral{false};
  bool accept_padded_pkcs8{false};
  bool trust_wrapping_key{false};
  bool allow_unverified{false};
  bool allow_outside_dates{false};
  std::optional<std::string> require_origin{};
  // AWS only.
  std::optional<std::string> import_token{};             // file
  std::optional<std::string> verification_parameters{};  // file
  std::optional<std::string> verification_out{};
  std::optional<std::string> expect_verification_key{};
  std::optional<std::string> vouched{};          // file
  std::vector<std::string> vouched_signature{};  // files
};

// With a tenant: which of its keys, and which version of it. The two options of Google are these
// two then.
struct TenantKeyWords {
  std::optional<std::string> key{};
  std::optional<std::uint32_t> key_version{};
};

struct AwsWrapRequest : WrapRequest, TenantKeyWords, provider::aws::ImportOptions {
  [[nodiscard]] static const std::vector<act::Field<AwsWrapRequest>>& table();
};
struct AzureWrapRequest : WrapRequest, TenantKeyWords, provider::azure::ImportOptions {
  // With a tenant: the name under which the version is proven before it gets that of the
  // destination, under which an import is the switch to it.
  std::optional<std::string> check_name{};
  [[nodiscard]] static const std::vector<act::Field<AzureWrapRequest>>& table();
};
struct GoogleWrapRequest : WrapRequest, provider::google::ImportOptions {
  [[nodiscard]] static const std::vector<act::Field<GoogleWrapRequest>>& table();
};

}  // namespace keyrite::imports
