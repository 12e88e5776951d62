#include "bundle/manifest.h"

#include "base/canonical_json.h"
#include "base/error.h"
#include "crypto/digest.h"

namespace keyrite::bundle {

namespace {

Json texts_json(const NamedTexts& texts) {
  Json object = Json::object();
  for (const auto& [name, text] : texts) {
    object[name] = text;
  }
  return object;
}

Json key_json(const Manifest& manifest) {
  const KeyRecord& key = manifest.key;
  return {{"label", key.label},
          {"id", key.id},
          {"type", key.type.name()},
          {"public_key_sha256", text_or_null(key.public_key_sha256)}};
}

Json origin_json(const Origin& origin) {
  return {{"origin", key_origin_name(origin.origin)},
          {"log_entry", origin.log_entry ? Json(*origin.log_entry) : Json(nullptr)},
          {"judged_by", texts_json(origin.judged_by)}};
}

Json wrapping_json(const Manifest& manifest) {
  const auto& basis = manifest.wrapping_key.basis;
  return {{"algorithm", manifest.algorithm.name()},
          {"method", method_name(manifest.method)},
          {"custody", custody_name(manifest.custody)},
          {"checked", manifest.checked ? Json(wrap_check_name(*manifest.checked)) : Json(nullptr)},
          {"key_sha256", manifest.wrapping_key.sha256},
          {"key_bits", manifest.wrapping_key.bits},
          {"key_basis", basis ? Json(wrapping_key_basis_name(*basis)) : Json(nullptr)}};
}

Json token_json(const TokenRecord& token) {
  return {{"label", token.label},
          {"manufacturer", token.manufacturer},
          {"model", token.model},
          {"serial", token.serial},
          {"firmware", token.firmware},
          {"module", token.module},
          {"module_sha256", text_or_null(token.module_sha256)}};
}

Json self_test_json(const std::vector<SelfTestRow>& rows) {
  Json list = Json::array();
  for (const SelfTestRow& row : rows) {
    list.push_back({{"mechanism", row.mechanism},
                    {"number", row.number},
                    {"tested", row.tested},
                    {"result", row.result}});
  }
  return list;
}

Json files_json(const std::vector<ManifestFile>& files) {
  Json list = Json::array();
  for (const ManifestFile& file : files) {
    list.push_back({{"name", file.name}, {"size", file.size}, {"sha256", file.sha256}});
  }
  return list;
}

}  // namespace

Json to_json(const Manifest& manifest) {
  Json document;
  document["format"] = kManifestFormat;
  document["version"] = kManifestVersion;
  document["provider"] = provider::provider_name(manifest.provider);
  document["purpose"] = provider::purpose_name(manifest.purpose);
  document["created"] = format_rfc3339(manifest.created);
  document["valid_until"] =
      manifest.valid_until ? Json(format_rfc3339(*manifest.valid_until)) : Json(nullptr);
  document["tool"] = manifest.tool;
  document["key"] = key_json(manifest);
  document["origin"] = origin_json(manifest.origin);
  document["cloud"] = {{"key", text_or_null(manifest.cloud.key)},
                       {"algorithm", manifest.cloud.algorithm},
                       {"names", texts_json(manifest.cloud.names)}};
  document["wrapping"] = wrapping_json(manifest);
  document["import_parameters"] = manifest.import_parameters;
  document["token"] = token_json(manifest.token);
  document["self_test"] = self_test_json(manifest.self_test);
  document["check_values"] = crypto::to_json(manifest.check_values);
  document["protections"] = texts_json(manifest.protections);
  document["exceptions"] = manifest.exceptions;
  document["unverified"] = manifest.unverified;
  document["core_sha256"] = text_or_null(manifest.core_sha256);
  document["files"] = files_json(manifest.files);
  return document;
}

std::string core_sha256_of(const Json& document) {
  Json core = document;
  core.erase("core_sha256");
  core.erase("files");
  return crypto::sha256_hex(as_bytes(canonical_json(core)));
}

}  // namespace keyrite::bundle
