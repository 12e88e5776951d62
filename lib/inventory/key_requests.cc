// The fields of keyrite key.
#include "act/option_words.h"
#include "inventory/keys.h"
#include "registry/model.h"
#include "registry/states.h"

namespace keyrite::inventory {

namespace {

using act::Binds;

template <class Enum>
std::vector<std::string_view> words_of() {
  const auto& words = registry::WordTable<Enum>::words;
  return {words.begin(), words.end()};
}

template <class R>
std::vector<act::Field<R>> policy_fields() {
  return {
      {{.name = "accept",
        .value = "BASIS",
        .help = "the weakest proof of an import that is enough",
        .default_text = "cryptographic",
        // An officer's acceptance ends one day, so no policy requires it (to_json of KeyPolicy).
        .choices = {"cryptographic", "attestation", "statement"},
        .binds = Binds::plain()},
       &R::accept},
      {{.name = "compromised",
        .value = "WORD",
        .help = "what services may still do with a compromised version: read what it wrapped, or "
                "nothing (stop)",
        .default_text = "stop",
        .choices = words_of<registry::WhenCompromised>(),
        .binds = Binds::plain()},
       &R::compromised},
      {{.name = "copies",
        .value = "N",
        .help = "how many proven copies a version needs before it is activated",
        .default_text = "1",
        .binds = Binds::plain()},
       &R::copies},
      {{.name = "period-days",
        .value = "DAYS",
        .help = "how long a version is active before its rotation is due",
        .default_text = "365",
        .binds = Binds::plain()},
       &R::period_days}};
}

template <class R>
std::vector<act::Field<R>> with_policy(std::vector<act::Field<R>> own) {
  const auto policy = policy_fields<R>();
  own.insert(own.end(), policy.begin(), policy.end());
  return own;
}

template <class R>
std::vector<act::Field<R>> key_fields() {
  return {{{.name = "name",
            .value = "NAME",
            .help = "the key, one of its tenant",
            .need = act::Need::kRequired,
            .shape = act::Shape::kPositional,
            .binds = Binds::name()},
           &R::name},
          {{.name = "tenant",
            .value = "NAME",
            .help = "whose key it is",
            .need = act::Need::kRequired,
            .binds = Binds::name()},
           &R::tenant}};
}

}  // namespace

const std::vector<act::Field<AddKeysRequest>>& AddKeysRequest::table() {
  using R = AddKeysRequest;
  static const std::vector<act::Field<R>> fields = with_policy<R>(
      {{{.name = "name",
         .value = "NAME",
         .help = "the key; its name stands in the registry alone",
         .shape = act::Shape::kPositional,
         .binds = Binds::name()},
        &R::name},
       {{.name = "tenant", .value = "NAME", .help = "whose key it is", .binds = Binds::name()},
        &R::tenant},
       {{.name = "type",
         .value = "TYPE",
         .help = "aes-256, rsa-3072, ec-p256, ... as generate-kek has them",
         .binds = Binds::word(act::is_key_type_word)},
        &R::type},
       {{.name = "usage",
         .value = "WORD",
         .help = "what the key is for; it does nothing else",
         .default_text = "wrap",
         .choices = words_of<registry::Usage>(),
         .binds = Binds::plain()},
        &R::usage},
       {{.name = "owner",
         .value = "WHO",
         .help = "who answers for the key",
         .default_text = "the tenant's owner",
         .binds = Binds::name()},
        &R::owner},
       {{.name = "from",
         .value = "FILE",
         .help = "many keys at once: TOML with a table [[key]] for each (FILE ends in .toml), or "
                 "JSON lines; the fields are tenant, name, type, usage, owner, accept, "
                 "compromised, copies and period_days",
         .binds = Binds::input()},
        &R::from}});
  return fields;
}

const std::vector<act::Field<ChangeKeyRequest>>& ChangeKeyRequest::table() {
  using R = ChangeKeyRequest;
  static const std::vector<act::Field<R>> fields = [] {
    auto own = key_fields<R>();
    own.push_back({{.name = "new-name",
                    .value = "NAME",
                    .help = "what the key is called from now on",
                    .binds = Binds::name()},
                   &R::new_name});
    own.push_back({{.name = "owner",
                    .value = "WHO",
                    .help = "who answers for the key",
                    .binds = Binds::name()},
                   &R::owner});
    return with_policy<R>(std::move(own));
  }();
  return fields;
}

const std::vector<act::Field<ShowKeyRequest>>& ShowKeyRequest::table() {
  static const std::vector<act::Field<ShowKeyRequest>> fields = key_fields<ShowKeyRequest>();
  return fields;
}

}  // namespace keyrite::inventory
