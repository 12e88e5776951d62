// A tenant's keys. Logged acts on files add and change them; showing them needs no lock of the log.
// A key that is added here has no material yet: generate-kek makes its version. A key's policy is a
// decision, and the log has its SHA-256. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "act/act.h"
#include "act/request.h"
#include "inventory/shown.h"

namespace keyrite::inventory {

// What of a key's policy is given; the rest is as it is, or as registry::KeyPolicy begins.
struct PolicyOptions {
  std::optional<std::string> accept{};
  std::optional<std::string> compromised{};
  std::optional<std::uint32_t> copies{};
  std::optional<std::uint32_t> period_days{};
};

struct AddKeysRequest : PolicyOptions {
  std::optional<std::string> name{};
  std::optional<std::string> tenant{};
  std::optional<std::string> type{};
  std::optional<std::string> usage{};
  std::optional<std::string> owner{};
  std::optional<std::string> from{};  // file
  [[nodiscard]] static const std::vector<act::Field<AddKeysRequest>>& table();
};
struct ChangeKeyRequest : PolicyOptions {
  std::string name{};
  std::string tenant{};
  std::optional<std::string> new_name{};
  std::optional<std::string> owner{};
  [[nodiscard]] static const std::vector<act::Field<ChangeKeyRequest>>& table();
};
struct ShowKeyRequest {
  std::string name{};
  std::string tenant{};
  [[nodiscard]] static const std::vector<act::Field<ShowKeyRequest>>& table();
};

// Errors: those of Registry; kUsage "site-not-given", "name-invalid", "tenant-unknown",
// "key-unknown", "key-type-unknown", "registry-value" (a number that makes no sense); kVerification
// "decision-edited". add: kUsage "name-or-file", "key-incomplete", "key-twice"; kFailed
// "key-exists", "tenant-not-active"; those of read_records.
[[nodiscard]] act::Act add_keys(const AddKeysRequest& request);
// Errors kUsage "nothing-to-change"; kFailed "key-exists".
[[nodiscard]] act::Act change_key(const ChangeKeyRequest& request);
[[nodiscard]] Shown show_key(const ShowKeyRequest& request, const act::Context& context);

}  // namespace keyrite::inventory
