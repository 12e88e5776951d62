// The examples of docs/formats/bundle.md are read as any reader would, so that the document cannot
// rot.
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "base/error.h"
#include "bundle/verify.h"
#include "bundle/write.h"
#include "crypto/digest.h"
#include "provider/evidence.h"
#include "support/command.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

std::string document() {
  std::ifstream file(std::string(KEYRITE_SOURCE_DIR) + "/docs/formats/bundle.md");
  REQUIRE(file.good());
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// The block that opens with ```json NAME.
std::string example(const std::string& name) {
  const std::string text = document();
  const std::string fence = "```json " + name + "\n";
  const auto start = text.find(fence);
  REQUIRE(start != std::string::npos);
  const auto end = text.find("\n```", start);
  REQUIRE(end != std::string::npos);
  return text.substr(start + fence.size(), end + 1 - start - fence.size());
}

bundle::Manifest manifest() {
  return bundle::manifest_from_json(parse_json(as_bytes(example("manifest")), "manifest"),
                                    "manifest");
}

provider::Expected expected() {
  return provider::expected_from_json(parse_json(as_bytes(example("expected")), "expected"),
                                      "expected");
}

TEST_CASE("The core of the documented manifest is what jq and sha256sum make of it") {
  const Workshop shop;
  shop.put("manifest.json", as_bytes(example("manifest")));
  const std::string command = "jq -jcS 'del(.core_sha256, .files)' manifest.json | sha256sum";
  CHECK(document().find("`" + command + "`") != std::string::npos);
  CHECK(as_text(shop.must(command)).substr(0, 64) == manifest().core_sha256);
}

TEST_CASE("The documented manifest is what we write") {
  CHECK(dump_json(bundle::to_json(manifest())) == example("manifest"));
}

TEST_CASE(
    "The documented expected.json is what we write, and the manifest's digest of it is right") {
  CHECK(dump_json(provider::to_json(expected())) == example("expected"));
  const Workshop shop;
  const std::string written = example("expected");
  shop.put("expected.json", as_bytes(written));
  const std::string digest = as_text(shop.must("sha256sum expected.json")).substr(0, 64);
  bool found = false;
  for (const bundle::ManifestFile& file : manifest().files) {
    if (file.name == "expected.json") {
      found = true;
      CHECK(file.sha256 == digest);
      CHECK(file.size == written.size());
    }
  }
  CHECK(found);
}

TEST_CASE("The documented manifest and expected.json belong together") {
  CHECK(bundle::contradiction(manifest(), expected()).empty());
}

TEST_CASE(
    "The documented evidence proves the documented expectation, and is the HMAC under the key 00 "
    "01 ... 1f") {
  const std::string text = example("evidence");
  const Bytes content(text.begin(), text.end());
  CHECK(provider::judge(expected(), {{"answer.json", content}}).verdict ==
        provider::Verdict::kProven);
  const Workshop shop;
  shop.put("challenge.bin", expected().challenge);
  const Bytes mac = shop.must(
      "openssl dgst -sha256 -mac HMAC -macopt "
      "hexkey:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f "
      "-binary challenge.bin");
  CHECK(text.find(to_base64(mac)) != std::string::npos);
}

TEST_CASE("The documented records of import.sh are in the form that is read, and prove nothing") {
  const std::string answer = example("evidence");
  for (const char* name : {"record", "refusal", "reimport"}) {
    CAPTURE(std::string(name));
    const std::string text = example(name);
    const auto judged =
        provider::judge(expected(), {{"record.json", Bytes(text.begin(), text.end())},
                                     {"answer.json", Bytes(answer.begin(), answer.end())}});
    CHECK(judged.findings.at(0).result == provider::Result::kNotProof);
    CHECK(judged.findings.at(0).code.empty());
    CHECK(judged.verdict == provider::Verdict::kProven);
  }
}

TEST_CASE("Every error of bundle verification stands in the document") {
  const std::string text = document();
  for (const char* code : {"bundle-file-missing",
                           "bundle-file-extra",
                           "bundle-size",
                           "bundle-file-changed",
                           "bundle-manifest-unexpected",
                           "bundle-wrapping-key",
                           "bundle-wrapping-key-unexpected",
                           "bundle-parameters",
                           "bundle-expected",
                           "bundle-challenge",
                           "bundle-expired",
                           "bundle-custody",
                           "bundle-script",
                           "bundle-payload",
                           "bundle-core",
                           "bundle-import-parameters",
                           "bundle-cloud-key",
                           "bundle-validity",
                           "bundle-limits",
                           "bundle-self-test",
                           "bundle-findings",
                           "bundle-check-values",
                           "bundle-token",
                           "bundle-readme",
                           "evidence-unreadable"}) {
    CAPTURE(code);
    CHECK(text.find("`" + std::string(code) + "`") != std::string::npos);
  }
}

TEST_CASE("Every field of the examples stands in the document's tables") {
  const std::string text = document();
  const std::string tables = text.substr(text.find("| field"));
  for (const char* name : {"manifest", "expected"}) {
    const std::string block = example(name);
    const Json parsed = parse_json(as_bytes(block), name);
    for (const auto& entry : parsed.items()) {
      const std::string& field = entry.key();
      CAPTURE(field);
      CHECK(tables.find("`" + field) != std::string::npos);
    }
  }
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
