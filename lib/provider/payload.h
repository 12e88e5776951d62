// The wrapped key in each cloud's own file format, and the structural check of those files: sizes
// follow from algorithm, wrapping key and key type, so a truncated or text-encoded blob is found
// without any key. Pure, any thread.
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

// The RSA part is as long as the modulus; the AES-KWP part (RFC 5649) a multiple of 8, at least 16,
// and for secret keys exactly that of the key's length. Error kVerification "blob-size".
void check_blob(ByteView blob, const KeyType& type, WrappingAlgorithm algorithm,
                unsigned wrapping_bits);

// AWS EncryptedKeyMaterial.bin and ImportToken.bin; Azure NAME.byok (schema 1.0.0); Google
// wrapped-key.bin. `generator`: tool and HSM, free text, for the .byok header. Errors:
// check_blob's, and kVerification "blob-too-large" (AWS takes 6144 bytes).
[[nodiscard]] std::vector<FolderFile> lay_out(const Destination& destination, ByteView blob,
                                              std::string_view generator);

// Checks the files of a bundle against what its manifest says about the import parameters
// (to_json(ImportParameters)): they are there, of the right form and size, and belong to these
// parameters. Error kVerification "bundle-payload", naming the file.
void check_files(Provider provider, const Json& import_parameters, const KeyType& type,
                 WrappingAlgorithm algorithm, unsigned wrapping_bits,
                 const std::vector<FolderFile>& files);

// One clause where a file of the payload has another name than the key, or was made by another tool
// or token than `generator` says (as for lay_out); empty when they agree, and where the files say
// neither (AWS, Google). Errors: those of the file's form.
[[nodiscard]] std::string payload_contradiction(const RecordedImport& import,
                                                std::string_view generator,
                                                const std::vector<FolderFile>& files);

}  // namespace keyrite::provider
