// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "provider/re_encryption.h"

#include "provider/shell_command.h"

namespace keyrite::provider {

std::optional<std::string> re_encryption_command(const CloudKeyVersion& from,
                                                 const std::string& to) {
  if (from.provider != Provider::kAws || !from.cloud_key) return std::nullopt;
  return ShellCommand("aws kms re-encrypt")
      .option("--source-key-id", from.cloud_key)
      .option("--destination-key-id", to)
      .fixed("--ciphertext-blob fileb://CIPHERTEXT")
      .option("--region", from.region)
      .option("--profile", from.profile)
      .fixed("--query CiphertextBlob --output text")
      .text();
}

}  // namespace keyrite::provider
