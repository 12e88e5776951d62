#include "provider/recorded_import.h"

#include <algorithm>
#include <chrono>
#include <functional>

#include <fmt/format.h>

#include "base/document.h"
#include "base/error.h"
#include "provider/aws/destination.h"
#include "provider/aws/parameters.h"
#include "provider/azure/parameters.h"
#include "provider/google/parameters.h"
#include "provider/name_form.h"
#include "provider/parameters.h"
#include "provider/rules.h"

namespace keyrite::provider {
namespace {

constexpr std::string_view kMember = "import_parameters";
// What it refuses becomes a clause: its codes reach nobody.
constexpr DocumentKind kRecordedKind{kMember, 1, "import-parameters"};
constexpr std::string_view kMaterialExpires = "KEY_MATERIAL_EXPIRES";

using NameList = std::vector<std::string_view>;

// What a parser refuses contradicts too.
std::string clause_of(const std::function<std::string()>& find) {
  try {
    return find();
  } catch (const Error& error) {
    return error.message();
  }
}

std::string two_texts(std::string_view what, std::string_view one, std::string_view other) {
  return fmt::format("{}: {} in one place, {} in another", what, in_quotes(one), in_quotes(other));
}

std::string require_same(std::string_view what, std::string_view one, std::string_view other) {
  return one == other ? std::string() : two_texts(what, one, other);
}

// The first of them that says something.
std::string first_of(std::initializer_list<std::string> clauses) {
  for (const std::string& clause : clauses) {
    if (!clause.empty()) return clause;
  }
  return {};
}

std::optional<std::string> name_of(const RecordedImport& import, std::string_view name) {
  const auto it = std::find_if(import.names.begin(), import.names.end(),
                               [&](const auto& one) { return one.first == name; });
  return it == import.names.end() ? std::nullopt : std::optional(it->second);
}

std::string only_names(const RecordedImport& import, const NameList& must, const NameList& may) {
  for (const std::string_view name : must) {
    if (!name_of(import, name)) return fmt::format("the cloud's names lack \"{}\"", name);
  }
  for (const auto& one : import.names) {
    const bool known = std::find(must.begin(), must.end(), one.first) != must.end() ||
                       std::find(may.begin(), may.end(), one.first) != may.end();
    if (!known) return fmt::format("the cloud's names have {}", in_quotes(one.first));
  }
  return {};
}

JsonView parameters_of(const RecordedImport& import) {
  return {import.import_parameters, std::string(kMember)};
}

std::string bits_contradiction(const RecordedImport& import) {
  return require_same("the wrapping key's bits",
                      std::to_string(parameters_of(import).at("wrapping_key_bits").integer()),
                      std::to_string(import.wrapping_key_bits));
}

std::string aws_parameters(const RecordedImport& import) {
  const JsonView view = parameters_of(import);
  require_only(view, kRecordedKind,
               {"key_id", "wrapping_algorithm", "wrapping_key_spec", "wrapping_key_sha256",
                "import_token_sha256", "valid_to"});
  static_cast<void>(sha256_text(view.at("import_token_sha256"), kRecordedKind));
  return first_of({require_same("the wrapping key's spec", view.text("wrapping_key_spec"),
                                fmt::format("RSA_{}", import.wrapping_key_bits)),
                   require_same("the wrapping algorithm", view.text("wrapping_algorithm"),
                                aws::wrapping_algorithm_name(import.algorithm))});
}

std::string azure_parameters(const RecordedImport& import) {
  const JsonView view = parameters_of(import);
  require_only(view, kRecordedKind,
               {"kid", "wrapping_key_bits", "wrapping_key_sha256", "operations_seen", "expires",
                "not_before"});
  const bool seen = view.at("operations_seen").boolean();
  if (!seen && (view.find("expires") || view.find("not_before"))) {
    return "the dates of the wrapping key are recorded, but its attributes were not seen";
  }
  const WrappingAlgorithm only{Scheme::kRsaAesKeyWrap, Hash::kSha1};  // the BYOK specification's
  return first_of({bits_contradiction(import),
                   require_same("the wrapping algorithm", only.name(), import.algorithm.name()),
                   require_same("the wrapping key's id", azure::parse_kid(view.text("kid")).text(),
                                view.text("kid"))});
}

std::string google_parameters(const RecordedImport& import) {
  const JsonView view = parameters_of(import);
  require_only(view, kRecordedKind,
               {"import_job", "import_method", "protection_level", "wrapping_key_bits",
                "wrapping_key_sha256", "expires", "attestation"});
  using google::Attestation;
  const std::string attestation = view.text("attestation");
  const auto is = [&](Attestation one) { return google::attestation_text(one) == attestation; };
  if (!is(Attestation::kNotSeen) && !is(Attestation::kNone) && !is(Attestation::kPresent)) {
    return fmt::format("the attestation is {}", in_quotes(attestation));
  }
  const std::string method = view.text("import_method");
  const google::ImportMethod& known = google::parse_import_method(method);
  return first_of(
      {bits_contradiction(import), require_same("the import method", known.name, method),
       require_same("the import method's bits", std::to_string(known.rsa_bits),
                    std::to_string(import.wrapping_key_bits)),
       require_same("the wrapping algorithm", known.algorithm.name(), import.algorithm.name())});
}

std::string aws_expiration(const RecordedImport& import) {
  const auto valid_to = name_of(import, "valid_to");
  const std::string model = name_of(import, "expiration_model").value_or("");
  if (model != kMaterialExpires && model != "KEY_MATERIAL_DOES_NOT_EXPIRE") {
    return fmt::format("the expiration model is {}", in_quotes(model));
  }
  if ((model == kMaterialExpires) != valid_to.has_value()) {
    return fmt::format("the expiration model is {}, but the expiry of the material is {}recorded",
                       model, valid_to ? "" : "not ");
  }
  return valid_to ? require_same("the expiry of the material",
                                 format_rfc3339(parse_rfc3339(*valid_to, "valid_to")), *valid_to)
                  : std::string();
}

// The use that the names have is one of the cloud's type.
std::string use_contradiction(const RecordedImport& import, std::string_view name) {
  const CloudType type = cloud_type(import.provider, import.key_type, import.cloud_algorithm);
  const std::string use = name_of(import, name).value_or("");
  return std::find(type.uses.begin(), type.uses.end(), use) != type.uses.end()
             ? std::string()
             : fmt::format("{} is {}, which {} does not allow", name, in_quotes(use),
                           type.algorithm);
}

std::string aws_names(const RecordedImport& import) {
  const std::string key_id = parameters_of(import).text("key_id");
  const auto region = aws::region_of(key_id);
  const auto named = name_of(import, "region");
  return first_of(
      {only_names(
           import, {"key", "key_spec", "key_usage", "expiration_model"},
           {"valid_to", "import_type", "key_material_id", "key_material_description", "region"}),
       require_same("the cloud key", import.cloud_key, key_id),
       require_same("the cloud key", import.cloud_key, name_of(import, "key").value_or("")),
       require_same("the key spec", import.cloud_algorithm,
                    name_of(import, "key_spec").value_or("")),
       use_contradiction(import, "key_usage"), aws_expiration(import),
       region ? require_same("the Region", *region, named.value_or("")) : std::string()});
}

std::string azure_operations(const RecordedImport& import) {
  const CloudType type = cloud_type(Provider::kAzure, import.key_type, std::nullopt);
  std::string rest = name_of(import, "ops").value_or("");
  while (!rest.empty()) {
    const auto space = rest.find(' ');
    const std::string one = rest.substr(0, space);
    rest = space == std::string::npos ? std::string() : rest.substr(space + 1);
    if (std::find(type.uses.begin(), type.uses.end(), one) == type.uses.end()) {
      return fmt::format("such a key cannot have the operation {}", in_quotes(one));
    }
  }
  return {};
}

std::string azure_names(const RecordedImport& import) {
  const azure::KeyUrl kid = azure::parse_kid(parameters_of(import).text("kid"));
  const auto vault = name_of(import, "vault");
  const auto hsm = name_of(import, "hsm");
  const bool ec = import.key_type.family == KeyFamily::kEc;
  const std::string curve = ec ? std::string(curve_info(import.key_type.curve).jwk) : "";
  if (vault.has_value() == hsm.has_value()) return "there must be either a vault or an hsm";
  return first_of(
      {only_names(import, {"name", "kty", "ops"}, {"vault", "hsm", "curve", "expires"}),
       require_same(
           "the cloud key", import.cloud_key,
           fmt::format("https://{}/keys/{}", kid.host, name_of(import, "name").value_or(""))),
       require_same("the vault's or HSM's name", kid.store_name(), vault ? *vault : *hsm),
       require_same("the key's type", import.cloud_algorithm, name_of(import, "kty").value_or("")),
       require_same("the curve", curve, name_of(import, "curve").value_or("")),
       azure_operations(import)});
}

std::string google_names(const RecordedImport& import) {
  const auto name = [&](std::string_view one) { return name_of(import, one).value_or(""); };
  const JsonView view = parameters_of(import);
  const std::string ring = fmt::format("projects/{}/locations/{}/keyRings/{}/", name("project"),
                                       name("location"), name("keyring"));
  const google::JobName job = google::parse_job_name(view.text("import_job"));
  const google::JobName wanted{name("project"), name("location"), name("keyring"), job.job};
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

std::optional<std::string> recorded_expiry(const RecordedImport& import) {
  return parameters_of(import).optional_text(import.provider == Provider::kAws ? "valid_to"
                                                                               : "expires");
}

std::string lifetime_contradiction(const RecordedImport& import) {
  const auto longest = longest_validity(import.provider);
  if (!import.valid_until) return {};
  if (*import.valid_until <= import.created) return "the import parameters expired before the wrap";
  // The time of the wrap has no fraction of a second.
  if (!longest || *import.valid_until - import.created <= *longest + std::chrono::seconds(1)) {
    return {};
  }
  return fmt::format(
      "the import parameters are valid until {}, which is later than {} allows for parameters made "
      "on {}",
      format_rfc3339(*import.valid_until), provider_title(import.provider),
      format_rfc3339(import.created));
}

}  // namespace

std::string parameters_contradiction(const RecordedImport& import) {
  return clause_of([&] {
    const std::string sha256 =
        sha256_text(parameters_of(import).at("wrapping_key_sha256"), kRecordedKind);
    if (sha256 != import.wrapping_key_sha256) {
      return std::string("the import parameters are for a different wrapping key");
    }
    switch (import.provider) {
      case Provider::kAws:
        return aws_parameters(import);
      case Provider::kAzure:
        return azure_parameters(import);
      case Provider::kGoogle:
        return google_parameters(import);
    }
    throw Error(Kind::kInternal, "value-outside-table", "a provider outside the table");
  });
}

std::string names_contradiction(const RecordedImport& import) {
  return clause_of([&] {
    switch (import.provider) {
      case Provider::kAws:
        return aws_names(import);
      case Provider::kAzure:
        return azure_names(import);
      case Provider::kGoogle:
        return google_names(import);
    }
    throw Error(Kind::kInternal, "value-outside-table", "a provider outside the table");
  });
}

std::string validity_contradiction(const RecordedImport& import) {
  return clause_of([&] {
    const std::string until = import.valid_until ? format_rfc3339(*import.valid_until) : "no limit";
    return first_of({require_same("the import parameters' expiry", until,
                                  recorded_expiry(import).value_or("no limit")),
                     lifetime_contradiction(import)});
  });
}

std::string limits_contradiction(const RecordedImport& import) {
  return clause_of([&]() -> std::string {
    static_cast<void>(cloud_type(import.provider, import.key_type, import.cloud_algorithm));
    check_transport(import.provider, import.key_type, import.algorithm, import.wrapping_key_bits,
                    Force::kYes);
    const bool again = import.purpose == Purpose::kVerification;
    if (again &&
        (import.provider != Provider::kAws || import.cloud_algorithm != "SYMMETRIC_DEFAULT")) {
      return "only AWS allows a second import, and only of a SYMMETRIC_DEFAULT key";
    }
    return {};
  });
}

std::vector<std::string> unverified_of(const RecordedImport& import) {
  auto points = unverified_points(import.provider, import.key_type, import.algorithm);
  if (import.provider == Provider::kAzure && import.key_type.is_secret() &&
      name_of(import, "vault")) {
    points.emplace_back("azure-oct-key-in-vault");
  }
  if (import.provider == Provider::kGoogle &&
      name_of(import, "protection_level").value_or("") != "software") {
    points.emplace_back("google-job-attestation-not-judged");
  }
  return points;
}

}  // namespace keyrite::provider
