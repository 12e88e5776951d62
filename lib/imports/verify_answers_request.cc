// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "act/option_words.h"
#include "base/error.h"
#include "imports/verify_import.h"

namespace keyrite::imports {

const std::vector<act::Field<VerifyAnswersRequest>>& VerifyAnswersRequest::table() {
  using R = VerifyAnswersRequest;
  static const std::vector<act::Field<R>> fields{
      {{.name = "folder",
        .value = "FOLDER",
        .help = "the bundle",
        .need = act::Need::kRequired,
        .shape = act::Shape::kPositional,
        .binds = act::Binds::name()},
       &R::folder},
      {{.name = "evidence",
        .value = "FILE",
        .help = "the cloud's answers: files, or a folder of files (FOLDER.answers, as import.sh "
                "saved it)",
        .need = act::Need::kRequired,
        .binds = act::Binds::name()},
       &R::evidence},
      {{.name = "require",
        .value = "BASIS",
        .help = "the weakest basis of proof to accept: cryptographic (an answer that shows use of "
                "the key), or statement (the default: also the provider's own statement, where it "
                "offers nothing better); if the basis is weaker, the exit code is 7",
        .binds = act::Binds::word(act::is_basis_word)},
       &R::require},
      {{.name = "expect-manifest",
        .value = "SHA256",
        .help = "SHA-256 of manifest.json, as the protocol of the ceremony records it",
        .binds = act::Binds::word(act::is_fingerprint_word)},
       &R::expect_manifest},
  };
  return fields;
}

}  // namespace keyrite::imports
