// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "act/token_request.h"

namespace keyrite::act {

const std::vector<Field<SoPinRequest>>& SoPinRequest::table() {
  using R = SoPinRequest;
  static const std::vector<Field<R>> table{
      {{.name = "so-pin-fd",
        .value = "N",
        .help = "read the security officer's PIN from open descriptor N",
        .binds = Binds::plain()},
       &R::so_pin_fd},
      {{.name = "so-pin-file",
        .value = "FILE",
        .help = "read the security officer's PIN from such a file",
        .default_text = "the systemd credential keyrite-so-pin, else as for the PIN",
        .binds = Binds::name()},
       &R::so_pin_file},
  };
  return table;
}

}  // namespace keyrite::act
