// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "certificate/check_certificate.h"

#include <utility>

namespace keyrite::certificate {

namespace {

std::vector<act::Field<CheckRequest>> fields_of_document() {
  return {
      {{.name = "file",
        .value = "FILE",
        .help = "the certificate: certificate.json",
        .need = act::Need::kRequired,
        .shape = act::Shape::kPositional,
        .binds = act::Binds::input()},
       &CheckRequest::file},
      {{.name = "vkey",
        .value = "VKEY",
        .help = "key that signs the log: the vkey that was noted when the site was made, or a file "
                "with one vkey in each line",
        .need = act::Need::kRequired,
        .binds = act::Binds::plain()},
       &CheckRequest::vkey},
      {{.name = "page",
        .value = "FILE",
        .help = "certificate.html, which must be the page of this certificate",
        .binds = act::Binds::input()},
       &CheckRequest::page},
      {{.name = "signature",
        .value = "FILE",
        .help = "SSH or CMS signature over the certificate by a person who did not perform the "
                "destruction",
        .binds = act::Binds::input()},
       &CheckRequest::signature},
      {{.name = "roster",
        .value = "FILE",
        .help = "who that person may be: the roster of the site, from a place that you trust",
        .binds = act::Binds::input()},
       &CheckRequest::roster},
      {{.name = "transcript",
        .value = "FOLDER",
        .help = "the whole log, of a site or an export: whether the certificate leaves out entries "
                "about these keys",
        .binds = act::Binds::name()},
       &CheckRequest::transcript}};
}

std::vector<act::Field<CheckRequest>> fields_of_timestamp() {
  return {
      {{.name = "timestamp",
        .value = "FILE",
        .help = "reply of a timestamp authority about the certificate, or about the checkpoint in "
                "it",
        .binds = act::Binds::input()},
       &CheckRequest::timestamp},
      {{.name = "timestamp-query",
        .value = "FILE",
        .help = "the query that it answers",
        .default_text = "certificate.tsq beside the certificate",
        .binds = act::Binds::input()},
       &CheckRequest::timestamp_query},
      {{.name = "timestamp-ca",
        .value = "FILE",
        .help = "PEM certificate of the authority's CA, from a place that you trust",
        .binds = act::Binds::input()},
       &CheckRequest::timestamp_ca},
      {{.name = "timestamp-chain",
        .value = "FILE",
        .help = "PEM certificates between, where the reply does not have them",
        .binds = act::Binds::input()},
       &CheckRequest::timestamp_chain}};
}

}  // namespace

const std::vector<act::Field<CheckRequest>>& CheckRequest::table() {
  static const std::vector<act::Field<CheckRequest>> fields = [] {
    auto all = fields_of_document();
    for (auto& field : fields_of_timestamp()) all.push_back(std::move(field));
    return all;
  }();
  return fields;
}

}  // namespace keyrite::certificate
