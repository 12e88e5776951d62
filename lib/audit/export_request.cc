// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0

#include "audit/export_transcript.h"
#include "base/error.h"

namespace keyrite::audit {

const std::vector<act::Field<ExportRequest>>& ExportRequest::table() {
  using R = ExportRequest;
  static const std::vector<act::Field<R>> fields{
      {transcript_folder_field(), &R::folder},
      {vkey_field(), &R::vkey},
      {{.name = "out",
        .value = "DIR",
        .help = "new folder to write",
        .need = act::Need::kRequired,
        .binds = act::Binds::output()},
       &R::out},
      {{.name = "names",
        .value = "yes|no",
        .help = "also export what names keys, folders and cloud keys",
        .default_text = "no",
        .choices = {"yes", "no"},
        .binds = act::Binds::plain()},
       &R::names},
  };
  return fields;
}

}  // namespace keyrite::audit
