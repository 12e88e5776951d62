// The digests inside import.sh. The script has one line for each file that it sends to the cloud,
// "SHA256 NAME" as sha256sum reads it, so that the connected machine sends nothing that was changed
// since. Pure, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bundle/manifest.h"

namespace keyrite::bundle {

// One clause for people, empty when all is well: every such line of the script agrees with the
// manifest, and every file but manifest.json, expected.json, README.txt, wrapping-key.der and
// import.sh itself has its line.
[[nodiscard]] std::string script_contradiction(const std::string& script,
                                               const std::vector<ManifestFile>& files);

}  // namespace keyrite::bundle
