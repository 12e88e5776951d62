// The fields of keyrite destination.
#include "act/option_words.h"
#include "inventory/destinations.h"

namespace keyrite::inventory {

namespace {

using act::Binds;

template <class R>
act::Field<R> whose_field(act::Need need) {
  return {{.name = "tenant",
           .value = "NAME",
           .help = "whose key it is",
           .need = need,
           .binds = Binds::name()},
          &R::tenant};
}
template <class R>
act::Field<R> key_field(act::Need need) {
  return {{.name = "key",
           .value = "NAME",
           .help = "the key of the tenant",
           .need = need,
           .binds = Binds::name()},
          &R::key};
}
template <class R>
act::Field<R> provider_field(std::string_view help) {
  return {{.name = "provider",
           .value = "CLOUD",
           .help = help,
           .choices = {"aws", "azure", "google"},
           .binds = Binds::plain()},
          &R::provider};
}
template <class R>
act::Field<R> region_field() {
  return {
      {.name = "region",
       .value = "REGION",
       .help = "the region as the cloud names it; where the identifier has it (an ARN, a Google "
               "location) it is taken from there, else it is what you declare",
       .binds = Binds::name()},
      &R::region};
}

template <class R>
std::vector<act::Field<R>> chosen_fields() {
  return {{{.name = "destination",
            .value = "DESTINATION",
            .help = "its name or identifier at the provider, or its id in the registry",
            .need = act::Need::kRequired,
            .shape = act::Shape::kPositional,
            .binds = Binds::name()},
           &R::destination},
          whose_field<R>(act::Need::kRequired),
          key_field<R>(act::Need::kRequired),
          provider_field<R>("at which provider, where the key has two of the same name")};
}

template <class R>
std::vector<act::Field<R>> aws_fields() {
  return {{{.name = "wrapping-algorithm",
            .value = "NAME",
            .help = "AWS: to be requested from get-parameters-for-import: RSAES_OAEP_SHA_256, "
                    "RSAES_OAEP_SHA_1, RSA_AES_KEY_WRAP_SHA_256 or RSA_AES_KEY_WRAP_SHA_1",
            .binds = Binds::word(act::aws::is_wrapping_algorithm_word)},
           &R::wrapping_algorithm},
          {{.name = "wrapping-key-spec",
            .value = "SPEC",
            .help = "AWS: RSA_2048, RSA_3072 or RSA_4096",
            .binds = Binds::word(act::aws::is_wrapping_key_spec_word)},
           &R::wrapping_key_spec},
          {{.name = "key-spec",
            .value = "SPEC",
            .help = "AWS: of the KMS key",
            .default_text = "by key type",
            .binds = Binds::word(act::aws::is_key_spec_word)},
           &R::key_spec},
          {{.name = "key-usage",
            .value = "USAGE",
            .help = "AWS: of the KMS key",
            .default_text = "as in the token, else by key spec",
            .binds = Binds::word(act::aws::is_key_usage_word)},
           &R::key_usage},
          {{.name = "expiration-model",
            .value = "MODEL",
            .help = "AWS: whether the key material expires; KEY_MATERIAL_EXPIRES with --valid-to",
            .default_text = "KEY_MATERIAL_DOES_NOT_EXPIRE",
            .choices = {"KEY_MATERIAL_DOES_NOT_EXPIRE", "KEY_MATERIAL_EXPIRES"},
            .binds = Binds::plain()},
           &R::expiration_model},
          {{.name = "valid-to",
            .value = "TIME",
            .help = "AWS: when the key material expires",
            .binds = Binds::word(act::is_time_word)},
           &R::valid_to},
          {{.name = "profile",
            .value = "NAME",
            .help = "AWS: for the aws command",
            .binds = Binds::name()},
           &R::profile},
          {{.name = "multi-region",
            .help = "AWS: its KMS keys are multi-Region primary keys",
            .binds = Binds::plain()},
           &R::multi_region},
          {{.name = "replica-of",
            .value = "REGION",
            .help = "AWS: its KMS keys are replicas of those that the key has at its multi-Region "
                    "destination in that Region; imported after them",
            .binds = Binds::name()},
           &R::replica_of}};
}

template <class R>
std::vector<act::Field<R>> azure_fields() {
  return {{{.name = "store",
            .value = "KIND",
            .help = "Azure: vault or managed-hsm",
            .default_text = "by the host",
            .choices = {"vault", "managed-hsm"},
            .binds = Binds::plain()},
           &R::store},
          {{.name = "ops",
            .value = "OPERATION",
            .help = "Azure: what the key may do",
            .default_text = "all that fit its type",
            .binds = Binds::word(act::azure::is_operation_word)},
           &R::ops},
          {{.name = "tags",
            .value = "NAME=VALUE",
            .help = "Azure: tags of the key",
            .binds = Binds::name()},
           &R::tags},
          {{.name = "expires",
            .value = "TIME",
            .help = "Azure: when the key expires in the vault",
            .binds = Binds::word(act::is_time_word)},
           &R::expires}};
}

template <class R>
std::vector<act::Field<R>> google_fields() {
  return {{{.name = "import-method",
            .value = "METHOD",
            .help = "Google: of the import jobs, such as rsa-oaep-4096-sha256-aes-256",
            .binds = Binds::word(act::google::is_import_method_word)},
           &R::import_method},
          {{.name = "protection-level",
            .value = "LEVEL",
            .help = "Google: software, hsm or hsm-single-tenant",
            .binds = Binds::word(act::google::is_protection_level_word)},
           &R::protection_level},
          {{.name = "algorithm",
            .value = "NAME",
            .help = "Google: of the key version",
            .default_text = "by key type",
            .binds = Binds::word(act::google::is_algorithm_word)},
           &R::algorithm},
          {{.name = "purpose",
            .value = "PURPOSE",
            .help = "Google: of the key",
            .default_text = "as in the token, else by algorithm",
            .binds = Binds::word(act::google::is_purpose_word)},
           &R::purpose},
          {{.name = "destroy-scheduled-duration",
            .value = "TIME",
            .help = "Google: delay before destruction, such as 24h",
            .binds = Binds::word(act::google::is_delay_word)},
           &R::destroy_scheduled_duration},
          {{.name = "keep-primary",
            .help = "Google: do not make an imported version the primary one",
            .binds = Binds::plain()},
           &R::keep_primary}};
}

template <class R>
std::vector<act::Field<R>> with_import_options(std::vector<act::Field<R>> fields) {
  for (const auto& more : {aws_fields<R>(), azure_fields<R>(), google_fields<R>()})
    fields.insert(fields.end(), more.begin(), more.end());
  fields.push_back({{.name = "allow-unverified",
                     .help = "continue although no provider documentation confirms support",
                     .binds = Binds::plain()},
                    &R::allow_unverified});
  return fields;
}

}  // namespace

const std::vector<act::Field<AddDestinationsRequest>>& AddDestinationsRequest::table() {
  using R = AddDestinationsRequest;
  static const std::vector<act::Field<R>> fields = with_import_options<R>(
      {{{.name = "name",
         .value = "NAME",
         .help = "AWS alias/NAME or an ARN, Azure the key's name or https://HOST/keys/NAME, Google "
                 "the key's name or its full resource name (projects/...)",
         .shape = act::Shape::kPositional,
         .binds = Binds::name()},
        &R::name},
       whose_field<R>(act::Need::kOptional),
       key_field<R>(act::Need::kOptional),
       provider_field<R>("aws, azure or google"),
       {{.name = "account",
         .value = "ID",
         .help = "AWS account, Azure subscription (not needed), Google project",
         .binds = Binds::name()},
        &R::account},
       {{.name = "container",
         .value = "NAME",
         .help = "Azure host of the vault or Managed HSM, Google key ring",
         .binds = Binds::name()},
        &R::container},
       region_field<R>(),
       {{.name = "from",
         .value = "FILE",
         .help = "many destinations at once: TOML with a table [[destination]] for each (FILE ends "
                 "in .toml), or JSON lines; the fields are tenant, key, provider, name, account, "
                 "container, region, and options with the options below by their names",
         .binds = Binds::input()},
        &R::from}});
  return fields;
}

const std::vector<act::Field<ChangeDestinationRequest>>& ChangeDestinationRequest::table() {
  using R = ChangeDestinationRequest;
  static const std::vector<act::Field<R>> fields = [] {
    auto own = chosen_fields<R>();
    own.push_back(region_field<R>());
    own.push_back({{.name = "without",
                    .value = "OPTION",
                    .help = "the name of an option that the destination is not to have any more, "
                            "such as tags",
                    .choices = {"wrapping-key-spec", "key-spec", "key-usage", "expiration-model",
                                "valid-to", "profile", "multi-region", "replica-of", "store", "ops",
                                "tags", "expires", "protection-level", "algorithm", "purpose",
                                "destroy-scheduled-duration", "keep-primary"},
                    .binds = Binds::plain()},
                   &R::without});
    return with_import_options<R>(std::move(own));
  }();
  return fields;
}

const std::vector<act::Field<RetireDestinationRequest>>& RetireDestinationRequest::table() {
  using R = RetireDestinationRequest;
  static const std::vector<act::Field<R>> fields = [] {
    auto own = chosen_fields<R>();
    own.push_back({{.name = "reason",
                    .value = "TEXT",
                    .help = "why: kept in the registry, where it can be erased; the log has the "
                            "SHA-256 of the decision",
                    .need = act::Need::kRequired,
                    .binds = Binds::name()},
                   &R::reason});
    own.push_back({{.name = "end",
                    .help = "end the retirement: the destination serves again",
                    .binds = Binds::plain()},
                   &R::end});
    return own;
  }();
  return fields;
}

const std::vector<act::Field<ListDestinationsRequest>>& ListDestinationsRequest::table() {
  using R = ListDestinationsRequest;
  static const std::vector<act::Field<R>> fields{whose_field<R>(act::Need::kRequired),
                                                 key_field<R>(act::Need::kOptional)};
  return fields;
}

const std::vector<act::Field<ShowDestinationRequest>>& ShowDestinationRequest::table() {
  static const std::vector<act::Field<ShowDestinationRequest>> fields =
      chosen_fields<ShowDestinationRequest>();
  return fields;
}

}  // namespace keyrite::inventory
