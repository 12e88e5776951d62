// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// The words of an import job: its name, its method, its protection level.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/error.h"
#include "provider/google/parameters.h"
#include "provider/name_form.h"
#include "provider/rule_tables.h"

namespace keyrite::provider::google {

namespace {

constexpr std::size_t kMaxPart = 63;
constexpr std::size_t kMaxProject = 255;
constexpr std::array<std::string_view, 3> kLevels{"software", "hsm", "hsm-single-tenant"};

}  // namespace

JobName parse_job_name(const std::string& name) {
  constexpr std::array<std::string_view, 4> kLabels{"projects", "locations", "keyRings",
                                                    "importJobs"};
  std::array<std::string, 4> parts;
  std::string_view rest = name;
  for (std::size_t i = 0; i < kLabels.size(); ++i) {
    const std::string label = std::string(kLabels.at(i)) + "/";
    const bool labelled = rest.substr(0, label.size()) == label;
    rest.remove_prefix(labelled ? label.size() : 0);
    const auto slash = rest.find('/');
    parts.at(i) = rest.substr(0, slash);
    const bool last = i + 1 == kLabels.size();
    const bool form =
        i == 0 ? is_name(parts.at(i), kMaxProject, "-.:") : is_name(parts.at(i), kMaxPart, "-_");
    if (!labelled || !form || last != (slash == std::string_view::npos)) {
      throw Error(Kind::kConfig, "import-job-name",
                  fmt::format("{} is not the name of an import job", in_quotes(name)),
                  "it looks like projects/P/locations/L/keyRings/R/importJobs/J");
    }
    rest.remove_prefix(last ? rest.size() : slash + 1);
  }
  return {parts[0], parts[1], parts[2], parts[3]};
}

std::string option_spelling(std::string_view name) {
  std::string text = lower_case(name);
  std::replace(text.begin(), text.end(), '_', '-');
  return text;
}

std::string parse_protection_level(std::string_view level) {
  std::string text = option_spelling(level);
  if (std::find(kLevels.begin(), kLevels.end(), text) == kLevels.end()) {
    throw Error(Kind::kConfig, "protection-level-unknown",
                fmt::format("keys cannot be imported at the protection level {}", in_quotes(level)),
                "give software, hsm or hsm-single-tenant");
  }
  return text;
}

std::string_view attestation_text(Attestation attestation) {
  switch (attestation) {
    case Attestation::kNotSeen:
      return "not seen: read from PEM";
    case Attestation::kNone:
      return "none";
    case Attestation::kPresent:
      return "present, not judged";
  }
  throw Error(Kind::kInternal, "value-outside-table", "an attestation outside the table");
}

std::string JobName::text() const {
  return fmt::format("projects/{}/locations/{}/keyRings/{}/importJobs/{}", project, location,
                     keyring, job);
}

const std::vector<ImportMethod>& import_methods() {
  static const std::vector<ImportMethod> methods{
      {"rsa-oaep-3072-sha1-aes-256", 3072, {Scheme::kRsaAesKeyWrap, Hash::kSha1}},
      {"rsa-oaep-4096-sha1-aes-256", 4096, {Scheme::kRsaAesKeyWrap, Hash::kSha1}},
      {"rsa-oaep-3072-sha256-aes-256", 3072, {Scheme::kRsaAesKeyWrap, Hash::kSha256}},
      {"rsa-oaep-4096-sha256-aes-256", 4096, {Scheme::kRsaAesKeyWrap, Hash::kSha256}},
      {"rsa-oaep-3072-sha256", 3072, {Scheme::kRsaOaep, Hash::kSha256}},
      {"rsa-oaep-4096-sha256", 4096, {Scheme::kRsaOaep, Hash::kSha256}},
  };
  return methods;
}

const ImportMethod& parse_import_method(std::string_view name) {
  const std::string wanted = option_spelling(name);
  for (const ImportMethod& method : import_methods()) {
    if (method.name == wanted) return method;
  }
  if (wanted.substr(0, 4) == "hpke") {
    throw Error(Kind::kConfig, "import-method-refused",
                fmt::format("keyrite does not use the import method {}: its layout is unpublished, "
                            "and it accepts software keys only",
                            in_quotes(name)),
                "create an import job with rsa-oaep-4096-sha256-aes-256");
  }
  throw Error(Kind::kConfig, "import-method-unknown",
              fmt::format("Google has no import method {}", in_quotes(name)),
              "give for example rsa-oaep-4096-sha256-aes-256");
}

std::vector<WrappingChoice> make_wrapping_choices() {
  std::vector<WrappingChoice> choices;
  for (const ImportMethod& method : import_methods())
    choices.push_back({std::string(method.name), method.algorithm, {method.rsa_bits}});
  return choices;
}

}  // namespace keyrite::provider::google
