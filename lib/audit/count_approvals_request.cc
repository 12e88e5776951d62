// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/count_approvals.h"

namespace keyrite::audit {

namespace {

constexpr act::FieldInfo kCountedStatement{.name = "statement",
                                           .value = "STATEMENT",
                                           .help = "the approval statement, as keyrite wrote it",
                                           .need = act::Need::kRequired,
                                           .shape = act::Shape::kPositional,
                                           .binds = act::Binds::input()};

}  // namespace

const std::vector<act::Field<CountApprovalsRequest>>& CountApprovalsRequest::table() {
  using R = CountApprovalsRequest;
  static const std::vector<act::Field<R>> fields{
      {kCountedStatement, &R::statement},
      {{.name = "roster",
        .value = "FILE",
        .help = "roster of who may approve: the one that the statement names",
        .need = act::Need::kRequired,
        .binds = act::Binds::input()},
       &R::roster},
      {{.name = "approval",
        .value = "FILE",
        .help = "signature over the statement: SSH (.sshsig) or CMS (.p7s)",
        .binds = act::Binds::input()},
       &R::approval},
      {{.name = "initiator",
        .value = "IDENTITY",
        .help = "another person who asked for the act and so does not count, besides the one whom "
                "the statement names",
        .binds = act::Binds::plain()},
       &R::initiator},
      {{.name = "initiator-counts",
        .help = "also count the person who asked for the act, as the policy of some sites does",
        .binds = act::Binds::plain()},
       &R::initiator_counts},
  };
  return fields;
}

}  // namespace keyrite::audit
