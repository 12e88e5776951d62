// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "act/option_words.h"
#include "base/error.h"
#include "imports/verify_import.h"

namespace keyrite::imports {

// What is judged here is named, and the result has the SHA-256 of what was read: nothing leaves by
// it, and nobody approves it.
const std::vector<act::Field<VerifyBundleRequest>>& VerifyBundleRequest::table() {
  using R = VerifyBundleRequest;
  static const std::vector<act::Field<R>> fields{
      {{.name = "folder",
        .value = "FOLDER",
        .help = "the bundle",
        .need = act::Need::kRequired,
        .shape = act::Shape::kPositional,
        .binds = act::Binds::name()},
       &R::folder},
      {{.name = "expect-wrapping-key",
        .value = "SHA256",
        .help = "the fingerprint of the wrapping key, compared over a second channel",
        .binds = act::Binds::word(act::is_fingerprint_word)},
       &R::expect_wrapping_key},
      {{.name = "expect-manifest",
        .value = "SHA256",
        .help = "SHA-256 of manifest.json, as the protocol of the ceremony records it",
        .binds = act::Binds::word(act::is_fingerprint_word)},
       &R::expect_manifest},
      {{.name = "wrapping-key",
        .value = "FILE",
        .help = "the wrapping key as the cloud issued it: the import parameters (JSON), PEM or DER",
        .binds = act::Binds::name()},
       &R::wrapping_key},
      {{.name = "allow-host-ephemeral",
        .help = "accept a bundle whose transport key was in host memory",
        .binds = act::Binds::plain()},
       &R::allow_host_ephemeral},
      {{.name = "allow-expired",
        .help = "accept a bundle whose import parameters have expired",
        .binds = act::Binds::plain()},
       &R::allow_expired},
  };
  return fields;
}

}  // namespace keyrite::imports
