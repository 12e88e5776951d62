// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "act/option_words.h"
#include "imports/internal/wrap_fields.h"
#include "imports/wrap_request.h"

namespace keyrite::imports {

namespace {

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
            .help = "name of the key in the ring; with --tenant the key of the tenant",
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
            .help = "re-import into this destroyed or failed version; with --tenant which version "
                    "of the tenant's key",
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

const std::vector<act::Field<GoogleWrapRequest>>& GoogleWrapRequest::table() {
  static const auto fields =
      wrap_fields<GoogleWrapRequest>(concat(google_parameter_fields(), google_import_fields()));
  return fields;
}

}  // namespace keyrite::imports
