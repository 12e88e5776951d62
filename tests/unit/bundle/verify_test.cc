#include "bundle/verify.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "crypto/digest.h"
#include "unit/bundle/bundle_fixture.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using Codes = std::vector<std::string>;

bundle::Contents sample(const Workshop& shop) { return bundle::assemble(sample_parts(shop)); }

void remove_file(bundle::Contents& contents, std::string_view name) {
  std::erase_if(contents, [&](const FolderFile& file) { return file.name == name; });
}

std::string refused_with(const bundle::Contents& contents) {
  try {
    static_cast<void>(bundle::verify(contents, sample_policy()));
  } catch (const Error& error) {
    return error.code();
  }
  return "nothing thrown";
}

TEST_CASE("A bundle as it was assembled passes every check, and each is listed") {
  const Workshop shop;
  const bundle::Contents contents = sample(shop);
  const auto report = bundle::verify(contents, sample_policy());
  CHECK(report.good());
  CHECK(report.checks.size() >= contents.size());
  CHECK_NOTHROW(bundle::require_good(report));
  shop.put("manifest.json", contents.back().content);
  CHECK(report.manifest_sha256 == as_text(shop.must("sha256sum manifest.json")).substr(0, 64));
}

TEST_CASE("The digests of the manifest are those that sha256sum computes") {
  const Workshop shop;
  bundle::Contents contents = sample(shop);
  for (const FolderFile& file : contents) {
    shop.put(file.name, file.content);
  }
  const Json manifest = parse_json(contents.back().content, "manifest.json");
  for (const Json& row : manifest["files"]) {
    const std::string name = row["name"].get<std::string>();
    CHECK(row["sha256"].get<std::string>() ==
          as_text(shop.must("sha256sum " + name)).substr(0, 64));
  }
}

TEST_CASE("One bit changed in any file is found, naming the file") {
  const Workshop shop;
  const bundle::Contents good = sample(shop);
  for (std::size_t i = 0; i < good.size(); ++i) {
    if (good[i].name == bundle::kManifestFile) {
      continue;
    }
    CAPTURE(good[i].name);
    for (const std::size_t at : {std::size_t{0}, good[i].content.size() - 1}) {
      bundle::Contents contents = good;
      contents[i].content[at] = static_cast<std::uint8_t>(contents[i].content[at] ^ 1U);
      const auto report = bundle::verify(contents, sample_policy());
      const auto failed =
          std::find_if(report.checks.begin(), report.checks.end(),
                       [](const bundle::Check& check) { return check.failure.has_value(); });
      REQUIRE(failed != report.checks.end());
      CHECK(failed->failure->code() == "bundle-file-changed");
      CHECK(failed->failure->message().find(good[i].name) != std::string::npos);
    }
  }
}

TEST_CASE("A file cut or lengthened is found by its size") {
  const Workshop shop;
  bundle::Contents contents = sample(shop);
  file_of(contents, bundle::kReadmeFile).content.push_back(0);
  CHECK(failures(contents, sample_policy()) == Codes{"bundle-size"});
  file_of(contents, bundle::kReadmeFile).content.clear();
  // Its text is gone too.
  CHECK(failures(contents, sample_policy()) == Codes{"bundle-size", "bundle-readme"});
}

TEST_CASE("Every file that is missing is found") {
  const Workshop shop;
  const bundle::Contents good = sample(shop);
  for (const FolderFile& file : good) {
    if (file.name == bundle::kManifestFile) {
      continue;
    }
    CAPTURE(file.name);
    bundle::Contents contents = good;
    remove_file(contents, file.name);
    const Codes codes = failures(contents, sample_policy());
    REQUIRE(!codes.empty());
    CHECK(codes.front() == "bundle-file-missing");
  }
  bundle::Contents contents = good;
  remove_file(contents, bundle::kManifestFile);
  CHECK(refused_with(contents) == "bundle-file-missing");
}

TEST_CASE("A file too many is found") {
  const Workshop shop;
  bundle::Contents contents = sample(shop);
  contents.push_back({"import.sh.orig", Bytes{1}, false});
  CHECK(failures(contents, sample_policy()) == Codes{"bundle-file-extra"});
}

TEST_CASE("A manifest that lists no script is refused even when the folder agrees with it") {
  const Workshop shop;
  bundle::Contents contents = sample(shop);
  remove_file(contents, bundle::kImportScript);
  edit_manifest(contents, [](Json& document) {
    Json kept = Json::array();
    for (const Json& row : document["files"]) {
      if (row["name"] != "import.sh") {
        kept.push_back(row);
      }
    }
    document["files"] = kept;
  });
  CHECK(failures(contents, sample_policy()) == Codes{"bundle-file-missing"});
}

TEST_CASE("Another wrapping key is found, even resealed") {
  const Workshop shop;
  bundle::Contents contents = sample(shop);
  file_of(contents, bundle::kWrappingKeyFile).content = shop.must(
      "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 2>/dev/null | openssl pkey "
      "-pubout -outform DER");
  reseal(contents);
  CHECK(failures(contents, sample_policy()) == Codes{"bundle-wrapping-key"});
  file_of(contents, bundle::kWrappingKeyFile).content = Bytes(10, 1);
  reseal(contents);
  CHECK(failures(contents, sample_policy()) == Codes{"bundle-wrapping-key"});
}

TEST_CASE("The expected fingerprint is compared in any spelling") {
  const Workshop shop;
  const bundle::Contents contents = sample(shop);
  bundle::Policy policy = sample_policy();
  std::string fingerprint = bundle::verify(contents, policy).manifest.wrapping_key.sha256;
  policy.expect_wrapping_key = fingerprint;
  CHECK(failures(contents, policy).empty());
  std::string colons;
  for (std::size_t i = 0; i < fingerprint.size(); i += 2) {
    colons += (i == 0 ? "" : ":") + fingerprint.substr(i, 2);
  }
  std::transform(colons.begin(), colons.end(), colons.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  policy.expect_wrapping_key = colons;
  CHECK(failures(contents, policy).empty());
  // As wrap-for-import shows it.
  std::string blanks;
  for (std::size_t i = 0; i < fingerprint.size(); i += 4) {
    blanks += (i == 0 ? "" : " ") + fingerprint.substr(i, 4);
  }
  policy.expect_wrapping_key = blanks;
  CHECK(failures(contents, policy).empty());
  fingerprint[0] = fingerprint[0] == '0' ? '1' : '0';
  policy.expect_wrapping_key = fingerprint;
  CHECK(failures(contents, policy) == Codes{"bundle-wrapping-key-unexpected"});
  for (const std::string& given : {std::string(), std::string("zz"), fingerprint.substr(1)}) {
    policy.expect_wrapping_key = given;
    try {
      static_cast<void>(bundle::verify(contents, policy));
      FAIL("taken as a fingerprint: ", given);
    } catch (const Error& error) {
      CHECK(error.code() == "fingerprint-invalid");
      CHECK(error.kind() == Kind::kUsage);
    }
  }
}

TEST_CASE("A wrapping key that is not the one of the import parameters is found") {
  const Workshop shop;
  const bundle::Parts parts = sample_parts(shop);
  const bundle::Contents contents = bundle::assemble(parts);
  bundle::Policy policy = sample_policy();
  policy.parameters_key = crypto::PublicKey::from_spki(parts.wrapping_key, "parameters");
  CHECK(failures(contents, policy).empty());
  policy.parameters_key = crypto::PublicKey::from_spki(parts.expected.public_key, "parameters");
  CHECK(failures(contents, policy) == Codes{"bundle-parameters"});
}

TEST_CASE("An expired bundle is found at the second it expires, unless answers are judged") {
  const Workshop shop;
  const bundle::Contents contents = sample(shop);
  bundle::Policy policy = sample_policy();
  policy.now = parse_rfc3339("2026-02-13T17:39:24Z", "now");
  CHECK(failures(contents, policy).empty());
  policy.now = parse_rfc3339("2026-02-13T17:39:25Z", "now");
  CHECK(failures(contents, policy) == Codes{"bundle-expired"});
  policy.allow_expired = true;
  CHECK(failures(contents, policy).empty());
}

TEST_CASE("Custody host-ephemeral is found unless it is allowed") {
  const Workshop shop;
  bundle::Parts parts = sample_parts(shop);
  parts.manifest.method = Method::kHostEphemeral;
  parts.manifest.custody = Custody::kHostEphemeral;
  parts.manifest.self_test.erase(parts.manifest.self_test.begin());
  write_texts(parts);
  const bundle::Contents contents = bundle::assemble(parts);
  bundle::Policy policy = sample_policy();
  CHECK(failures(contents, policy) == Codes{"bundle-custody"});
  policy.allow_host_ephemeral = true;
  CHECK(failures(contents, policy).empty());
}

TEST_CASE("expected.json of another bundle is found, even resealed") {
  const Workshop shop;
  const bundle::Contents other = sample(shop);
  bundle::Contents contents = sample(shop);
  file_of(contents, bundle::kExpectedFile).content = [&] {
    bundle::Contents copy = other;
    return file_of(copy, bundle::kExpectedFile).content;
  }();
  reseal(contents);
  // What it would have said of check values is not there either.
  const Codes both{"bundle-expected", "bundle-check-values"};
  CHECK(failures(contents, sample_policy()) == both);
  file_of(contents, bundle::kExpectedFile).content = Bytes{'{', '}'};
  reseal(contents);
  CHECK(failures(contents, sample_policy()) == both);
}

TEST_CASE("Each part of the manifest that speaks of the key must agree with expected.json") {
  const Workshop shop;
  const bundle::Contents good = sample(shop);
  const std::vector<std::function<void(Json&)>> edits{
      [](Json& d) { d["provider"] = "google"; },
      [](Json& d) { d["purpose"] = "verification"; },
      [](Json& d) { d["key"]["label"] = "other"; },
      [](Json& d) { d["key"]["type"] = "ec-p384"; },
      [](Json& d) { d["key"]["public_key_sha256"] = std::string(64, '0'); },
      [](Json& d) { d["cloud"]["key"] = "arn:aws:kms:eu-central-1:111122223333:key/other"; },
      [](Json& d) { d["cloud"]["algorithm"] = "ECC_SECG_P256K1"; },
      [](Json& d) { d["check_values"][0]["value"] = "ffffff"; }};
  for (const auto& edit : edits) {
    bundle::Contents contents = good;
    edit_manifest(contents, edit);
    const Codes codes = failures(contents, sample_policy());
    CHECK(std::count(codes.begin(), codes.end(), "bundle-expected") == 1);
    CHECK(std::count(codes.begin(), codes.end(), "bundle-core") == 1);
  }
}

TEST_CASE("A challenge that is not the expected one is found, even resealed") {
  const Workshop shop;
  bundle::Parts parts = sample_parts(shop);
  parts.challenges.front().content = Bytes(32, 8);
  const std::string old_digest = crypto::sha256_hex(Bytes(32, 9));
  parts.import_script.replace(parts.import_script.find(old_digest), 64,
                              crypto::sha256_hex(Bytes(32, 8)));
  CHECK(failures(bundle::assemble(parts), sample_policy()) == Codes{"bundle-challenge"});
}

TEST_CASE("require_good throws the first failure") {
  const Workshop shop;
  bundle::Contents contents = sample(shop);
  file_of(contents, "ImportToken.bin").content[0] = 0;
  try {
    bundle::require_good(bundle::verify(contents, sample_policy()));
    FAIL("nothing thrown");
  } catch (const Error& error) {
    CHECK(error.code() == "bundle-file-changed");
    CHECK(error.kind() == Kind::kVerification);
    CHECK(error.exit_code() == 6);
  }
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
