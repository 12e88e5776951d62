#include "imports/wrap_request.h"

#include <utility>

#include "act/option_words.h"

namespace keyrite::imports {

namespace {

template <class R>
std::vector<act::Field<R>> target_fields() {
  return {
      {{.name = "label",
        .value = "LABEL",
        .help = "the key in the token, by CKA_LABEL; exactly one must match",
        .binds = act::Binds::name()},
       &R::label},
      {{.name = "id",
        .value = "HEX",
        .help = "the key in the token, by CKA_ID",
        .binds = act::Binds::word(act::is_id_word)},
       &R::id},
      {{.name = "out",
        .value = "FOLDER",
        .help = "the bundle to make; the folder must not exist",
        .need = act::Need::kRequired,
        .binds = act::Binds::output()},
       &R::out},
  };
}

template <class R>
std::vector<act::Field<R>> safety_fields() {
  return {
      {{.name = "expect-wrapping-key",
        .value = "SHA256",
        .help =
            "the fingerprint of the wrapping key, compared over a second channel (SHA-256 of the "
            "DER public key, in hex); without this option keyrite shows the fingerprint and asks",
        .default_text = "ask at the terminal",
        .binds = act::Binds::word(act::is_fingerprint_word)},
       &R::expect_wrapping_key},
      {{.name = "method",
        .value = "METHOD",
        .help = "use this wrap method only",
        .default_text = "the first that passes its self-test; host-ephemeral only when allowed",
        .choices = {"native", "composed", "direct", "host-ephemeral"},
        .binds = act::Binds::plain()},
       &R::method},
      {{.name = "allow-host-ephemeral",
        .help = "accept a transport key in host memory if the token has no other way",
        .binds = act::Binds::plain()},
       &R::allow_host_ephemeral},
      {{.name = "accept-padded-pkcs8",
        .help = "accept a token that appends zero bytes to the PKCS#8 of private keys",
        .binds = act::Binds::plain()},
       &R::accept_padded_pkcs8},
      {{.name = "trust-wrapping-key",
        .help = "log in as security officer first and put the wrapping key into the token with "
                "CKA_TRUSTED, for a key that has CKA_WRAP_WITH_TRUSTED",
        .binds = act::Binds::plain()},
       &R::trust_wrapping_key},
      {{.name = "allow-unverified",
        .help = "continue although no provider documentation confirms support",
        .binds = act::Binds::plain()},
       &R::allow_unverified},
      {{.name = "allow-outside-dates",
        .help = "wrap the key although its CKA_START_DATE is in the future or its CKA_END_DATE is "
                "in the past",
        .binds = act::Binds::plain()},
       &R::allow_outside_dates},
      {{.name = "require-origin",
        .value = "ORIGIN",
        .help = "refuse a key that was not generated in this token, as shown by the site's log "
                "(logged) or at least by the token itself (token)",
        .default_text = "what the site's policy requires, else nothing",
        .choices = {"logged", "token"},
        .binds = act::Binds::plain()},
       &R::require_origin},
  };
}

template <class R>
std::vector<act::Field<R>> concat(std::vector<act::Field<R>> first,
                                  const std::vector<act::Field<R>>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

template <class R>
std::vector<act::Field<R>> joined(const std::vector<act::Field<R>>& own) {
  return concat(concat(target_fields<R>(), own), safety_fields<R>());
}

// Of the parameters that AWS handed out.
std::vector<act::Field<AwsWrapRequest>> aws_parameter_fields() {
  using R = AwsWrapRequest;
  return {{{.name = "parameters",
            .value = "FILE",
            .help = "what aws kms get-parameters-for-import printed (JSON)",
            .binds = act::Binds::input()},
           &R::parameters},
          {{.name = "wrapping-key",
            .value = "FILE",
            .help = "the wrapping key alone, binary DER",
            .binds = act::Binds::input()},
           &R::wrapping_key},
          {{.name = "import-token",
            .value = "FILE",
            .help = "the import token alone, binary",
            .binds = act::Binds::input()},
           &R::import_token},
          {{.name = "wrapping-algorithm",
            .value = "NAME",
            .help = "as requested from get-parameters-for-import, whose answer does not repeat it: "
                    "RSAES_OAEP_SHA_256, RSAES_OAEP_SHA_1, RSA_AES_KEY_WRAP_SHA_256 or "
                    "RSA_AES_KEY_WRAP_SHA_1",
            .need = act::Need::kRequired,
            .binds = act::Binds::word(act::aws::is_wrapping_algorithm_word)},
           &R::wrapping_algorithm},
          {{.name = "wrapping-key-spec",
            .value = "SPEC",
            .help = "RSA_2048, RSA_3072 or RSA_4096: compared with the key",
            .binds = act::Binds::word(act::aws::is_wrapping_key_spec_word)},
           &R::wrapping_key_spec},
          {{.name = "key-id",
            .value = "ARN",
            .help = "the KMS key: compared with the parameters",
            .binds = act::Binds::name()},
           &R::key_id},
          {{.name = "parameters-valid-to",
            .value = "TIME",
            .help = "ParametersValidTo; needed with binary files",
            .binds = act::Binds::word(act::is_time_word)},
           &R::parameters_valid_to}};
}

// Of the import that is to follow.
std::vector<act::Field<AwsWrapRequest>> aws_import_fields() {
  using R = AwsWrapRequest;
  return {{{.name = "key-spec",
            .value = "SPEC",
            .help = "of the KMS key",
            .default_text = "by key type",
            .binds = act::Binds::word(act::aws::is_key_spec_word)},
           &R::key_spec},
          {{.name = "key-usage",
            .value = "USAGE",
            .help = "of the KMS key",
            .default_text = "as in the token, else by key spec",
            .binds = act::Binds::word(act::aws::is_key_usage_word)},
           &R::key_usage},
          {{.name = "expiration-model",
            .value = "MODEL",
            .help = "whether the key material expires in KMS; KEY_MATERIAL_EXPIRES with --valid-to",
            .default_text = "KEY_MATERIAL_DOES_NOT_EXPIRE",
            .choices = {"KEY_MATERIAL_DOES_NOT_EXPIRE", "KEY_MATERIAL_EXPIRES"},
            .binds = act::Binds::plain()},
           &R::expiration_model},
          {{.name = "valid-to",
            .value = "TIME",
            .help = "when the key material expires in KMS",
            .binds = act::Binds::word(act::is_time_word)},
           &R::valid_to},
          {{.name = "import-type",
            .value = "TYPE",
            .help = "of the import (symmetric only)",
            .choices = {"NEW_KEY_MATERIAL", "EXISTING_KEY_MATERIAL"},
            .binds = act::Binds::plain()},
           &R::import_type},
          {{.name = "key-material-id",
            .value = "HEX64",
            .help = "of existing key material (symmetric only)",
            .binds = act::Binds::name()},
           &R::key_material_id},
          {{.name = "key-material-description",
            .value = "TEXT",
            .help = "of the key material (symmetric only)",
            .binds = act::Binds::name()},
           &R::key_material_description},
          {{.name = "region",
            .value = "REGION",
            .help = "for the aws command",
            .default_text = "that of the ARN",
            .binds = act::Binds::name()},
           &R::region},
          {{.name = "profile",
            .value = "NAME",
            .help = "for the aws command",
            .binds = act::Binds::name()},
           &R::profile}};
}

// Of the verification bundle.
std::vector<act::Field<AwsWrapRequest>> aws_verification_fields() {
  using R = AwsWrapRequest;
  return {
      {{.name = "verification-parameters",
        .value = "FILE",
        .help =
            "a second output of get-parameters-for-import, for the verification bundle: the same "
            "key wrapped a second time, which KMS accepts only if it equals the imported key",
        .binds = act::Binds::input()},
       &R::verification_parameters},
      {{.name = "verification-out",
        .value = "FOLDER",
        .help = "the verification bundle to make",
        .binds = act::Binds::output()},
       &R::verification_out},
      {{.name = "expect-verification-key",
        .value = "SHA256",
        .help = "the fingerprint of the verification parameters' wrapping key, as "
                "--expect-wrapping-key",
        .binds = act::Binds::word(act::is_fingerprint_word)},
       &R::expect_verification_key}};
}

// Of the import job.
std::vector<act::Field<GoogleWrapRequest>> google_parameter_fields() {
  using R = GoogleWrapRequest;
  return {{{.name = "parameters",
            .value = "FILE",
            .help = "what gcloud kms import-jobs describe printed (JSON)",
            .binds = act::Binds::input()},
           &R::parameters},
          {{.name = "wrapping-key",
            .value = "FILE",
            .help = "the import job's public key alone, PEM",
            .binds = act::Binds::input()},
           &R::wrapping_key},
          {{.name = "import-method",
            .value = "METHOD",
            .help = "method of the import job; needed with a PEM",
            .binds = act::Binds::word(act::google::is_import_method_word)},
           &R::import_method},
          {{.name = "import-job",
            .value = "JOB",
            .help = "name of the import job; needed with a PEM",
            .binds = act::Binds::name()},
           &R::import_job},
          {{.name = "parameters-valid-to",
            .value = "TIME",
            .help = "expireTime of the import job; needed with a PEM",
            .binds = act::Binds::word(act::is_time_word)},
           &R::parameters_valid_to},
          {{.name = "project",
            .value = "PROJECT",
            .help = "of the import job; needed with a PEM",
            .binds = act::Binds::name()},
           &R::project},
          {{.name = "location",
            .value = "LOCATION",
            .help = "of the import job; needed with a PEM",
            .binds = act::Binds::name()},
           &R::location},
          {{.name = "keyring",
            .value = "RING",
            .help = "of the import job; needed with a PEM",
            .binds = act::Binds::name()},
           &R::keyring},
          {{.name = "protection-level",
            .value = "LEVEL",
            .help = "software, hsm or hsm-single-tenant; needed with a PEM",
            .binds = act::Binds::word(act::google::is_protection_level_word)},
           &R::protection_level}};
}

// Of the key version that is to be made.
std::vector<act::Field<GoogleWrapRequest>> google_import_fields() {
  using R = GoogleWrapRequest;
  return {{{.name = "key",
            .value = "KEY",
            .help = "name of the key in the ring",
            .default_text = "the label",
            .binds = act::Binds::name()},
           &R::key},
          {{.name = "algorithm",
            .value = "NAME",
            .help = "of the key version",
            .default_text = "by key type",
            .binds = act::Binds::word(act::google::is_algorithm_word)},
           &R::algorithm},
          {{.name = "purpose",
            .value = "PURPOSE",
            .help = "of the key",
            .default_text = "as in the token, else by algorithm",
            .binds = act::Binds::word(act::google::is_purpose_word)},
           &R::purpose},
          {{.name = "key-version",
            .value = "N",
            .help = "re-import into this destroyed or failed version",
            .binds = act::Binds::word(act::is_number_word)},
           &R::version},
          {{.name = "destroy-scheduled-duration",
            .value = "TIME",
            .help = "delay before destruction, such as 24h, of a key that import.sh creates",
            .binds = act::Binds::word(act::google::is_delay_word)},
           &R::destroy_scheduled_duration},
          {{.name = "keep-primary",
            .help = "do not make the imported version the primary one",
            .binds = act::Binds::plain()},
           &R::keep_primary}};
}

}  // namespace

const std::vector<act::Field<AwsWrapRequest>>& AwsWrapRequest::table() {
  static const auto fields = joined<AwsWrapRequest>(
      concat(concat(aws_parameter_fields(), aws_import_fields()), aws_verification_fields()));
  return fields;
}

const std::vector<act::Field<AzureWrapRequest>>& AzureWrapRequest::table() {
  using R = AzureWrapRequest;
  static const auto fields = joined<R>({
      {{.name = "parameters",
        .value = "FILE",
        .help = "what az keyvault key create or show printed of the key-exchange key (JSON)",
        .binds = act::Binds::input()},
       &R::parameters},
      {{.name = "wrapping-key",
        .value = "FILE",
        .help = "the key-exchange key as az keyvault key download wrote it",
        .binds = act::Binds::input()},
       &R::wrapping_key},
      {{.name = "kid",
        .value = "URL",
        .help = "identifier of the key-exchange key, with version; needed with a PEM",
        .binds = act::Binds::name()},
       &R::kid},
      {{.name = "name",
        .value = "NAME",
        .help = "of the key in the vault",
        .default_text = "the label",
        .binds = act::Binds::name()},
       &R::name},
      {{.name = "store",
        .value = "KIND",
        .help = "vault or managed-hsm",
        .default_text = "by the host of the kid",
        .choices = {"vault", "managed-hsm"},
        .binds = act::Binds::plain()},
       &R::store},
      {{.name = "ops",
        .value = "OPERATION",
        .help = "what the key may do",
        .default_text = "all that fit its type",
        .binds = act::Binds::word(act::azure::is_operation_word)},
       &R::ops},
      {{.name = "tags",
        .value = "NAME=VALUE",
        .help = "tags of the key",
        .binds = act::Binds::name()},
       &R::tags},
      {{.name = "expires",
        .value = "TIME",
        .help = "when the key expires in the vault",
        .binds = act::Binds::word(act::is_time_word)},
       &R::expires},
  });
  return fields;
}

const std::vector<act::Field<GoogleWrapRequest>>& GoogleWrapRequest::table() {
  static const auto fields =
      joined<GoogleWrapRequest>(concat(google_parameter_fields(), google_import_fields()));
  return fields;
}

}  // namespace keyrite::imports
