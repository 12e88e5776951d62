// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "act/resume.h"

namespace keyrite::act {

const std::vector<Field<ResumeRequest>>& ResumeRequest::table() {
  using R = ResumeRequest;
  static const std::vector<Field<R>> fields{
      {{.name = "accept-missing-last-signed",
        .help = "continue although the last signed checkpoint is lost; a person confirms the "
                "checkpoint in the site by typing its size and root",
        .binds = Binds::plain()},
       &R::accept_missing_last_signed},
      {{.name = "signed-size",
        .value = "N",
        .help = "number of entries that were signed last, where there is no terminal",
        .binds = Binds::plain()},
       &R::signed_size},
      {{.name = "signed-root",
        .value = "HEX",
        .help = "their root, as resume and transcript verify print it",
        .binds = Binds::plain()},
       &R::signed_root},
      {{.name = "sign-unsigned",
        .value = "N",
        .help = "sign the N entries of acts at the token for which the log's key does not vouch; a "
                "person has read them and says that they are true",
        .default_text = "asks at a terminal",
        .binds = Binds::plain()},
       &R::sign_unsigned},
      {{.name = "drop-unsigned",
        .value = "INDEX",
        .help = "cut off the refused entry and all after it; keyrite keeps them as evidence and "
                "logs their SHA-256",
        .binds = Binds::plain()},
       &R::drop_unsigned},
      {{.name = "confirm-clock",
        .value = "TIME",
        .help = "the present time, such as 2026-03-01T10:00:00Z, if an entry of the log is later "
                "than this machine's clock and wrong",
        .default_text = "asks at a terminal",
        .binds = Binds::plain()},
       &R::confirm_clock},
      {{.name = "reason",
        .value = "TEXT",
        .help = "reason for the decision; keyrite keeps it in texts/ of the site, where it can be "
                "erased, and logs its SHA-256",
        .binds = Binds::name()},
       &R::reason},
  };
  return fields;
}

}  // namespace keyrite::act
