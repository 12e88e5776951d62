// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "shredding/sites.h"

namespace keyrite::shredding {

const std::vector<act::Field<SitesRequest>>& SitesRequest::table() {
  using R = SitesRequest;
  static const std::vector<act::Field<R>> fields{
      {{.name = "site-list",
        .value = "FILE",
        .help = "freezes what is to go here, and writes the list of it into a new file: for the "
                "site that asks officers to approve it for several sites at once",
        .binds = act::Binds::output()},
       &R::site_list},
      {{.name = "other-site",
        .value = "FILE",
        .help = "the list of another site that takes the same statement; once for each",
        .binds = act::Binds::input()},
       &R::other_site},
      {{.name = "other-vkey",
        .value = "VKEY",
        .help = "the vkey that was noted when that site was made, or a file with one in each line",
        .binds = act::Binds::name()},
       &R::other_vkey},
      {{.name = "statement",
        .value = "FOLDER",
        .help = "the folder of the statement that was approved at another site, with its "
                "signatures: this site must be in it, with the list that it has now",
        .binds = act::Binds::name()},
       &R::statement},
  };
  return fields;
}

}  // namespace keyrite::shredding
