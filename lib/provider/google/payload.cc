// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "provider/payload.h"
#include "provider/payload_files.h"

namespace keyrite::provider::google {

namespace {

constexpr std::string_view kWrapped = "wrapped-key.bin";

}  // namespace

std::vector<FolderFile> payload_files(const Destination& /*destination*/, ByteView blob,
                                      std::string_view /*generator*/) {
  return {{std::string(kWrapped), Bytes(blob.begin(), blob.end())}};
}

void check_payload(const PayloadCheck& wanted) {
  check_blob(wanted.file(kWrapped).content, wanted.type, wanted.algorithm, wanted.wrapping_bits);
}

}  // namespace keyrite::provider::google
