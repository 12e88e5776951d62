// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "provider/azure/recorded.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "base/document.h"
#include "provider/azure/parameters.h"
#include "provider/name_form.h"
#include "provider/recorded_clauses.h"
#include "provider/rules.h"

namespace keyrite::provider::azure {

namespace {

std::string operations_contradiction(const RecordedImport& import) {
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

}  // namespace

std::string parameters_contradiction(const RecordedImport& import) {
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
                   require_same("the wrapping key's id", parse_kid(view.text("kid")).text(),
                                view.text("kid"))});
}

std::string names_contradiction(const RecordedImport& import) {
  const KeyUrl kid = parse_kid(parameters_of(import).text("kid"));
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
       operations_contradiction(import)});
}

std::vector<std::string> unverified_names(const RecordedImport& import) {
  if (!import.key_type.is_secret() || !name_of(import, "vault")) return {};
  return {"azure-oct-key-in-vault"};
}

}  // namespace keyrite::provider::azure
