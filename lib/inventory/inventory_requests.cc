// The fields of keyrite inventory.
#include "inventory/access.h"
#include "inventory/alerts.h"
#include "inventory/backup.h"
#include "inventory/due.h"
#include "inventory/export.h"
#include "inventory/inventory.h"

namespace keyrite::inventory {

namespace {

template <class R>
act::Field<R> csv_field() {
  return {{.name = "csv",
           .help = "print a table for a spreadsheet (RFC 4180) on standard output",
           .binds = act::Binds::plain()},
          &R::csv};
}

template <class R>
act::Field<R> one_tenant_field() {
  return {{.name = "tenant",
           .value = "NAME",
           .help = "only the keys of this tenant",
           .default_text = "all",
           .binds = act::Binds::name()},
          &R::tenant};
}

}  // namespace

const std::vector<act::Field<ListKeysRequest>>& ListKeysRequest::table() {
  using R = ListKeysRequest;
  static const std::vector<act::Field<R>> fields{
      one_tenant_field<R>(),
      csv_field<R>(),
  };
  return fields;
}

const std::vector<act::Field<ListDueRequest>>& ListDueRequest::table() {
  using R = ListDueRequest;
  static const std::vector<act::Field<R>> fields{
      {{.name = "within",
        .value = "DAYS",
        .help = "what is due in so many days, and what is overdue",
        .default_text = "30",
        .binds = act::Binds::plain()},
       &R::within},
      csv_field<R>(),
  };
  return fields;
}

const std::vector<act::Field<ExportRequest>>& ExportRequest::table() {
  using R = ExportRequest;
  static const std::vector<act::Field<R>> fields{
      {{.name = "cbom",
        .help = "a cryptography bill of materials: CycloneDX 1.6, JSON",
        .binds = act::Binds::plain()},
       &R::cbom},
      {{.name = "csv",
        .help = "a table for a spreadsheet (RFC 4180), with a row for each version",
        .binds = act::Binds::plain()},
       &R::csv},
      one_tenant_field<R>(),
  };
  return fields;
}

const std::vector<act::Field<BackUpRequest>>& BackUpRequest::table() {
  using R = BackUpRequest;
  static const std::vector<act::Field<R>> fields{
      {{.name = "file",
        .value = "FILE",
        .help = "the new file; one that is there is never overwritten",
        .need = act::Need::kRequired,
        .shape = act::Shape::kPositional,
        .binds = act::Binds::output()},
       &R::file}};
  return fields;
}

const std::vector<act::Field<RestoreRequest>>& RestoreRequest::table() {
  using R = RestoreRequest;
  static const std::vector<act::Field<R>> fields{{{.name = "file",
                                                   .value = "FILE",
                                                   .help = "what keyrite inventory backup wrote",
                                                   .need = act::Need::kRequired,
                                                   .shape = act::Shape::kPositional,
                                                   .binds = act::Binds::input()},
                                                  &R::file}};
  return fields;
}

const std::vector<act::Field<AccessRequest>>& AccessRequest::table() {
  using R = AccessRequest;
  static const std::vector<act::Field<R>> fields{
      one_tenant_field<R>(),
      {{.name = "key",
        .value = "NAME",
        .help = "only this key of the tenant",
        .default_text = "all",
        .binds = act::Binds::name()},
       &R::key},
      {{.name = "sign-off",
        .help = "log an owner's word that the access to these keys is right",
        .binds = act::Binds::plain()},
       &R::sign_off},
      {{.name = "owner",
        .value = "WHO",
        .help = "who signs off: the owner of each of these keys",
        .binds = act::Binds::name()},
       &R::owner},
  };
  return fields;
}

const std::vector<act::Field<AlertsRequest>>& AlertsRequest::table() {
  static const std::vector<act::Field<AlertsRequest>> fields{};
  return fields;
}

const std::vector<act::Field<ShowHeldKeyRequest>>& ShowHeldKeyRequest::table() {
  using R = ShowHeldKeyRequest;
  static const std::vector<act::Field<R>> fields{
      {{.name = "name",
        .value = "NAME",
        .help = "the key",
        .need = act::Need::kRequired,
        .shape = act::Shape::kPositional,
        .binds = act::Binds::name()},
       &R::name},
      {{.name = "tenant",
        .value = "NAME",
        .help = "whose key it is",
        .need = act::Need::kRequired,
        .binds = act::Binds::name()},
       &R::tenant},
  };
  return fields;
}

}  // namespace keyrite::inventory
