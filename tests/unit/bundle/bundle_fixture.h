// A whole bundle as wrap-for-import would leave it, with a wrapping key and a target's public key
// made by openssl. One thread.
#pragma once

#include <functional>
#include <string>

#include "bundle/verify.h"
#include "bundle/write.h"
#include "support/command.h"

namespace keyrite::test {

// An AWS bundle of an EC P-256 key under an RSA-2048 wrapping key; created 2026-02-12, valid until
// 2026-02-13 17:39:25.
[[nodiscard]] bundle::Parts sample_parts(const Workshop& shop);
// import.sh and README.txt anew, as the parts are now.
void write_texts(bundle::Parts& parts);
[[nodiscard]] bundle::Policy sample_policy();  // now = 2026-02-13 10:00:00

[[nodiscard]] FolderFile& file_of(bundle::Contents& contents, std::string_view name);
// Parses manifest.json, lets `edit` change it, writes it back.
void edit_manifest(bundle::Contents& contents, const std::function<void(Json&)>& edit);
// Brings size and digest in manifest.json up to date with the files, as a forger would.
void reseal(bundle::Contents& contents);
// The codes of the failed checks, in their order.
[[nodiscard]] std::vector<std::string> failures(const bundle::Contents& contents,
                                                const bundle::Policy& policy);

}  // namespace keyrite::test
