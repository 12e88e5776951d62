#include "dek/requests.h"

#include <array>
#include <charconv>

#include "act/option_words.h"
#include "base/lower_hex.h"

namespace keyrite::dek {

namespace {

bool is_ttl_word(std::string_view text) { return parse_ttl(text).has_value(); }
bool is_dek_id(std::string_view text) { return is_lower_hex(text, kDekIdBytes); }

template <class R>
act::Field<R> tenant_field() {
  return {{.name = "tenant",
           .value = "NAME",
           .help = "whose data keys they are",
           .need = act::Need::kRequired,
           .binds = act::Binds::name()},
          &R::tenant};
}

template <class R>
act::Field<R> key_field() {
  return {{.name = "key",
           .value = "NAME",
           .help = "the tenant's key that wraps them",
           .need = act::Need::kRequired,
           .binds = act::Binds::name()},
          &R::key};
}

template <class R>
act::Field<R> records_field() {
  return {{.name = "out",
           .value = "FILE",
           .help = "new file for the records, one line each",
           .need = act::Need::kRequired,
           .binds = act::Binds::output()},
          &R::out};
}

template <class R>
act::Field<R> ttl_field() {
  return {{.name = "ttl",
           .value = "TIME",
           .help = "time to live, such as 90d, 12h, 30min; after it unwrap refuses",
           .default_text = "for ever",
           .binds = act::Binds::word(is_ttl_word)},
          &R::ttl};
}

template <class R>
act::Field<R> holder_field() {
  return {{.name = "holder",
           .value = "NAME",
           .help = "the service that gets them",
           .binds = act::Binds::name()},
          &R::holder};
}

template <class R>
act::Field<R> kept_by_caller_field() {
  return {{.name = "kept-by-caller",
           .help = "the registry keeps id, version and SHA-256, and the wrapped bytes are in FILE "
                   "alone",
           .binds = act::Binds::plain()},
          &R::kept_by_caller};
}

template <class R>
act::Field<R> jobs_field() {
  return {{.name = "jobs",
           .value = "N",
           .help = "how many sessions of the token work at once",
           .default_text = "1",
           .binds = act::Binds::plain()},
          &R::jobs};
}

}  // namespace

std::optional<std::chrono::seconds> parse_ttl(std::string_view text) {
  struct Unit {
    std::string_view name{};
    std::int64_t seconds{};
  };
  constexpr std::array<Unit, 4> kUnits{{{"s", 1}, {"min", 60}, {"h", 3600}, {"d", 86400}}};
  constexpr std::int64_t kLongest = 36525LL * 86400;
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || number < 1 || number > kLongest) return std::nullopt;
  const std::string_view rest = text.substr(static_cast<std::size_t>(read.ptr - text.data()));
  for (const auto& unit : kUnits) {
    if (rest == unit.name && number <= kLongest / unit.seconds)
      return std::chrono::seconds(number * unit.seconds);
  }
  return std::nullopt;
}

const std::vector<act::Field<IssueRequest>>& IssueRequest::table() {
  using R = IssueRequest;
  static const std::vector<act::Field<R>> fields{
      tenant_field<R>(),
      key_field<R>(),
      records_field<R>(),
      {{.name = "count",
        .value = "N",
        .help = "how many",
        .default_text = "1",
        .binds = act::Binds::plain()},
       &R::count},
      {{.name = "bytes",
        .value = "N",
        .help = "length of each: 16, 24 or 32",
        .default_text = "32",
        .binds = act::Binds::plain()},
       &R::bytes},
      ttl_field<R>(),
      holder_field<R>(),
      kept_by_caller_field<R>(),
      jobs_field<R>(),
  };
  return fields;
}

const std::vector<act::Field<WrapDeksRequest>>& WrapDeksRequest::table() {
  using R = WrapDeksRequest;
  static const std::vector<act::Field<R>> fields{
      tenant_field<R>(),
      key_field<R>(),
      records_field<R>(),
      // No SHA-256 of a plaintext key is kept anywhere: its file is bound by its name.
      {{.name = "in",
        .value = "FILE",
        .help = "file with one data key",
        .default_text = "standard input",
        .binds = act::Binds::name()},
       &R::in},
      {{.name = "fd",
        .value = "N",
        .help = "descriptor to read one data key from",
        .binds = act::Binds::plain()},
       &R::fd},
      {{.name = "from",
        .value = "FILE",
        .help = "file with many, one line each, as dek unwrap writes them",
        .binds = act::Binds::name()},
       &R::from},
      {{.name = "encoding",
        .value = "FORM",
        .help = "of the one data key",
        .default_text = "binary",
        .choices = {"binary", "hex", "base64"},
        .binds = act::Binds::plain()},
       &R::encoding},
      ttl_field<R>(),
      holder_field<R>(),
      kept_by_caller_field<R>(),
      jobs_field<R>(),
  };
  return fields;
}

const std::vector<act::Field<ImportDeksRequest>>& ImportDeksRequest::table() {
  using R = ImportDeksRequest;
  static const std::vector<act::Field<R>> fields{
      tenant_field<R>(),
      key_field<R>(),
      records_field<R>(),
      {{.name = "in",
        .value = "FILE",
        .help = "file with one wrapped data key, as it is",
        .binds = act::Binds::input()},
       &R::in},
      {{.name = "wrap",
        .value = "WORD",
        .help = "how the one was wrapped",
        .choices = {"rsa-oaep-sha256", "rsa-oaep-sha1", "rsa-aes-key-wrap-sha256",
                    "rsa-aes-key-wrap-sha1"},
        .binds = act::Binds::plain()},
       &R::wrap},
      {{.name = "from",
        .value = "FILE",
        .help = "file with many, one line each, as dek unwrap --recipient writes them",
        .binds = act::Binds::input()},
       &R::from},
      ttl_field<R>(),
      holder_field<R>(),
      kept_by_caller_field<R>(),
      jobs_field<R>(),
  };
  return fields;
}

const std::vector<act::Field<WrappingKeyRequest>>& WrappingKeyRequest::table() {
  using R = WrappingKeyRequest;
  static const std::vector<act::Field<R>> fields{
      tenant_field<R>(),
      key_field<R>(),
      {{.name = "out",
        .value = "FILE",
        .help = "new file for the public half (PEM)",
        .need = act::Need::kRequired,
        .binds = act::Binds::output()},
       &R::out},
  };
  return fields;
}

const std::vector<act::Field<UnwrapRequest>>& UnwrapRequest::table() {
  using R = UnwrapRequest;
  static const std::vector<act::Field<R>> fields{
      tenant_field<R>(),
      {{.name = "reason",
        .value = "TEXT",
        .help = "why: kept in the site, where it can be erased; the log has its SHA-256",
        .need = act::Need::kRequired,
        .binds = act::Binds::name()},
       &R::reason},
      {{.name = "id",
        .value = "ID",
        .help = "a data key that the registry keeps; may be repeated",
        .binds = act::Binds::word(is_dek_id)},
       &R::id},
      {{.name = "from",
        .value = "FILE",
        .help = "records, one line each, as dek issue wrote them",
        .binds = act::Binds::input()},
       &R::from},
      {{.name = "out",
        .value = "FILE",
        .help = "new file, mode 0600, for the plaintext keys",
        .default_text = "standard output, which must be a pipe",
        .binds = act::Binds::output()},
       &R::out},
      {{.name = "recipient",
        .value = "FILE",
        .help = "give them out wrapped under this RSA public key (PEM or DER), by RSA-OAEP",
        .binds = act::Binds::input()},
       &R::recipient},
      jobs_field<R>(),
  };
  return fields;
}

const std::vector<act::Field<RewrapRequest>>& RewrapRequest::table() {
  using R = RewrapRequest;
  static const std::vector<act::Field<R>> fields{
      tenant_field<R>(),
      key_field<R>(),
      {{.name = "key-version",
        .value = "NUMBER",
        .help = "move those that are under this version",
        .default_text = "every version but the active one",
        .binds = act::Binds::plain()},
       &R::version},
      {{.name = "from",
        .value = "FILE",
        .help = "records that their callers keep, one line each",
        .default_text = "the records that the registry keeps",
        .binds = act::Binds::input()},
       &R::from},
      {{.name = "out",
        .value = "FILE",
        .help = "new file for the new records, with --from",
        .binds = act::Binds::output()},
       &R::out},
      jobs_field<R>(),
  };
  return fields;
}

const std::vector<act::Field<ShowDekRequest>>& ShowDekRequest::table() {
  using R = ShowDekRequest;
  static const std::vector<act::Field<R>> fields{
      {{.name = "id",
        .value = "ID",
        .help = "id of the data key",
        .need = act::Need::kRequired,
        .shape = act::Shape::kPositional,
        .binds = act::Binds::word(is_dek_id)},
       &R::id},
  };
  return fields;
}

const std::vector<act::Field<ListDeksRequest>>& ListDeksRequest::table() {
  using R = ListDeksRequest;
  static const std::vector<act::Field<R>> fields{
      tenant_field<R>(),
      key_field<R>(),
      {{.name = "key-version",
        .value = "NUMBER",
        .help = "under which version",
        .default_text = "the active one",
        .binds = act::Binds::plain()},
       &R::version},
      {{.name = "after",
        .value = "ID",
        .help = "begin behind this id",
        .binds = act::Binds::word(is_dek_id)},
       &R::after},
      {{.name = "limit",
        .value = "N",
        .help = "how many at most",
        .default_text = "1000",
        .binds = act::Binds::plain()},
       &R::limit},
  };
  return fields;
}

const std::vector<act::Field<PruneDeksRequest>>& PruneDeksRequest::table() {
  static const std::vector<act::Field<PruneDeksRequest>> fields{};
  return fields;
}

}  // namespace keyrite::dek
