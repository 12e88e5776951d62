#include "bundle/cross_checks.h"

#include <functional>
#include <optional>
#include <utility>

#include "bundle/internal/manifest_findings.h"
#include "provider/payload.h"
#include "provider/recorded_import.h"

namespace keyrite::bundle {

namespace {

std::string core_contradiction(const Json& document, const Manifest& manifest) {
  try {
    if (core_sha256_of(document) == manifest.core_sha256) return {};
  } catch (const Error& error) {
    return error.message();
  }
  return "the manifest does not match its core_sha256";
}

constexpr std::string_view kOtherCopy =
    "do not use this bundle; copy it again from the machine that wrote it";

void compare(std::vector<Check>& checks, std::string_view what, std::string_view object,
             const std::string& code, const std::function<std::string()>& find_clause,
             std::string_view hint) {
  std::string why;
  try {
    why = find_clause();
  } catch (const Error& error) {
    why = error.message();
  }
  std::optional<Error> failed;
  if (!why.empty()) {
    failed = Error(Kind::kVerification, code, "the bundle contradicts itself: " + why,
                   std::string(hint));
  }
  checks.push_back({std::string(what), std::string(object), std::move(failed)});
}

// The manifest against itself.
void compare_manifest(const Manifest& manifest, const provider::RecordedImport& import,
                      const provider::Expected& expected, std::vector<Check>& checks) {
  compare(
      checks, "the import parameters are of this wrapping key and algorithm", "import_parameters",
      "bundle-import-parameters", [&] { return provider::parameters_contradiction(import); },
      kOtherCopy);
  compare(
      checks, "key, names and import parameters name one cloud key", "cloud", "bundle-cloud-key",
      [&] { return provider::names_contradiction(import); }, kOtherCopy);
  compare(
      checks, "the expiry is that of the import parameters", "valid_until", "bundle-validity",
      [&] { return provider::validity_contradiction(import); }, kOtherCopy);
  compare(
      checks, "the provider takes such a key", manifest.key.type.name(), "bundle-limits",
      [&] { return provider::limits_contradiction(import); }, kOtherCopy);
  compare(
      checks, "the self-test is of this method", method_name(manifest.method), "bundle-self-test",
      [&] { return self_test_contradiction(manifest); }, kOtherCopy);
  compare(
      checks, "what was found and accepted belongs to such a key", "protections", "bundle-findings",
      [&] { return findings_contradiction(manifest, expected); }, kOtherCopy);
  compare(
      checks, "the check values are those of the public key", "check_values", "bundle-check-values",
      [&] { return check_values_contradiction(manifest, expected); }, kOtherCopy);
}

}  // namespace

std::vector<Check> cross_checks(const Json& document, const Manifest& manifest,
                                const provider::Expected& expected, const Contents& contents) {
  std::vector<Check> checks;
  const provider::RecordedImport import = import_of(manifest);
  if (manifest.version != kFirstManifestVersion) {
    compare(
        checks, "the manifest is what its core was computed of", kManifestFile, "bundle-core",
        [&] { return core_contradiction(document, manifest); }, kOtherCopy);
  }
  compare_manifest(manifest, import, expected, checks);
  if (manifest.provider == provider::Provider::kAzure) {
    compare(
        checks, "the .byok file is of this key, tool and token", "generator", "bundle-token",
        [&] {
          return provider::payload_contradiction(
              import, manifest.tool + "; " + manifest.token.model + " " + manifest.token.firmware,
              contents);
        },
        kOtherCopy);
  }
  if (const FolderFile* script = find_file(contents, kImportScript)) {
    compare(
        checks, "the import script says what the manifest says", kImportScript, "bundle-script",
        [&] { return provider::script_contradiction(import, as_text(script->content)); },
        "do not run this import.sh");
  }
  if (const FolderFile* readme = find_file(contents, kReadmeFile)) {
    compare(
        checks, "README.txt says what the manifest says", kReadmeFile, "bundle-readme",
        [&] { return provider::readme_contradiction(import, as_text(readme->content)); },
        kOtherCopy);
  }
  return checks;
}

}  // namespace keyrite::bundle
