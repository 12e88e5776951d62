// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "act/option_words.h"
#include "keys/generate_kek.h"

namespace keyrite::keys {

namespace {

// Which key.
std::vector<act::Field<GenerateKekRequest>> name_fields() {
  using R = GenerateKekRequest;
  return {
      {{.name = "tenant",
        .value = "TENANT",
        .help = "make the next version of a key of this tenant of the site, in pre-activation; its "
                "type and usage come from the registry, its id and label name nobody",
        .binds = act::Binds::name()},
       &R::tenant},
      {{.name = "key",
        .value = "NAME",
        .help = "the tenant's key; needed with --tenant",
        .binds = act::Binds::name()},
       &R::key},
      {{.name = "type",
        .value = "TYPE",
        .help = "aes-128, aes-192, aes-256, generic-secret-N-bytes (N = 20 to 128), rsa-2048, "
                "rsa-3072, rsa-4096, "
                "ec-p256, ec-p384, ec-p521, ec-secp256k1 or ed25519",
        .default_text = "that of the tenant's key",
        .binds = act::Binds::word(act::is_key_type_word)},
       &R::type},
      {{.name = "label",
        .value = "LABEL",
        .help = "CKA_LABEL of the new key; must be free; needed without --tenant",
        .binds = act::Binds::name()},
       &R::label},
      {{.name = "id",
        .value = "HEX",
        .help = "CKA_ID of the new key; must be free",
        .default_text = "random, 16 bytes",
        .binds = act::Binds::word(act::is_id_word)},
       &R::id},
  };
}

// What it may do, and what is written of it.
std::vector<act::Field<GenerateKekRequest>> trait_fields() {
  using R = GenerateKekRequest;
  return {
      {{.name = "for",
        .value = "PROVIDER",
        .help = "the cloud that the key will be imported into: keyrite checks the key against that "
                "cloud's rules and makes it extractable",
        .choices = {"aws", "azure", "google"},
        .binds = act::Binds::plain()},
       &R::for_providers},
      {{.name = "usage",
        .value = "USAGE",
        .help =
            "what the key may do in the token: wrap, encrypt, sign or derive; never two of them",
        .default_text =
            "that of the tenant's key; else AES: wrap, with --for encrypt; others: sign",
        .choices = {"wrap", "encrypt", "sign", "derive"},
        .binds = act::Binds::plain()},
       &R::usage},
      {{.name = "extractable",
        .help = "set CKA_EXTRACTABLE, so that the key can be wrapped out of the token",
        .binds = act::Binds::plain()},
       &R::extractable},
      {{.name = "wrap-with-trusted",
        .help = "set CKA_WRAP_WITH_TRUSTED: only a wrapping key that the security officer trusts "
                "may wrap it",
        .binds = act::Binds::plain()},
       &R::wrap_with_trusted},
      {{.name = "allow-unverified",
        .help = "make the key although no provider documentation confirms that the cloud named by "
                "--for imports its type",
        .binds = act::Binds::plain()},
       &R::allow_unverified},
      {{.name = "public-out",
        .value = "FILE",
        .help = "write the public half as PEM to a new file",
        .binds = act::Binds::output()},
       &R::public_out},
  };
}

}  // namespace

const std::vector<act::Field<GenerateKekRequest>>& GenerateKekRequest::table() {
  static const auto fields = [] {
    auto all = name_fields();
    const auto more = trait_fields();
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }();
  return fields;
}

}  // namespace keyrite::keys
