// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/show_statement.h"
#include "base/error.h"

namespace keyrite::audit {

namespace {

constexpr act::FieldInfo kStatement{.name = "statement",
                                    .value = "STATEMENT",
                                    .help = "the approval statement, as keyrite wrote it",
                                    .need = act::Need::kRequired,
                                    .shape = act::Shape::kPositional,
                                    .binds = act::Binds::input()};

}  // namespace

const std::vector<act::Field<ShowStatementRequest>>& ShowStatementRequest::table() {
  using R = ShowStatementRequest;
  static const std::vector<act::Field<R>> fields{
      {kStatement, &R::statement},
      {{.name = "roster",
        .value = "FILE",
        .help = "the roster, to see who approved it and who may do so still",
        .default_text = "that of the site in which the statement is",
        .binds = act::Binds::input()},
       &R::roster},
      {{.name = "without-request",
        .help = "show a statement without request.json: it does not tell what will be done, or "
                "where anything goes",
        .binds = act::Binds::plain()},
       &R::without_request},
      {{.name = "without-names",
        .help = "show a statement without names.json: it has pseudonyms in place of names, and "
                "does not tell whose key it is",
        .binds = act::Binds::plain()},
       &R::without_names},
  };
  return fields;
}

}  // namespace keyrite::audit
