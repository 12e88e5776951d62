#include "bundle/verify.h"

#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "bundle/cross_checks.h"
#include "bundle/script_hashes.h"
#include "bundle/write.h"
#include "crypto/digest.h"
#include "crypto/fingerprint.h"
#include "provider/payload.h"

namespace keyrite::bundle {

namespace {

Error failure(std::string code, std::string message, std::string hint = {}) {
  return {Kind::kVerification, std::move(code), std::move(message), std::move(hint)};
}

// Collects checks over one folder; each method adds what it looked at, passed or not.
class Verification {
 public:
  Verification(const Contents& contents, const Policy& policy, BundleReport& report)
      : contents_(contents), policy_(policy), report_(report) {}

  void run(const Json& document) {
    check_manifest();
    check_file_set();
    check_file_contents();
    check_wrapping_key();
    check_payload();
    check_expected();
    check_expiry();
    check_custody();
    check_script();
    for (Check& check : cross_checks(document, report_.manifest, report_.expected, contents_)) {
      report_.checks.push_back(std::move(check));
    }
  }

 private:
  void add(std::string what, std::string object, std::optional<Error> failed) {
    report_.checks.push_back({std::move(what), std::move(object), std::move(failed)});
  }

  [[nodiscard]] const FolderFile* find(std::string_view name) const {
    return find_file(contents_, name);
  }

  [[nodiscard]] bool is_listed(const std::string& name) const {
    const auto& files = report_.manifest.files;
    return std::any_of(files.begin(), files.end(),
                       [&](const ManifestFile& file) { return file.name == name; });
  }

  void check_manifest() {
    if (!policy_.expect_manifest) return;
    const std::string wanted = crypto::plain_fingerprint(*policy_.expect_manifest,
                                                         "--expect-manifest", kHowToNoteManifest);
    std::optional<Error> failed;
    if (report_.manifest_sha256 != wanted) {
      failed = failure("bundle-manifest-unexpected",
                       "the manifest has SHA-256 " + report_.manifest_sha256 +
                           ", but the expected one is " + wanted + ": " +
                           crypto::first_difference(report_.manifest_sha256, wanted),
                       "this is not the bundle that was made at the ceremony: use the copy kept in "
                       "the ceremony room")
                   .with_compared({.expected = wanted, .found = report_.manifest_sha256});
    }
    add("the manifest is the expected one", std::string(kManifestFile), std::move(failed));
  }

  void check_file_set() {
    bool complete = true;
    for (const FolderFile& file : contents_) {
      if (file.name != kManifestFile && !is_listed(file.name)) {
        complete = false;
        add("only files that the manifest lists", file.name,
            failure("bundle-file-extra",
                    "the bundle has a file \"" + printable(file.name) +
                        "\" that its manifest does not list",
                    "find out where it came from, then remove it"));
      }
    }
    for (const std::string_view name :
         {kExpectedFile, kWrappingKeyFile, kImportScript, kReadmeFile}) {
      if (!is_listed(std::string(name))) {
        complete = false;
        add("the files that every bundle must have", std::string(name),
            failure("bundle-file-missing", "the manifest does not list " + std::string(name)));
      }
    }
    for (const ManifestFile& file : report_.manifest.files) {
      if (find(file.name) == nullptr) {
        complete = false;
        add("every file that the manifest lists", file.name,
            failure("bundle-file-missing",
                    "the bundle has no file " + file.name + ", which its manifest lists",
                    "copy the whole folder again"));
      }
    }
    if (complete) {
      add("exactly the files that the manifest lists",
          std::to_string(report_.manifest.files.size()) + " files", std::nullopt);
    }
  }

  void check_file_contents() {
    for (const ManifestFile& listed : report_.manifest.files) {
      const FolderFile* file = find(listed.name);
      if (file == nullptr) {
        continue;
      }
      std::optional<Error> failed;
      if (file->content.size() != listed.size) {
        failed = failure("bundle-size",
                         listed.name + " has " + std::to_string(file->content.size()) +
                             " bytes, but the manifest lists " + std::to_string(listed.size),
                         "copy the whole folder again");
      } else if (const auto is = crypto::sha256_hex(file->content); is != listed.sha256) {
        failed = failure("bundle-file-changed",
                         listed.name + " does not have the SHA-256 that the manifest lists",
                         "do not use this bundle; copy it again from the machine that wrote it")
                     .with_compared({.expected = listed.sha256, .found = is});
      }
      add("size and SHA-256", listed.name, std::move(failed));
    }
  }

  void check_wrapping_key() {
    const FolderFile* file = find(kWrappingKeyFile);
    if (file == nullptr) {
      return;
    }
    const WrappingKeyRecord& recorded = report_.manifest.wrapping_key;
    std::optional<crypto::PublicKey> key;
    std::optional<Error> failed;
    try {
      key = crypto::PublicKey::from_spki(file->content, file->name);
    } catch (const Error& error) {
      failed = failure("bundle-wrapping-key", error.message());
    }
    if (key && (key->sha256() != recorded.sha256 || key->rsa_bits() != recorded.bits)) {
      failed =
          failure("bundle-wrapping-key", file->name + " is a key with SHA-256 " + key->sha256() +
                                             ", but the manifest lists " + recorded.sha256 +
                                             " of " + std::to_string(recorded.bits) + " bits")
              .with_compared({.expected = recorded.sha256, .found = key->sha256()});
    }
    add("the wrapping key is the one recorded", file->name, std::move(failed));
    check_wrapping_key_against_others(key);
  }

  // The provider's own files, against what the manifest says of the import parameters.
  void check_payload() {
    const Manifest& manifest = report_.manifest;
    std::optional<Error> failed;
    try {
      provider::check_files(manifest.provider, manifest.import_parameters, manifest.key.type,
                            manifest.algorithm, manifest.wrapping_key.bits, contents_);
    } catch (const Error& error) {
      failed = failure("bundle-payload", error.message(), error.hint());
    }
    add("the wrapped key has the form and size for this import",
        std::string(provider::provider_title(manifest.provider)), std::move(failed));
  }

  void check_wrapping_key_against_others(const std::optional<crypto::PublicKey>& key) {
    const std::string found = key ? key->sha256() : std::string("unreadable");
    if (policy_.expect_wrapping_key) {
      const std::string wanted =
          crypto::plain_fingerprint(*policy_.expect_wrapping_key, "--expect-wrapping-key");
      std::optional<Error> failed;
      if (found != wanted) {
        failed =
            failure("bundle-wrapping-key-unexpected",
                    "the wrapping key has SHA-256 " + found + ", but the expected one is " +
                        wanted +
                        (key ? ": " + crypto::first_difference(found, wanted) : std::string()),
                    "the key may have been wrapped for somebody else: do not import this bundle")
                .with_compared({.expected = wanted, .found = key ? found : std::string()});
      }
      add("the wrapping key is the one expected", found, std::move(failed));
    }
    if (policy_.parameters_key) {
      std::optional<Error> failed;
      if (!key || !(*key == *policy_.parameters_key)) {
        failed = failure("bundle-parameters",
                         "the wrapping key has SHA-256 " + found +
                             ", but the key in the import parameters has " +
                             policy_.parameters_key->sha256(),
                         "wrap again with the import parameters that you will use")
                     .with_compared({.expected = policy_.parameters_key->sha256(),
                                     .found = key ? found : std::string()});
      }
      add("the wrapping key is the one of the import parameters", found, std::move(failed));
    }
  }

  void check_expected() {
    const FolderFile* file = find(kExpectedFile);
    if (file == nullptr) {
      return;
    }
    std::optional<Error> failed;
    try {
      report_.expected =
          provider::expected_from_json(parse_json(file->content, file->name), file->name);
      if (const std::string why = contradiction(report_.manifest, report_.expected); !why.empty()) {
        failed = failure("bundle-expected", "the bundle contradicts itself: " + why);
      }
    } catch (const Error& error) {
      failed = failure("bundle-expected", error.message());
    }
    const bool readable = !failed;
    add("the expected answers are for this key", file->name, std::move(failed));
    if (readable) {
      check_challenge();
    }
  }

  void check_challenge() {
    const provider::Expected& expected = report_.expected;
    const FolderFile* file = find(kChallengeFile);
    std::optional<Error> failed;
    if (file == nullptr && (!expected.answers.empty() || !expected.signatures.empty())) {
      failed = failure("bundle-challenge",
                       "the bundle expects answers to a challenge, but has no challenge.bin");
    } else if (file != nullptr && file->content != expected.challenge) {
      failed = failure("bundle-challenge",
                       "challenge.bin is not the challenge whose answers are expected");
    }
    add("the challenge is the one whose answers are expected", std::string(kChallengeFile),
        std::move(failed));
  }

  void check_expiry() {
    const auto& until = report_.manifest.valid_until;
    std::optional<Error> failed;
    if (until && policy_.now >= *until && !policy_.allow_expired) {
      failed = failure("bundle-expired",
                       "the import parameters expired at " + format_rfc3339(*until) +
                           ", and it is now " + format_rfc3339(policy_.now),
                       "fetch new import parameters and wrap again");
    }
    add("not expired", until ? format_rfc3339(*until) : "no limit", std::move(failed));
  }

  void check_custody() {
    const Custody custody = report_.manifest.custody;
    std::optional<Error> failed;
    if (custody == Custody::kHostEphemeral && !policy_.allow_host_ephemeral) {
      failed =
          failure("bundle-custody",
                  "the transport key of this bundle was in host memory (custody host-ephemeral)",
                  "accept it with --allow-host-ephemeral, or wrap on a token that makes the "
                  "transport key inside");
    }
    add("custody is allowed", std::string(custody_name(custody)), std::move(failed));
  }

  void check_script() {
    const FolderFile* script = find(kImportScript);
    if (script == nullptr) {
      return;
    }
    std::optional<Error> failed;
    if (const std::string why =
            script_contradiction(as_text(script->content), report_.manifest.files);
        !why.empty()) {
      failed = failure("bundle-script", why, "do not run this import.sh");
    }
    add("the import script checks these files", script->name, std::move(failed));
  }

  const Contents& contents_;
  const Policy& policy_;
  BundleReport& report_;
};

}  // namespace

const FolderFile* find_file(const Contents& contents, std::string_view name) {
  const auto it = std::find_if(contents.begin(), contents.end(),
                               [&](const FolderFile& file) { return file.name == name; });
  return it == contents.end() ? nullptr : &*it;
}

BundleReport verify(const Contents& contents, const Policy& policy) {
  const FolderFile* manifest = find_file(contents, kManifestFile);
  if (manifest == nullptr) {
    throw failure("bundle-file-missing", "the folder has no manifest.json",
                  "give the folder of a bundle");
  }
  BundleReport report;
  report.manifest_sha256 = crypto::sha256_hex(manifest->content);
  const Json document = parse_json(manifest->content, manifest->name);
  report.manifest = manifest_from_json(document, manifest->name);
  report.manifest_compared = policy.expect_manifest.has_value();
  Verification(contents, policy, report).run(document);
  return report;
}

}  // namespace keyrite::bundle
