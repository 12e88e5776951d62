// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0

#include "audit/audit_transcript.h"

namespace keyrite::audit {

const std::vector<act::Field<VerifyTranscriptRequest>>& VerifyTranscriptRequest::table() {
  using R = VerifyTranscriptRequest;
  static const std::vector<act::Field<R>> fields{
      {transcript_folder_field(), &R::folder},
      {vkey_field(), &R::vkey},
      {{.name = "from",
        .value = "FILE",
        .help = "an earlier checkpoint, kept by somebody else; the log must still contain "
                "everything that it signs",
        .binds = act::Binds::input()},
       &R::from},
      {{.name = "all-signed",
        .help = "refuse a log with entries that the checkpoint does not sign yet (exit code 7)",
        .binds = act::Binds::plain()},
       &R::all_signed},
  };
  return fields;
}

const std::vector<act::Field<ProveEntryRequest>>& ProveEntryRequest::table() {
  using R = ProveEntryRequest;
  static const std::vector<act::Field<R>> fields{
      {transcript_folder_field(), &R::folder},
      {{.name = "index",
        .value = "INDEX",
        .help = "number of the entry; the first is 0",
        .need = act::Need::kRequired,
        .shape = act::Shape::kPositional,
        .binds = act::Binds::plain()},
       &R::index},
      {vkey_field(), &R::vkey},
      {{.name = "out",
        .value = "FILE",
        .help = "new proof file to write, usually NAME.tlog-proof",
        .need = act::Need::kRequired,
        .binds = act::Binds::output()},
       &R::out},
  };
  return fields;
}

}  // namespace keyrite::audit
