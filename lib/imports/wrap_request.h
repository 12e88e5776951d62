// The requests of wrap-for-import: what the clouds' have in common, and one struct per cloud which
// adds the cloud's own options (provider/*/options.h) and files. Plain data; one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "act/request.h"
#include "provider/options.h"

namespace keyrite::imports {

struct WrapRequest {
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
};

struct AwsWrapRequest : WrapRequest, provider::aws::ImportOptions {
  [[nodiscard]] static const std::vector<act::Field<AwsWrapRequest>>& table();
};
struct AzureWrapRequest : WrapRequest, provider::azure::ImportOptions {
  [[nodiscard]] static const std::vector<act::Field<AzureWrapRequest>>& table();
};
struct GoogleWrapRequest : WrapRequest, provider::google::ImportOptions {
  [[nodiscard]] static const std::vector<act::Field<GoogleWrapRequest>>& table();
};

}  // namespace keyrite::imports
