#include "bundle/manifest.h"

#include <doctest/doctest.h>

#include <functional>

#include "base/error.h"
#include "unit/bundle/bundle_fixture.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

Json sample_document() {
  const Workshop shop;
  const auto files = bundle::assemble(sample_parts(shop));
  return parse_json(files.back().content, "manifest.json");
}

std::string code_after(const std::function<void(Json&)>& edit) {
  static const Json kGood = sample_document();
  Json document = kGood;
  edit(document);
  try {
    static_cast<void>(bundle::manifest_from_json(document, "manifest.json"));
  } catch (const Error& error) {
    CHECK(error.kind() == Kind::kConfig);
    return error.code();
  }
  return "nothing thrown";
}

std::string assemble_refusal(const std::function<void(bundle::Parts&)>& edit) {
  const Workshop shop;
  bundle::Parts parts = sample_parts(shop);
  edit(parts);
  try {
    static_cast<void>(bundle::assemble(parts));
  } catch (const Error& error) {
    CHECK(error.kind() == Kind::kInternal);
    return error.code();
  }
  return "nothing thrown";
}

TEST_CASE("manifest.json reads back as it was written") {
  const Json document = sample_document();
  const bundle::Manifest manifest = bundle::manifest_from_json(document, "manifest.json");
  CHECK(bundle::to_json(manifest) == document);
  CHECK(manifest.key.type == KeyType{KeyFamily::kEc, 0, Curve::kP256});
  CHECK(manifest.files.size() == 7);
}

TEST_CASE("A manifest of another format or version is refused by name") {
  CHECK(code_after([](Json& d) { d["format"] = "keyrite-expected"; }) == "manifest-format");
  CHECK(code_after([](Json& d) { d["version"] = 4; }) == "manifest-version");
}

TEST_CASE("A field of the manifest that is not known is refused at every level") {
  for (const char* where : {"key", "origin", "cloud", "wrapping", "token"}) {
    CAPTURE(where);
    CHECK(code_after([&](Json& d) { d[where]["extra"] = 1; }) == "manifest-unknown-field");
  }
  for (const char* where : {"self_test", "check_values", "files"}) {
    CAPTURE(where);
    CHECK(code_after([&](Json& d) { d[where][0]["extra"] = 1; }) == "manifest-unknown-field");
  }
  CHECK(code_after([](Json& d) { d["extra"] = 1; }) == "manifest-unknown-field");
}

TEST_CASE("Every field of the manifest must be there") {
  const Json good = sample_document();
  for (const auto& entry : good.items()) {
    const std::string& name = entry.key();
    CAPTURE(name);
    if (name == "valid_until") {
      continue;  // absent is the same as null: the parameters do not expire
    }
    const std::string key = name;
    const std::string code = code_after([&](Json& d) { d.erase(key); });
    CHECK(code == (key == "format" ? "manifest-format" : "json-missing-field"));
  }
}

TEST_CASE("Values of the manifest outside their form are refused") {
  CHECK(code_after([](Json& d) { d["provider"] = "ibm"; }) == "manifest-invalid");
  CHECK(code_after([](Json& d) { d["created"] = "yesterday"; }) == "not-a-time");
  CHECK(code_after([](Json& d) { d["key"]["id"] = "AB"; }) == "manifest-invalid");
  CHECK(code_after([](Json& d) { d["wrapping"]["algorithm"] = "rsa-oaep-md5"; }) ==
        "manifest-invalid");
  CHECK(code_after([](Json& d) { d["wrapping"]["method"] = "magic"; }) == "manifest-invalid");
  CHECK(code_after([](Json& d) { d["import_parameters"] = "x"; }) == "manifest-invalid");
  CHECK(code_after([](Json& d) { d["protections"]["sensitive"] = true; }) == "json-wrong-type");
  CHECK(code_after([](Json& d) { d["tool"] = "keyrite\n1"; }) == "manifest-invalid");
}

TEST_CASE("Where a key came from, and what was checked, is one of the words that are known") {
  CHECK(code_after([](Json& d) { d["origin"]["origin"] = "imported"; }) == "manifest-invalid");
  CHECK(code_after([](Json& d) { d["origin"]["origin"] = "logged"; }) == "manifest-invalid");
  CHECK(code_after([](Json& d) { d["origin"]["log_entry"] = 7; }) == "manifest-invalid");
  CHECK(code_after([](Json& d) {
          d["origin"]["origin"] = "logged";
          d["origin"]["log_entry"] = 7;
        }) == "nothing thrown");
  CHECK(code_after([](Json& d) { d["wrapping"]["checked"] = "twice"; }) == "manifest-invalid");
  CHECK(code_after([](Json& d) { d["wrapping"]["checked"] = "length"; }) == "manifest-invalid");
  CHECK(code_after([](Json& d) { d["core_sha256"] = "00"; }) == "manifest-invalid");
}

// What keyrite wrote before a wrapping key had a basis.
void make_second(Json& document) {
  document["version"] = 2;
  document["wrapping"].erase("key_basis");
  document["wrapping"]["key_compared"] = true;
}

TEST_CASE("Why a wrapping key is believed is one of three words, and nothing else is read") {
  for (const char* word : {"compared", "pinned", "vouched"})
    CHECK(code_after([&](Json& d) { d["wrapping"]["key_basis"] = word; }) == "nothing thrown");
  CHECK(code_after([](Json& d) { d["wrapping"]["key_basis"] = "attested"; }) == "manifest-invalid");
  CHECK(code_after([](Json& d) { d["wrapping"]["key_basis"] = ""; }) == "manifest-invalid");
  CHECK(code_after([](Json& d) { d["wrapping"]["key_basis"] = true; }) == "manifest-invalid");
  CHECK(code_after([](Json& d) { d["wrapping"]["key_basis"] = nullptr; }) == "json-missing-field");
  CHECK(code_after([](Json& d) { d["wrapping"]["key_compared"] = true; }) ==
        "manifest-unknown-field");
  try {
    static_cast<void>(parse_wrapping_key_basis("attested"));
    FAIL("a word that is not known was taken");
  } catch (const Error& error) {
    CHECK(error.code() == "wrapping-key-basis-unknown");
  }
}

TEST_CASE("A manifest of version 2 says whether the wrapping key was compared, and no more") {
  CHECK(code_after(make_second) == "nothing thrown");
  Json document = sample_document();
  make_second(document);
  const auto basis = [&] {
    return bundle::manifest_from_json(document, "manifest.json").wrapping_key.basis;
  };
  CHECK(basis() == WrappingKeyBasis::kCompared);
  document["wrapping"]["key_compared"] = false;
  CHECK(basis() == std::nullopt);
  document["wrapping"]["key_basis"] = "pinned";
  CHECK(code_after([&](Json& d) { d = document; }) == "manifest-unknown-field");
}

TEST_CASE("The core is the SHA-256 of the canonical JSON without itself and the files") {
  const Workshop shop;
  const auto files = bundle::assemble(sample_parts(shop));
  shop.put("manifest.json", files.back().content);
  const Json document = parse_json(files.back().content, "manifest.json");
  CHECK(document["core_sha256"] == bundle::core_sha256_of(document));
  shop.put("core.py", as_bytes(R"(
import hashlib, json
d = json.load(open('manifest.json'))
del d['core_sha256'], d['files']
text = json.dumps(d, sort_keys=True, separators=(',', ':'), ensure_ascii=False)
print(hashlib.sha256(text.encode()).hexdigest(), end='')
)"));
  CHECK(document["core_sha256"] == as_text(shop.must("/usr/bin/python3 -I core.py")));
}

TEST_CASE("A custody that the method does not give is refused") {
  CHECK(code_after([](Json& d) { d["wrapping"]["method"] = "host-ephemeral"; }) ==
        "manifest-invalid");
}

TEST_CASE("File names that leave the folder, or stand twice or out of order, are refused") {
  for (const char* name : {"../import.sh", "/etc/passwd", "a/b", "", ".hidden", "a b",
                           "manifest.json", "caf\xc3\xa9"}) {
    CAPTURE(name);
    CHECK(code_after([&](Json& d) { d["files"][0]["name"] = name; }) == "manifest-invalid");
  }
  CHECK(code_after([](Json& d) { d["files"][1]["name"] = d["files"][0]["name"]; }) ==
        "manifest-invalid");
  CHECK(code_after([](Json& d) { std::swap(d["files"][0], d["files"][1]); }) == "manifest-invalid");
  CHECK(code_after([](Json& d) { d["files"][0]["size"] = -1; }) == "manifest-invalid");
}

TEST_CASE("A bundle that contradicts itself is not assembled") {
  CHECK(assemble_refusal([](bundle::Parts& p) { p.expected.key_label = "other"; }) ==
        "bundle-inconsistent");
  CHECK(assemble_refusal([](bundle::Parts& p) { p.wrapping_key.push_back(0); }) ==
        "bundle-inconsistent");
  CHECK(assemble_refusal([](bundle::Parts& p) { p.payload.push_back(p.payload.front()); }) ==
        "bundle-name-clash");
  CHECK(assemble_refusal([](bundle::Parts& p) {
          p.payload.push_back({"manifest.json", {}, false});
        }) == "bundle-name-clash");
  CHECK(assemble_refusal([](bundle::Parts& p) {
          p.payload.push_back({"../x", {}, false});
        }) == "bundle-name-unsafe");
}

TEST_CASE("Only the import script is executable") {
  const Workshop shop;
  for (const FolderFile& file : bundle::assemble(sample_parts(shop))) {
    CHECK(file.executable == (file.name == "import.sh"));
  }
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
