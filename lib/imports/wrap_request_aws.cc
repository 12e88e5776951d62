// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "act/option_words.h"
#include "imports/internal/wrap_fields.h"
#include "imports/wrap_request.h"

namespace keyrite::imports {

namespace {

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
            .default_text = "that of the destination, with --tenant",
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

// Who says that the wrapping keys are those of AWS, where nobody compares them here.
std::vector<act::Field<AwsWrapRequest>> aws_vouching_fields() {
  using R = AwsWrapRequest;
  return {{{.name = "vouched",
            .value = "FILE",
            .help = "a vouching list: the ARNs and the wrapping keys as they were fetched, if the "
                    "site's policy accepts that; instead of --expect-wrapping-key",
            .binds = act::Binds::input()},
           &R::vouched},
          {{.name = "vouched-signature",
            .value = "FILE",
            .help = "a fetcher's signature over that list, by ssh-keygen; one or several",
            .binds = act::Binds::input()},
           &R::vouched_signature}};
}

}  // namespace

const std::vector<act::Field<AwsWrapRequest>>& AwsWrapRequest::table() {
  static const auto fields = wrap_fields<AwsWrapRequest>(
      concat(concat(concat(concat(tenant_key_fields<AwsWrapRequest>(), aws_parameter_fields()),
                           aws_import_fields()),
                    aws_verification_fields()),
             aws_vouching_fields()));
  return fields;
}

}  // namespace keyrite::imports
