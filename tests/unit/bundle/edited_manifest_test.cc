// Somebody edits manifest.json: at one place, at one place with the core made anew, and everywhere.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "base/error.h"
#include "bundle/manifest.h"
#include "provider/recorded_text.h"
#include "support/sanitizers.h"
#include "unit/bundle/bundle_fixture.h"
#include "unit/bundle/cloud_bundles.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using Codes = std::vector<std::string>;

bundle::Policy policy() {
  bundle::Policy policy;
  policy.now = cloud_now();
  return policy;
}

// One of each cloud.
std::vector<CloudCase> clouds() {
  std::vector<CloudCase> one_each;
  for (CloudCase& one : cloud_cases()) {
    if (one.name == "AWS HMAC" || one.name == "Azure oct" || one.name == "Google raw AES") {
      one_each.push_back(std::move(one));
    }
  }
  REQUIRE(one_each.size() == 3);
  return one_each;
}

// The codes that speak against the bundle; {} where it is reported good.
Codes refusals(const bundle::Contents& contents, const bundle::Policy& policy) {
  Codes codes;
  try {
    for (const bundle::Check& check : bundle::verify(contents, policy).checks) {
      if (check.failure) codes.push_back(check.failure->code());
    }
  } catch (const Error& error) {
    codes.push_back(error.code());
  }
  return codes;
}

// "/key/label", for every value that is not in `files`, and not the core.
void collect(const Json& value, const std::string& path, std::vector<std::string>& leaves) {
  if (path == "/files" || path == "/core_sha256") return;
  if (value.is_object() || value.is_array()) {
    const Json flat = value;
    for (const auto& entry : flat.items()) collect(entry.value(), path + "/" + entry.key(), leaves);
  } else {
    leaves.push_back(path);
  }
}

// A value of the same form, in hex as well.
void change(Json& value) {
  if (value.is_boolean()) {
    value = !value.get<bool>();
  } else if (value.is_number()) {
    value = value.get<int>() + 1;
  } else if (value.is_null()) {
    value = "x";
  } else {
    std::string text = value.get<std::string>();
    if (text.empty()) text = "x";
    text.back() = text.back() == '0' ? '1' : '0';
    value = text;
  }
}

// The manifest's core of now, in manifest.json alone.
void renew_core(bundle::Contents& contents) {
  edit_manifest(contents, [](Json& d) { d["core_sha256"] = bundle::core_sha256_of(d); });
}

void replace(bundle::Contents& contents, std::string_view name, const std::string& old,
             const std::string& wanted) {
  Bytes& content = file_of(contents, name).content;
  std::string text(content.begin(), content.end());
  const auto at = text.find(old);
  REQUIRE(at != std::string::npos);
  text.replace(at, old.size(), wanted);
  content = Bytes(text.begin(), text.end());
}

// The core of now wherever it stands, and every digest: what whoever can write all files can do.
void forge(bundle::Contents& contents) {
  const auto core = [&] {
    const FolderFile& file = file_of(contents, bundle::kManifestFile);
    return parse_json(file.content, file.name)["core_sha256"].get<std::string>();
  };
  const std::string before = provider::core_in_groups(core());
  renew_core(contents);
  const std::string after = provider::core_in_groups(core());
  constexpr std::size_t kLine = 35;  // four groups: README.txt has them in two lines
  replace(contents, bundle::kImportScript, before, after);
  replace(contents, bundle::kReadmeFile, before.substr(0, kLine), after.substr(0, kLine));
  replace(contents, bundle::kReadmeFile, before.substr(kLine + 1), after.substr(kLine + 1));
  reseal(contents);
}

TEST_CASE("One bit flipped anywhere in the manifest of any cloud is never reported good") {
  for (const CloudCase& one : clouds()) {
    CAPTURE(one.name);
    const Workshop shop;
    bundle::Contents contents = make_bundle(shop, one, cloud_now());
    REQUIRE(refusals(contents, policy()).empty());
    Bytes& manifest = file_of(contents, bundle::kManifestFile).content;
    // Each byte in the other build.
    for (std::size_t at = 0; at < manifest.size(); at += kSanitized ? 13 : 1) {
      const std::uint8_t good = manifest[at];
      if (good == ' ' && at != 0 && manifest[at - 1] == ' ') continue;  // indentation
      for (const unsigned bit : {0U, 1U + static_cast<unsigned>(at % 7)}) {
        manifest[at] = static_cast<std::uint8_t>(good ^ (1U << bit));
        if (refusals(contents, policy()).empty()) {
          FAIL_CHECK("taken as good: bit " << bit << " of byte " << at << ": "
                                           << as_text(manifest).substr(at > 30 ? at - 30 : 0, 60));
        }
      }
      manifest[at] = good;
    }
    CHECK(refusals(contents, policy()).empty());
  }
}

TEST_CASE("Every value of the manifest is bound by the core, and the core by import.sh") {
  for (const CloudCase& one : clouds()) {
    CAPTURE(one.name);
    const Workshop shop;
    const bundle::Contents good = make_bundle(shop, one, cloud_now());
    bundle::Contents copy = good;
    std::vector<std::string> leaves;
    collect(parse_json(file_of(copy, bundle::kManifestFile).content, "manifest"), "", leaves);
    CHECK(leaves.size() > 40);
    for (const std::string& leaf : leaves) {
      CAPTURE(leaf);
      bundle::Contents contents = good;
      edit_manifest(contents, [&](Json& d) { change(d[Json::json_pointer(leaf)]); });
      const Codes edited = refusals(contents, policy());
      CHECK_FALSE(edited.empty());
      const bool read = edited.front().rfind("bundle-", 0) == 0;
      CHECK((!read || std::count(edited.begin(), edited.end(), "bundle-core") == 1));
      renew_core(contents);
      const Codes renewed = refusals(contents, policy());
      CHECK_FALSE(renewed.empty());
      CHECK((!read || std::count(renewed.begin(), renewed.end(), "bundle-script") == 1));
      CHECK(std::count(renewed.begin(), renewed.end(), "bundle-core") == 0);
    }
  }
}

TEST_CASE(
    "Made anew everywhere, what stands once is good, and only the manifest's SHA-256 finds it") {
  for (const CloudCase& one : clouds()) {
    CAPTURE(one.name);
    const Workshop shop;
    const bundle::Contents good = make_bundle(shop, one, cloud_now());
    bundle::Contents copy = good;
    bundle::Policy noted = policy();
    noted.expect_manifest = bundle::verify(good, policy()).manifest_sha256;
    std::vector<std::string> leaves;
    collect(parse_json(file_of(copy, bundle::kManifestFile).content, "manifest"), "", leaves);
    std::set<std::string> taken;
    for (const std::string& leaf : leaves) {
      CAPTURE(leaf);
      bundle::Contents contents = good;
      edit_manifest(contents, [&](Json& d) { change(d[Json::json_pointer(leaf)]); });
      forge(contents);
      if (refusals(contents, policy()).empty()) taken.insert(leaf);
      const Codes against = refusals(contents, noted);
      CHECK_FALSE(against.empty());
      const bool read = against.front().rfind("bundle-", 0) == 0;
      CHECK((!read || against.front() == "bundle-manifest-unexpected"));
    }
    // The tool's own words about the room, of which no second place can know.
    const std::set<std::string> once{"/tool",
                                     "/created",
                                     "/key/id",
                                     "/token/label",
                                     "/token/manufacturer",
                                     "/token/model",
                                     "/token/serial",
                                     "/token/firmware",
                                     "/token/module",
                                     "/self_test/0/mechanism",
                                     "/self_test/0/number",
                                     "/self_test/1/mechanism",
                                     "/self_test/1/number",
                                     "/import_parameters/not_before",
                                     "/import_parameters/operations_seen"};
    for (const std::string& leaf : taken) {
      CAPTURE(leaf);
      CHECK(once.count(leaf) == 1);
    }
    CHECK(taken.count("/key/id") == 1);
    for (const char* twice : {"/valid_until", "/cloud/key", "/key/type", "/wrapping/key_bits"}) {
      CHECK(taken.count(twice) == 0);
    }
  }
}

TEST_CASE("White space changes the file's SHA-256 and nothing else") {
  const Workshop shop;
  const bundle::Contents good = make_bundle(shop, clouds().front(), cloud_now());
  const auto before = bundle::verify(good, policy());
  bundle::Contents contents = good;
  Bytes& manifest = file_of(contents, bundle::kManifestFile).content;
  *std::find(manifest.begin(), manifest.end(), '\n') = ' ';
  const auto after = bundle::verify(contents, policy());
  CHECK(after.good());
  CHECK(after.manifest == before.manifest);
  CHECK(after.manifest_sha256 != before.manifest_sha256);
  bundle::Policy noted = policy();
  noted.expect_manifest = before.manifest_sha256;
  CHECK(refusals(contents, noted) == Codes{"bundle-manifest-unexpected"});
}

TEST_CASE("A report says what outside vouches for it") {
  const Workshop shop;
  const bundle::Contents contents = make_bundle(shop, clouds().front(), cloud_now());
  const auto alone = bundle::verify(contents, policy());
  REQUIRE(alone.cautions().size() == 1);
  CHECK(alone.cautions().front().rfind("Nothing outside the bundle vouches for it", 0) == 0);
  bundle::Policy noted = policy();
  noted.expect_manifest = alone.manifest_sha256;
  const auto bound = bundle::verify(contents, noted);
  CHECK(bound.good());
  CHECK(bound.manifest_compared);
  CHECK(bound.cautions().empty());
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
