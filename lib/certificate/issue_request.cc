// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "certificate/issue.h"

namespace keyrite::certificate {

const std::vector<act::Field<IssueRequest>>& IssueRequest::table() {
  using R = IssueRequest;
  static const std::vector<act::Field<R>> fields{
      {{.name = "tenant",
        .value = "NAME",
        .help = "whose keys were shredded; the id of a tenant that is forgotten",
        .need = act::Need::kRequired,
        .binds = act::Binds::name()},
       &R::tenant},
      {{.name = "key",
        .value = "NAME",
        .help = "this key alone",
        .default_text = "all keys of the tenant",
        .binds = act::Binds::name()},
       &R::key},
      {{.name = "key-version",
        .value = "N",
        .help = "this version of the key alone",
        .default_text = "all versions",
        .binds = act::Binds::plain()},
       &R::version},
      {{.name = "out",
        .value = "FOLDER",
        .help = "new folder for certificate.json and certificate.html",
        .need = act::Need::kRequired,
        .binds = act::Binds::output()},
       &R::out},
      {{.name = "declaration",
        .value = "FILE",
        .help = "a custodian's signed word about a medium, with its signature in FILE.sig or "
                "FILE.p7s; it is shown as declared",
        .binds = act::Binds::input()},
       &R::declaration},
      {{.name = "site-result",
        .value = "FILE",
        .help = "certificate.json as another site issued it that took the same statement, once for "
                "each: what is pending there is pending here",
        .binds = act::Binds::input()},
       &R::site_result},
      {{.name = "site-vkey",
        .value = "VKEY",
        .help = "the vkey that was noted when that site was made, or a file with one in each line",
        .binds = act::Binds::name()},
       &R::site_vkey},
  };
  return fields;
}

}  // namespace keyrite::certificate
