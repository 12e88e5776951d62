// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/error.h"
#include "crypto/digest.h"
#include "provider/payload.h"
#include "provider/payload_files.h"

namespace keyrite::provider::aws {

namespace {

constexpr std::string_view kMaterial = "EncryptedKeyMaterial.bin";
constexpr std::string_view kToken = "ImportToken.bin";
constexpr std::size_t kMaxMaterial = 6144;  // ImportKeyMaterial of the KMS API

void check_size(ByteView blob) {
  if (blob.size() > kMaxMaterial) {
    throw Error(Kind::kVerification, "blob-too-large",
                fmt::format("the wrapped key has {} bytes, but AWS accepts at most {}", blob.size(),
                            kMaxMaterial));
  }
}

}  // namespace

std::vector<FolderFile> payload_files(const Destination& destination, ByteView blob,
                                      std::string_view /*generator*/) {
  check_size(blob);
  const auto& parameters = std::get<ImportParameters>(destination.parameters);
  return {{std::string(kMaterial), Bytes(blob.begin(), blob.end())},
          {std::string(kToken), parameters.import_token}};
}

void check_payload(const PayloadCheck& wanted) {
  const Bytes& blob = wanted.file(kMaterial).content;
  check_blob(blob, wanted.type, wanted.algorithm, wanted.wrapping_bits);
  check_size(blob);
  const Bytes& token = wanted.file(kToken).content;
  if (to_hex(crypto::sha256(token)) != wanted.parameters.text("import_token_sha256")) {
    throw Error(Kind::kVerification, "bundle-payload",
                fmt::format("{} is not the import token of the import parameters", kToken));
  }
}

}  // namespace keyrite::provider::aws
