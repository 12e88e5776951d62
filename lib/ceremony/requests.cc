// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/requests.h"

#include "act/option_words.h"
#include "audit/transcript_source.h"

namespace keyrite::ceremony {

namespace {

using act::Binds;
using act::FieldInfo;
using act::Need;
using act::Shape;

constexpr std::string_view kNotOver = "the only one that is not over";

const FieldInfo& file_field() {
  static const FieldInfo field{.name = "file",
                               .value = "FILE",
                               .help = "the ceremony, in TOML (docs/formats/ceremony.md)",
                               .need = Need::kRequired,
                               .shape = Shape::kPositional,
                               .binds = Binds::input()};
  return field;
}

const FieldInfo& bind_field() {
  static const FieldInfo field{.name = "bind",
                               .value = "NAME=VALUE",
                               .help = "the value of an input of the ceremony",
                               .binds = Binds::name()};
  return field;
}

FieldInfo id_field(Shape shape, std::string_view otherwise) {
  return {.name = "id",
          .value = "ID",
          .help = "of the ceremony",
          .default_text = otherwise,
          .shape = shape,
          .binds = Binds::word(act::is_id_word)};
}

FieldInfo out_field(std::string_view help) {
  return {.name = "out",
          .value = "FILE",
          .help = help,
          .need = Need::kRequired,
          .binds = Binds::output()};
}

const FieldInfo& paper_field() {
  static const FieldInfo field{.name = "paper",
                               .value = "SIZE",
                               .help = "the size of the paper",
                               .default_text = "a4",
                               .choices = {"a4", "letter"},
                               .binds = Binds::plain()};
  return field;
}

}  // namespace

const std::vector<act::Field<CheckFileRequest>>& CheckFileRequest::table() {
  using R = CheckFileRequest;
  static const std::vector<act::Field<R>> fields{{file_field(), &R::file}};
  return fields;
}

const std::vector<act::Field<BeginRequest>>& BeginRequest::table() {
  using R = BeginRequest;
  static const std::vector<act::Field<R>> fields{{file_field(), &R::file},
                                                 {bind_field(), &R::bind}};
  return fields;
}

const std::vector<act::Field<ResumeRequest>>& ResumeRequest::table() {
  using R = ResumeRequest;
  static const std::vector<act::Field<R>> fields{{id_field(Shape::kPositional, kNotOver), &R::id},
                                                 {bind_field(), &R::bind}};
  return fields;
}

const std::vector<act::Field<AbortRequest>>& AbortRequest::table() {
  using R = AbortRequest;
  static const std::vector<act::Field<R>> fields{{id_field(Shape::kPositional, kNotOver), &R::id},
                                                 {{.name = "reason",
                                                   .value = "TEXT",
                                                   .help = "why; kept beside the log",
                                                   .need = Need::kRequired,
                                                   .binds = Binds::name()},
                                                  &R::reason}};
  return fields;
}

const std::vector<act::Field<ListRequest>>& ListRequest::table() {
  static const std::vector<act::Field<ListRequest>> none;
  return none;
}

const std::vector<act::Field<PrintRequest>>& PrintRequest::table() {
  using R = PrintRequest;
  static const std::vector<act::Field<R>> fields{
      {file_field(), &R::file},
      {out_field("the new HTML file to print"), &R::out},
      {bind_field(), &R::bind},
      {paper_field(), &R::paper},
      {{.name = "rehearsal",
        .help = "mark each page as that of a rehearsal",
        .binds = Binds::plain()},
       &R::rehearsal},
      {{.name = "custodian",
        .value = "NAME",
        .help = "also print a custodian's form for this person",
        .binds = Binds::name()},
       &R::custodian}};
  return fields;
}

const std::vector<act::Field<ReportRequest>>& ReportRequest::table() {
  using R = ReportRequest;
  static const std::vector<act::Field<R>> fields{
      {id_field(Shape::kPositional, "the one that was begun last"), &R::id},
      {out_field("the new HTML file with the minutes"), &R::out},
      {paper_field(), &R::paper}};
  return fields;
}

const std::vector<act::Field<VerifyRequest>>& VerifyRequest::table() {
  using R = VerifyRequest;
  static const std::vector<act::Field<R>> fields{
      {file_field(), &R::file},
      {{.name = "transcript",
        .value = "FOLDER",
        .help = "the transcript, or the site that it is in",
        .need = Need::kRequired,
        .shape = Shape::kPositional,
        .binds = Binds::input()},
       &R::transcript},
      {audit::vkey_field(), &R::vkey},
      {id_field(Shape::kOption, "the only one that was begun with the file"), &R::id}};
  return fields;
}

}  // namespace keyrite::ceremony
