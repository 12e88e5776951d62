// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0

#include "audit/transcript_timestamp.h"

namespace keyrite::audit {

const std::vector<act::Field<RequestTimestampRequest>>& RequestTimestampRequest::table() {
  using R = RequestTimestampRequest;
  static const std::vector<act::Field<R>> fields{
      {transcript_folder_field(), &R::folder},
      {vkey_field(), &R::vkey},
      {{.name = "out",
        .value = "FILE",
        .help = "new query file to write, usually NAME.tsq",
        .need = act::Need::kRequired,
        .binds = act::Binds::output()},
       &R::out},
  };
  return fields;
}

const std::vector<act::Field<AttachTimestampRequest>>& AttachTimestampRequest::table() {
  using R = AttachTimestampRequest;
  static const std::vector<act::Field<R>> fields{
      {transcript_folder_field(), &R::folder},
      {vkey_field(), &R::vkey},
      {{.name = "reply",
        .value = "FILE",
        .help = "reply of the authority, usually NAME.tsr",
        .need = act::Need::kRequired,
        .binds = act::Binds::input()},
       &R::reply},
      {{.name = "ca",
        .value = "FILE",
        .help = "CA of the authority in PEM, from another source than the reply",
        .need = act::Need::kRequired,
        .binds = act::Binds::input()},
       &R::ca},
      {{.name = "chain",
        .value = "FILE",
        .help = "intermediate certificates in PEM, between the authority and the CA",
        .binds = act::Binds::input()},
       &R::chain},
  };
  return fields;
}

}  // namespace keyrite::audit
