#include "unit/bundle/bundle_fixture.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "crypto/check_value.h"
#include "crypto/digest.h"
#include "provider/recorded_text.h"

namespace keyrite::test {
namespace {

Bytes new_public_key(const Workshop& shop, const std::string& algorithm) {
  return shop.must("openssl genpkey " + algorithm +
                   " 2>/dev/null | openssl pkey -pubout -outform DER");
}

Bytes bytes_of(const std::string& text) { return Bytes(text.begin(), text.end()); }

std::string digest_line(const FolderFile& file) {
  return crypto::sha256_hex(file.content) + "  " + file.name + "\n";
}

provider::Expected sample_expected(const Bytes& public_key) {
  provider::Expected expected;
  expected.provider = provider::Provider::kAws;
  expected.key_type = {KeyFamily::kEc, 0, Curve::kP256};
  expected.key_label = "acme-payments";
  expected.cloud_key = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd";
  expected.cloud_algorithm = "ECC_NIST_P256";
  expected.public_key = public_key;
  expected.challenge = Bytes(32, 9);
  expected.signatures = {{"sign-ecdsa-sha256", "ECDSA_SHA_256"}};
  const auto key = crypto::PublicKey::from_spki(public_key, "sample");
  expected.check_values = {crypto::sha256_spki(key), crypto::sha1_spki(key)};
  return expected;
}

bundle::Manifest sample_manifest(const provider::Expected& expected, const Bytes& wrapping_key) {
  bundle::Manifest manifest;
  manifest.provider = expected.provider;
  manifest.created = parse_rfc3339("2026-02-12T17:39:25Z", "created");
  manifest.valid_until = parse_rfc3339("2026-02-13T17:39:25Z", "valid_until");
  manifest.tool = "keyrite 0.1.0";
  manifest.key = {expected.key_label, "0011aaff", expected.key_type,
                  crypto::sha256_hex(expected.public_key)};
  manifest.cloud = {expected.cloud_key,
                    expected.cloud_algorithm,
                    {{"key", expected.cloud_key},
                     {"key_spec", expected.cloud_algorithm},
                     {"key_usage", "SIGN_VERIFY"},
                     {"expiration_model", "KEY_MATERIAL_DOES_NOT_EXPIRE"},
                     {"region", "eu-central-1"}}};
  manifest.algorithm = {Scheme::kRsaAesKeyWrap, Hash::kSha256};
  manifest.method = Method::kComposed;
  manifest.custody = Custody::kHsm;
  manifest.checked = WrapCheck::kKwpTwice;
  manifest.wrapping_key = {crypto::sha256_hex(wrapping_key), 2048, WrappingKeyBasis::kCompared};
  manifest.import_parameters = {{"key_id", expected.cloud_key},
                                {"wrapping_algorithm", "RSA_AES_KEY_WRAP_SHA_256"},
                                {"wrapping_key_spec", "RSA_2048"},
                                {"wrapping_key_sha256", manifest.wrapping_key.sha256},
                                {"import_token_sha256", crypto::sha256_hex(Bytes(900, 0x42))},
                                {"valid_to", "2026-02-13T17:39:25Z"}};
  manifest.token = {
      "rehearsal", "SoftHSM project", "SoftHSM v2", "0123456789abcdef", "2.6", "/usr/lib/module.so",
      {}};
  manifest.self_test = {{"CKM_RSA_PKCS_OAEP", "0x00000009",
                         "SHA-256 of an ephemeral AES-256, opened on the host", "works"},
                        {"CKM_AES_KEY_WRAP_KWP", "0x0000210b",
                         "RFC 5649 of a throw-away ec-p256, opened on the host", "works"}};
  manifest.check_values = expected.check_values;
  manifest.protections = {{"sensitive", "true"}, {"wrap-with-trusted", "stored, not enforced"}};
  manifest.exceptions = {"padded-pkcs8"};
  return manifest;
}

}  // namespace

bundle::Parts sample_parts(const Workshop& shop) {
  bundle::Parts parts;
  parts.wrapping_key = new_public_key(shop, "-algorithm RSA -pkeyopt rsa_keygen_bits:2048");
  parts.expected = sample_expected(new_public_key(
      shop, "-algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:named_curve"));
  parts.manifest = sample_manifest(parts.expected, parts.wrapping_key);
  parts.payload = {{"EncryptedKeyMaterial.bin", Bytes(256 + 152, 0x41), false},
                   {"ImportToken.bin", Bytes(900, 0x42), false}};
  parts.challenges = {{"challenge.bin", parts.expected.challenge, false}};
  write_texts(parts);
  return parts;
}

void write_texts(bundle::Parts& parts) {
  const bundle::Manifest& manifest = parts.manifest;
  const std::string core = bundle::core_sha256_of(bundle::to_json(manifest));
  std::string script = "#!/bin/sh\nset -eu\n";
  for (const auto& [name, value] :
       provider::script_settings(manifest.provider, manifest.valid_until, core)) {
    script += name + "=" + value + "\n";
  }
  script += "sha256sum -c <<'SUMS'\n";
  for (const FolderFile& file : parts.payload) script += digest_line(file);
  for (const FolderFile& file : parts.challenges) script += digest_line(file);
  script += "SUMS\naws kms import-key-material";
  for (const char* name : {"key", "expiration_model", "region"}) {
    const auto& names = manifest.cloud.names;
    const auto it = std::find_if(names.begin(), names.end(),
                                 [&](const auto& one) { return one.first == name; });
    std::string option = it->first == "key" ? "key-id" : it->first;
    std::replace(option.begin(), option.end(), '_', '-');
    script += " --" + option + " " + it->second;
  }
  parts.import_script = script + " --output json\n";
  parts.readme =
      "A key.\n\n" +
      provider::readme_facts(manifest.cloud.names,
                             origin_text(manifest.origin.origin, manifest.origin.log_entry),
                             manifest.valid_until, core) +
      "What to do\n";
}

bundle::Policy sample_policy() {
  bundle::Policy policy;
  policy.now = parse_rfc3339("2026-02-13T10:00:00Z", "now");
  return policy;
}

FolderFile& file_of(bundle::Contents& contents, std::string_view name) {
  const auto it = std::find_if(contents.begin(), contents.end(),
                               [&](const FolderFile& file) { return file.name == name; });
  REQUIRE(it != contents.end());
  return *it;
}

void edit_manifest(bundle::Contents& contents, const std::function<void(Json&)>& edit) {
  FolderFile& file = file_of(contents, bundle::kManifestFile);
  Json document = parse_json(file.content, file.name);
  edit(document);
  file.content = bytes_of(dump_json(document));
}

void reseal(bundle::Contents& contents) {
  edit_manifest(contents, [&](Json& document) {
    for (Json& row : document["files"]) {
      const FolderFile& file = file_of(contents, row["name"].get<std::string>());
      row["size"] = file.content.size();
      row["sha256"] = crypto::sha256_hex(file.content);
    }
  });
}

std::vector<std::string> failures(const bundle::Contents& contents, const bundle::Policy& policy) {
  std::vector<std::string> codes;
  for (const bundle::Check& check : bundle::verify(contents, policy).checks) {
    if (check.failure) {
      CHECK(check.failure->kind() == Kind::kVerification);
      codes.push_back(check.failure->code());
    }
  }
  return codes;
}

}  // namespace keyrite::test
