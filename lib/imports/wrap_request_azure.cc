// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "act/option_words.h"
#include "imports/internal/wrap_fields.h"
#include "imports/wrap_request.h"

namespace keyrite::imports {

const std::vector<act::Field<AzureWrapRequest>>& AzureWrapRequest::table() {
  using R = AzureWrapRequest;
  static const auto fields = wrap_fields<R>(concat(
      tenant_key_fields<R>(),
      {
          {{.name = "parameters",
            .value = "FILE",
            .help = "what az keyvault key create or show printed of the key-exchange key (JSON)",
            .binds = act::Binds::input()},
           &R::parameters},
          {{.name = "wrapping-key",
            .value = "FILE",
            .help = "the key-exchange key as az keyvault key download wrote it",
            .binds = act::Binds::input()},
           &R::wrapping_key},
          {{.name = "kid",
            .value = "URL",
            .help = "identifier of the key-exchange key, with version; needed with a PEM",
            .binds = act::Binds::name()},
           &R::kid},
          {{.name = "name",
            .value = "NAME",
            .help = "of the key in the vault",
            .default_text = "the label",
            .binds = act::Binds::name()},
           &R::name},
          {{.name = "check-name",
            .value = "NAME",
            .help =
                "with --tenant: import under this name, to prove the version there before it is "
                "imported under the name of the destination, which consumers follow at once",
            .binds = act::Binds::name()},
           &R::check_name},
          {{.name = "store",
            .value = "KIND",
            .help = "vault or managed-hsm",
            .default_text = "by the host of the kid",
            .choices = {"vault", "managed-hsm"},
            .binds = act::Binds::plain()},
           &R::store},
          {{.name = "ops",
            .value = "OPERATION",
            .help = "what the key may do",
            .default_text = "all that fit its type",
            .binds = act::Binds::word(act::azure::is_operation_word)},
           &R::ops},
          {{.name = "tags",
            .value = "NAME=VALUE",
            .help = "tags of the key",
            .binds = act::Binds::name()},
           &R::tags},
          {{.name = "expires",
            .value = "TIME",
            .help = "when the key expires in the vault",
            .binds = act::Binds::word(act::is_time_word)},
           &R::expires},
      }));
  return fields;
}

}  // namespace keyrite::imports
