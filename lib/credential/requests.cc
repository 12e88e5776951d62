#include "credential/requests.h"

#include "act/option_words.h"

namespace keyrite::credential {

namespace {

using act::Binds;
using act::Need;

template <class R>
std::vector<act::Field<R>> naming_fields() {
  return {{{.name = "tenant",
            .value = "NAME",
            .help = "whose credential it is",
            .need = Need::kRequired,
            .binds = Binds::name()},
           &R::tenant},
          {{.name = "service",
            .value = "NAME",
            .help = "what it opens",
            .need = Need::kRequired,
            .binds = Binds::name()},
           &R::service},
          {{.name = "environment",
            .value = "NAME",
            .help = "where: a service has one credential in each",
            .need = Need::kRequired,
            .binds = Binds::name()},
           &R::environment}};
}

// What is said of a secret, and where it comes from.
template <class R>
std::vector<act::Field<R>> secret_fields() {
  return {
      {{.name = "scope", .value = "TEXT", .help = "what it may do there", .binds = Binds::name()},
       &R::scope},
      {{.name = "owner", .value = "NAME", .help = "who answers for it", .binds = Binds::name()},
       &R::owner},
      {{.name = "expires",
        .value = "TIME",
        .help = "when the service stops taking it, such as 2027-03-01T00:00:00Z; then open "
                "refuses",
        .default_text = "never",
        .binds = Binds::word(act::is_time_word)},
       &R::expires},
      {{.name = "rotate-by",
        .value = "TIME",
        .help = "when a new secret is due",
        .default_text = "never",
        .binds = Binds::word(act::is_time_word)},
       &R::rotate_by},
      {{.name = "secret-fd",
        .value = "N",
        .help = "read the secret from this descriptor, to its end",
        .default_text = "standard input, which must not be a terminal",
        .binds = Binds::plain()},
       &R::secret_fd},
      {{.name = "secret-file",
        .value = "FILE",
        .help = "read the secret from a file that its owner alone can read",
        .binds = Binds::name()},
       &R::secret_file}};
}

template <class R>
std::vector<act::Field<R>> joined(std::vector<act::Field<R>> first,
                                  const std::vector<act::Field<R>>& more) {
  first.insert(first.end(), more.begin(), more.end());
  return first;
}

}  // namespace

const std::vector<act::Field<SealRequest>>& SealRequest::table() {
  using R = SealRequest;
  static const std::vector<act::Field<R>> fields = [] {
    auto own = naming_fields<R>();
    own.insert(own.begin() + 1, {{.name = "key",
                                  .value = "NAME",
                                  .help = "the tenant's key that it is sealed under",
                                  .need = Need::kRequired,
                                  .binds = Binds::name()},
                                 &R::key});
    return joined(std::move(own), secret_fields<R>());
  }();
  return fields;
}

const std::vector<act::Field<RotateRequest>>& RotateRequest::table() {
  using R = RotateRequest;
  static const std::vector<act::Field<R>> fields = joined(naming_fields<R>(), secret_fields<R>());
  return fields;
}

const std::vector<act::Field<OpenRequest>>& OpenRequest::table() {
  using R = OpenRequest;
  static const std::vector<act::Field<R>> fields =
      joined<R>(naming_fields<R>(),
                {{{.name = "reason",
                   .value = "TEXT",
                   .help = "why: kept in the site, where it can be erased; the log has its SHA-256",
                   .need = Need::kRequired,
                   .binds = Binds::name()},
                  &R::reason},
                 {{.name = "out",
                   .value = "FILE",
                   .help = "new file, mode 0600, for the secret",
                   .default_text = "standard output, which must be a pipe",
                   .binds = Binds::output()},
                  &R::out}});
  return fields;
}

const std::vector<act::Field<ChangeRequest>>& ChangeRequest::table() {
  using R = ChangeRequest;
  static const std::vector<act::Field<R>> fields =
      joined<R>(naming_fields<R>(), {{{.name = "owner",
                                       .value = "NAME",
                                       .help = "who answers for it from now on",
                                       .need = Need::kRequired,
                                       .binds = Binds::name()},
                                      &R::owner}});
  return fields;
}

const std::vector<act::Field<RevokeRequest>>& RevokeRequest::table() {
  using R = RevokeRequest;
  static const std::vector<act::Field<R>> fields =
      joined<R>(naming_fields<R>(),
                {{{.name = "reason",
                   .value = "TEXT",
                   .help = "why: kept in the site, where it can be erased; the log has its SHA-256",
                   .need = Need::kRequired,
                   .binds = Binds::name()},
                  &R::reason}});
  return fields;
}

const std::vector<act::Field<ShowCredentialRequest>>& ShowCredentialRequest::table() {
  static const std::vector<act::Field<ShowCredentialRequest>> fields =
      naming_fields<ShowCredentialRequest>();
  return fields;
}

const std::vector<act::Field<ListCredentialsRequest>>& ListCredentialsRequest::table() {
  using R = ListCredentialsRequest;
  static const std::vector<act::Field<R>> fields{
      {{.name = "tenant",
        .value = "NAME",
        .help = "whose credentials they are",
        .need = Need::kRequired,
        .binds = Binds::name()},
       &R::tenant},
      {{.name = "revoked", .help = "list those that were revoked too", .binds = Binds::plain()},
       &R::revoked}};
  return fields;
}

}  // namespace keyrite::credential
