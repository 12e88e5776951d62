// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// The options of wrap-for-import that every cloud has: which key, and what may be given up. Each
// cloud's request puts its own between them (aws_wrap_request.cc and its neighbours). No state, one
// thread.
#pragma once

#include <vector>

#include "act/option_words.h"
#include "act/request.h"

namespace keyrite::imports {

template <class R>
std::vector<act::Field<R>> target_fields() {
  return {
      {{.name = "label",
        .value = "LABEL",
        .help = "the key in the token, by CKA_LABEL; exactly one must match",
        .binds = act::Binds::name()},
       &R::label},
      {{.name = "id",
        .value = "HEX",
        .help = "the key in the token, by CKA_ID",
        .binds = act::Binds::word(act::is_id_word)},
       &R::id},
      {{.name = "out",
        .value = "FOLDER",
        .help = "the bundle to make; the folder must not exist",
        .need = act::Need::kRequired,
        .binds = act::Binds::output()},
       &R::out},
  };
}

// Of a tenant's key.
template <class R>
std::vector<act::Field<R>> tenant_fields() {
  return {
      {{.name = "tenant",
        .value = "NAME",
        .help = "whose key it is: the registry then says which key in the token, the destination "
                "and its options",
        .binds = act::Binds::name()},
       &R::tenant},
      {{.name = "destination",
        .value = "DESTINATION",
        .help = "with --tenant: which destination of the key, by its name or identifier at the "
                "provider, or by its id in the registry",
        .default_text = "the only one at this provider",
        .binds = act::Binds::name()},
       &R::destination},
  };
}

// Where the cloud has no options of these names.
template <class R>
std::vector<act::Field<R>> tenant_key_fields() {
  return {
      {{.name = "key",
        .value = "NAME",
        .help = "with --tenant: the key of the tenant",
        .binds = act::Binds::name()},
       &R::key},
      {{.name = "key-version",
        .value = "N",
        .help = "with --tenant: which version of the key",
        .default_text = "the only one that can be imported",
        .binds = act::Binds::plain()},
       &R::key_version},
  };
}

template <class R>
std::vector<act::Field<R>> safety_fields() {
  return {
      {{.name = "expect-wrapping-key",
        .value = "SHA256",
        .help =
            "the fingerprint of the wrapping key, compared over a second channel (SHA-256 of the "
            "DER public key, in hex); without this option keyrite shows the fingerprint and asks",
        .default_text = "ask at the terminal",
        .binds = act::Binds::word(act::is_fingerprint_word)},
       &R::expect_wrapping_key},
      {{.name = "method",
        .value = "METHOD",
        .help = "use this wrap method only",
        .default_text = "the first that passes its self-test; host-ephemeral only when allowed",
        .choices = {"native", "composed", "direct", "host-ephemeral"},
        .binds = act::Binds::plain()},
       &R::method},
      {{.name = "allow-host-ephemeral",
        .help = "accept a transport key in host memory if the token has no other way",
        .binds = act::Binds::plain()},
       &R::allow_host_ephemeral},
      {{.name = "accept-padded-pkcs8",
        .help = "accept a token that appends zero bytes to the PKCS#8 of private keys",
        .binds = act::Binds::plain()},
       &R::accept_padded_pkcs8},
      {{.name = "trust-wrapping-key",
        .help = "log in as security officer first and put the wrapping key into the token with "
                "CKA_TRUSTED, for a key that has CKA_WRAP_WITH_TRUSTED",
        .binds = act::Binds::plain()},
       &R::trust_wrapping_key},
      {{.name = "allow-unverified",
        .help = "continue although no provider documentation confirms support",
        .binds = act::Binds::plain()},
       &R::allow_unverified},
      {{.name = "allow-outside-dates",
        .help = "wrap the key although its CKA_START_DATE is in the future or its CKA_END_DATE is "
                "in the past",
        .binds = act::Binds::plain()},
       &R::allow_outside_dates},
      {{.name = "require-origin",
        .value = "ORIGIN",
        .help = "refuse a key that was not generated in this token, as shown by the site's log "
                "(logged) or at least by the token itself (token)",
        .default_text = "what the site's policy requires, else nothing",
        .choices = {"logged", "token"},
        .binds = act::Binds::plain()},
       &R::require_origin},
  };
}

template <class R>
std::vector<act::Field<R>> concat(std::vector<act::Field<R>> first,
                                  const std::vector<act::Field<R>>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

template <class R>
std::vector<act::Field<R>> wrap_fields(const std::vector<act::Field<R>>& own) {
  return concat(concat(concat(target_fields<R>(), tenant_fields<R>()), own), safety_fields<R>());
}

}  // namespace keyrite::imports
