// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/transcript_witness.h"

namespace keyrite::audit {

const std::vector<act::Field<RequestWitnessRequest>>& RequestWitnessRequest::table() {
  using R = RequestWitnessRequest;
  static const std::vector<act::Field<R>> fields{
      {transcript_folder_field(), &R::folder},
      {vkey_field(), &R::vkey},
      {{.name = "old",
        .value = "SIZE",
        .help = "number of entries that the witness signed last, or 0",
        .need = act::Need::kRequired,
        .binds = act::Binds::plain()},
       &R::old},
      {{.name = "out",
        .value = "FILE",
        .help = "new file to write: the body of add-checkpoint",
        .need = act::Need::kRequired,
        .binds = act::Binds::output()},
       &R::out},
  };
  return fields;
}

const std::vector<act::Field<AttachWitnessRequest>>& AttachWitnessRequest::table() {
  using R = AttachWitnessRequest;
  static const std::vector<act::Field<R>> fields{
      {transcript_folder_field(), &R::folder},
      {{.name = "reply",
        .value = "FILE",
        .help = "signature lines that the witness sent",
        .need = act::Need::kRequired,
        .binds = act::Binds::input()},
       &R::reply},
      {{.name = "vkey",
        .value = "VKEY",
        .help = "vkey of the witness; also of the log, to use another than the site names",
        .need = act::Need::kRequired,
        .binds = act::Binds::plain()},
       &R::vkey},
  };
  return fields;
}

}  // namespace keyrite::audit
