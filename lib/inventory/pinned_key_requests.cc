// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// The fields of keyrite destination pin, unpin and pinned.
#include "act/option_words.h"
#include "inventory/pinned_keys.h"

namespace keyrite::inventory {

namespace {

template <class R>
std::vector<act::Field<R>> pinned_fields() {
  return {{{.name = "place",
            .value = "PLACE",
            .help = "the host of an Azure vault or Managed HSM, or a Google key ring "
                    "(projects/P/locations/L/keyRings/R)",
            .need = act::Need::kRequired,
            .shape = act::Shape::kPositional,
            .binds = act::Binds::name()},
           &R::place},
          {{.name = "wrapping-key-sha256",
            .value = "SHA256",
            .help = "the fingerprint of the wrapping key, compared over a second channel (SHA-256 "
                    "of the DER public key, in hex)",
            .need = act::Need::kRequired,
            .binds = act::Binds::word(act::is_fingerprint_word)},
           &R::sha256}};
}

template <class R>
act::Field<R> pinned_reason_field(std::string_view help) {
  return {{.name = "reason",
           .value = "TEXT",
           .help = help,
           .need = act::Need::kRequired,
           .binds = act::Binds::name()},
          &R::reason};
}

}  // namespace

const std::vector<act::Field<PinKeyRequest>>& PinKeyRequest::table() {
  using R = PinKeyRequest;
  static const auto fields = [] {
    auto all = pinned_fields<R>();
    all.push_back(
        {{.name = "until",
          .value = "TIME",
          .help = "when that ends, within 366 days: 2027-03-01T00:00:00Z, or 2027-03-01 for the "
                  "end of that day in UTC",
          .need = act::Need::kRequired,
          .binds = act::Binds::word(act::is_time_word)},
         &R::until});
    all.push_back(pinned_reason_field<R>("why, and how the fingerprint was compared"));
    return all;
  }();
  return fields;
}

const std::vector<act::Field<UnpinKeyRequest>>& UnpinKeyRequest::table() {
  using R = UnpinKeyRequest;
  static const auto fields = [] {
    auto all = pinned_fields<R>();
    all.push_back(pinned_reason_field<R>("why"));
    return all;
  }();
  return fields;
}

const std::vector<act::Field<ListPinnedRequest>>& ListPinnedRequest::table() {
  static const std::vector<act::Field<ListPinnedRequest>> none;
  return none;
}

}  // namespace keyrite::inventory
