// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0

#include "audit/show_transcript.h"

namespace keyrite::audit {

const std::vector<act::Field<ShowTranscriptRequest>>& ShowTranscriptRequest::table() {
  using R = ShowTranscriptRequest;
  static const std::vector<act::Field<R>> fields{
      {transcript_folder_field(), &R::folder},
      {vkey_field(), &R::vkey},
      {{.name = "act",
        .value = "ACT",
        .help = "only entries of this act: \"generate-kek\"",
        .binds = act::Binds::plain()},
       &R::act},
      {{.name = "key",
        .value = "HEX",
        .help = "only entries of this key: its pseudonym or CKA_ID",
        .binds = act::Binds::name()},
       &R::key},
      {{.name = "run",
        .value = "HEX",
        .help = "only entries of this run; its first 8 digits or more",
        .binds = act::Binds::plain()},
       &R::run},
      {{.name = "since",
        .value = "TIME",
        .help =
            "only entries from this time on: 2026-03-01T10:00:00Z, or 2026-03-01 for the start of "
            "that day in UTC",
        .binds = act::Binds::plain()},
       &R::since},
      {{.name = "until",
        .value = "TIME",
        .help = "only entries up to this time; a day means its end in UTC",
        .binds = act::Binds::plain()},
       &R::until},
      {{.name = "full",
        .help = "every field of each entry, as the log has it; default: one line an act",
        .binds = act::Binds::plain()},
       &R::full},
  };
  return fields;
}

}  // namespace keyrite::audit
