// What the commands of keyrite credential are asked for: their tables make options, log and man
// page. Plain values; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "act/request.h"

namespace keyrite::credential {

// Where a secret comes from: neither: standard input. Never from an argument.
struct SealRequest {
  std::string tenant{};
  std::string key{};
  std::string service{};
  std::string environment{};
  std::optional<std::string> scope{};
  std::optional<std::string> owner{};
  std::optional<std::string> expires{};    // RFC 3339
  std::optional<std::string> rotate_by{};  // RFC 3339
  std::optional<std::uint32_t> secret_fd{};
  std::optional<std::string> secret_file{};
  [[nodiscard]] static const std::vector<act::Field<SealRequest>>& table();
};

struct RotateRequest {
  std::string tenant{};
  std::string service{};
  std::string environment{};
  std::optional<std::string> scope{};
  std::optional<std::string> owner{};
  std::optional<std::string> expires{};
  std::optional<std::string> rotate_by{};
  std::optional<std::uint32_t> secret_fd{};
  std::optional<std::string> secret_file{};
  [[nodiscard]] static const std::vector<act::Field<RotateRequest>>& table();
};

struct OpenRequest {
  std::string tenant{};
  std::string service{};
  std::string environment{};
  std::string reason{};
  std::optional<std::string> out{};
  [[nodiscard]] static const std::vector<act::Field<OpenRequest>>& table();
};

struct ChangeRequest {
  std::string tenant{};
  std::string service{};
  std::string environment{};
  std::string owner{};
  [[nodiscard]] static const std::vector<act::Field<ChangeRequest>>& table();
};

struct RevokeRequest {
  std::string tenant{};
  std::string service{};
  std::string environment{};
  std::string reason{};
  [[nodiscard]] static const std::vector<act::Field<RevokeRequest>>& table();
};

struct ShowCredentialRequest {
  std::string tenant{};
  std::string service{};
  std::string environment{};
  [[nodiscard]] static const std::vector<act::Field<ShowCredentialRequest>>& table();
};

struct ListCredentialsRequest {
  std::string tenant{};
  bool revoked{false};
  [[nodiscard]] static const std::vector<act::Field<ListCredentialsRequest>>& table();
};

}  // namespace keyrite::credential
