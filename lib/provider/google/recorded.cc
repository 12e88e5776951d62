// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "provider/google/recorded.h"

#include <string_view>

#include <fmt/format.h>

#include "base/document.h"
#include "provider/google/parameters.h"
#include "provider/name_form.h"
#include "provider/recorded_clauses.h"
#include "provider/rules.h"

namespace keyrite::provider::google {

std::string parameters_contradiction(const RecordedImport& import) {
  const JsonView view = parameters_of(import);
  require_only(view, kRecordedKind,
               {"import_job", "import_method", "protection_level", "wrapping_key_bits",
                "wrapping_key_sha256", "expires", "attestation"});
  const std::string attestation = view.text("attestation");
  const auto is = [&](Attestation one) { return attestation_text(one) == attestation; };
  if (!is(Attestation::kNotSeen) && !is(Attestation::kNone) && !is(Attestation::kPresent)) {
    return fmt::format("the attestation is {}", in_quotes(attestation));
  }
  const std::string method = view.text("import_method");
  const ImportMethod& known = parse_import_method(method);
  return first_of(
      {bits_contradiction(import), require_same("the import method", known.name, method),
       require_same("the import method's bits", std::to_string(known.rsa_bits),
                    std::to_string(import.wrapping_key_bits)),
       require_same("the wrapping algorithm", known.algorithm.name(), import.algorithm.name())});
}

std::string names_contradiction(const RecordedImport& import) {
  const auto name = [&](std::string_view one) { return name_of(import, one).value_or(""); };
  const JsonView view = parameters_of(import);
  const std::string ring = fmt::format("projects/{}/locations/{}/keyRings/{}/", name("project"),
                                       name("location"), name("keyring"));
  const JobName job = parse_job_name(view.text("import_job"));
  const JobName wanted{name("project"), name("location"), name("keyring"), job.job};
  return first_of({only_names(import,
                              {"project", "location", "keyring", "key", "algorithm", "purpose",
                               "protection_level"},
                              {"version"}),
                   require_same("the cloud key", import.cloud_key,
                                fmt::format("{}cryptoKeys/{}", ring, name("key"))),
                   require_same("the import job", view.text("import_job"), wanted.text()),
                   require_same("the algorithm", import.cloud_algorithm, name("algorithm")),
                   require_same("the protection level", view.text("protection_level"),
                                name("protection_level")),
                   use_contradiction(import, "purpose")});
}

std::vector<std::string> unverified_names(const RecordedImport& import) {
  if (name_of(import, "protection_level").value_or("") == "software") return {};
  return {"google-job-attestation-not-judged"};
}

}  // namespace keyrite::provider::google
