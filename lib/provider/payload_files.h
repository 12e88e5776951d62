// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// The files of a payload, each cloud's in its own folder. Pure, any thread. Internal to provider.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/json.h"
#include "base/key_type.h"
#include "base/wrapping.h"
#include "provider/destination.h"
#include "provider/recorded_import.h"

namespace keyrite::provider {

// What the files of a bundle are compared with. Refers to its caller's values.
struct PayloadCheck {
  const JsonView& parameters;
  const KeyType& type;
  WrappingAlgorithm algorithm{};
  unsigned wrapping_bits{};
  const std::vector<FolderFile>& files;

  // Error kVerification "bundle-payload" where it is missing.
  [[nodiscard]] const FolderFile& file(std::string_view name) const;
};

// As provider::lay_out, of a blob that is checked; as check_files.
namespace aws {
[[nodiscard]] std::vector<FolderFile> payload_files(const Destination& destination, ByteView blob,
                                                    std::string_view generator);
void check_payload(const PayloadCheck& wanted);
}  // namespace aws
namespace azure {
[[nodiscard]] std::vector<FolderFile> payload_files(const Destination& destination, ByteView blob,
                                                    std::string_view generator);
void check_payload(const PayloadCheck& wanted);
// As provider::payload_contradiction.
[[nodiscard]] std::string payload_contradiction(const RecordedImport& import,
                                                std::string_view generator,
                                                const std::vector<FolderFile>& files);
}  // namespace azure
namespace google {
[[nodiscard]] std::vector<FolderFile> payload_files(const Destination& destination, ByteView blob,
                                                    std::string_view generator);
void check_payload(const PayloadCheck& wanted);
}  // namespace google

}  // namespace keyrite::provider
