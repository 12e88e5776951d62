// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "provider/aws/recorded.h"

#include <string_view>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/document.h"
#include "provider/aws/destination.h"
#include "provider/aws/parameters.h"
#include "provider/name_form.h"
#include "provider/recorded_clauses.h"

namespace keyrite::provider::aws {

namespace {

constexpr std::string_view kMaterialExpires = "KEY_MATERIAL_EXPIRES";

std::string expiration_contradiction(const RecordedImport& import) {
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

}  // namespace

std::string parameters_contradiction(const RecordedImport& import) {
  const JsonView view = parameters_of(import);
  require_only(view, kRecordedKind,
               {"key_id", "wrapping_algorithm", "wrapping_key_spec", "wrapping_key_sha256",
                "import_token_sha256", "valid_to"});
  static_cast<void>(sha256_text(view.at("import_token_sha256"), kRecordedKind));
  return first_of({require_same("the wrapping key's spec", view.text("wrapping_key_spec"),
                                fmt::format("RSA_{}", import.wrapping_key_bits)),
                   require_same("the wrapping algorithm", view.text("wrapping_algorithm"),
                                wrapping_algorithm_name(import.algorithm))});
}

std::string names_contradiction(const RecordedImport& import) {
  const std::string key_id = parameters_of(import).text("key_id");
  const auto region = region_of(key_id);
  const auto named = name_of(import, "region");
  return first_of(
      {only_names(
           import, {"key", "key_spec", "key_usage", "expiration_model"},
           {"valid_to", "import_type", "key_material_id", "key_material_description", "region"}),
       require_same("the cloud key", import.cloud_key, key_id),
       require_same("the cloud key", import.cloud_key, name_of(import, "key").value_or("")),
       require_same("the key spec", import.cloud_algorithm,
                    name_of(import, "key_spec").value_or("")),
       use_contradiction(import, "key_usage"), expiration_contradiction(import),
       region ? require_same("the Region", *region, named.value_or("")) : std::string()});
}

}  // namespace keyrite::provider::aws
