// The fields of keyrite tenant.
#include "act/option_words.h"
#include "base/error.h"
#include "inventory/tenants.h"

namespace keyrite::inventory {

namespace {

template <class R>
act::Field<R> name_field() {
  return {{.name = "name",
           .value = "NAME",
           .help = "the tenant; its name stands in the registry alone",
           .need = act::Need::kRequired,
           .shape = act::Shape::kPositional,
           .binds = act::Binds::name()},
          &R::name};
}

template <class R>
act::Field<R> owner_field() {
  return {{.name = "owner",
           .value = "WHO",
           .help = "who answers for the tenant's keys",
           .binds = act::Binds::name()},
          &R::owner};
}

template <class R>
act::Field<R> contact_field() {
  return {{.name = "contact",
           .value = "TEXT",
           .help = "how the owner is reached",
           .binds = act::Binds::name()},
          &R::contact};
}

template <class R>
act::Field<R> jurisdiction_field() {
  return {{.name = "jurisdiction",
           .value = "REGION",
           .help = "a region where the tenant's keys may go, as the cloud names it; give it for "
                   "each region",
           .default_text = "any",
           .binds = act::Binds::name()},
          &R::jurisdiction};
}

template <class R>
act::Field<R> reason_field() {
  return {{.name = "reason",
           .value = "TEXT",
           .help = "why: kept in the site, where it can be erased; the log has its SHA-256",
           .need = act::Need::kRequired,
           .binds = act::Binds::name()},
          &R::reason};
}

}  // namespace

const std::vector<act::Field<AddTenantsRequest>>& AddTenantsRequest::table() {
  using R = AddTenantsRequest;
  static const std::vector<act::Field<R>> fields{
      {{.name = "name",
        .value = "NAME",
        .help = "the tenant; its name stands in the registry alone",
        .shape = act::Shape::kPositional,
        .binds = act::Binds::name()},
       &R::name},
      owner_field<R>(),
      contact_field<R>(),
      jurisdiction_field<R>(),
      {{.name = "from",
        .value = "FILE",
        .help = "many tenants at once: TOML with a table [[tenant]] for each (FILE ends in .toml), "
                "or JSON lines; the fields are name, owner, contact and jurisdictions",
        .binds = act::Binds::input()},
       &R::from},
  };
  return fields;
}

const std::vector<act::Field<ChangeTenantRequest>>& ChangeTenantRequest::table() {
  using R = ChangeTenantRequest;
  static const std::vector<act::Field<R>> fields{
      name_field<R>(),
      owner_field<R>(),
      contact_field<R>(),
      jurisdiction_field<R>(),
      {{.name = "any-jurisdiction",
        .help = "the tenant's keys may go into any region",
        .binds = act::Binds::plain()},
       &R::any_jurisdiction},
  };
  return fields;
}

const std::vector<act::Field<SuspendTenantRequest>>& SuspendTenantRequest::table() {
  using R = SuspendTenantRequest;
  static const std::vector<act::Field<R>> fields{
      name_field<R>(),
      reason_field<R>(),
      {{.name = "end",
        .help = "end the suspension: the tenant is active again",
        .binds = act::Binds::plain()},
       &R::end},
  };
  return fields;
}

const std::vector<act::Field<OffboardTenantRequest>>& OffboardTenantRequest::table() {
  using R = OffboardTenantRequest;
  static const std::vector<act::Field<R>> fields{
      name_field<R>(),
      reason_field<R>(),
      {{.name = "requested-at",
        .value = "TIME",
        .help = "when somebody asked for the erasure, as 2026-05-04T10:00:00Z: from then on the "
                "days of keyrite inventory offboard count",
        .binds = act::Binds::word(act::is_time_word)},
       &R::requested_at},
      {{.name = "end",
        .help = "the tenant stays: it is active again; revoked credentials stay revoked",
        .binds = act::Binds::plain()},
       &R::end},
  };
  return fields;
}

TimePoint request_time(const OffboardTenantRequest& request) {
  if (!request.requested_at) return {};
  const auto time = act::time_given(*request.requested_at, "--requested-at", act::DayMeans::kStart);
  if (!request.end) return time;
  throw Error(Kind::kUsage, "offboard-end-request",
              "--end says that the tenant stays, and --requested-at when it asked to be erased",
              "give one of the two");
}

const std::vector<act::Field<HoldTenantRequest>>& HoldTenantRequest::table() {
  using R = HoldTenantRequest;
  static const std::vector<act::Field<R>> fields{
      name_field<R>(),
      {{.name = "authority",
        .value = "WHO",
        .help = "who orders the hold: a court, a regulator, the legal department",
        .need = act::Need::kRequired,
        .binds = act::Binds::name()},
       &R::authority},
      reason_field<R>(),
  };
  return fields;
}

const std::vector<act::Field<ReleaseTenantRequest>>& ReleaseTenantRequest::table() {
  using R = ReleaseTenantRequest;
  static const std::vector<act::Field<R>> fields{name_field<R>(), reason_field<R>()};
  return fields;
}

const std::vector<act::Field<ListTenantsRequest>>& ListTenantsRequest::table() {
  static const std::vector<act::Field<ListTenantsRequest>> fields{};
  return fields;
}

const std::vector<act::Field<ShowTenantRequest>>& ShowTenantRequest::table() {
  using R = ShowTenantRequest;
  static const std::vector<act::Field<R>> fields{name_field<R>()};
  return fields;
}

}  // namespace keyrite::inventory
