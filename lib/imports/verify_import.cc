#include "imports/verify_import.h"

#include <algorithm>

#include "base/error.h"
#include "base/file.h"
#include "crypto/digest.h"
#include "crypto/fingerprint.h"
#include "imports/internal/evidence_paths.h"
#include "provider/wrapping_key_file.h"

namespace keyrite::imports {

namespace {

// Before it stands in the log as it was given.
void require_fingerprint(const std::optional<std::string>& given, std::string_view option,
                         std::string_view hint) {
  if (given) (void)crypto::plain_fingerprint(*given, option, hint);
}

// Random bytes of the bundle, such as a challenge, would else be taken for a wrong answer.
bool is_of_bundle(const bundle::BundleReport& report, const std::string& sha256) {
  const auto& files = report.manifest.files;
  return sha256 == report.manifest_sha256 ||
         std::any_of(files.begin(), files.end(),
                     [&](const bundle::ManifestFile& file) { return file.sha256 == sha256; });
}

provider::Basis required_basis(const VerifyAnswersRequest& request) {
  return provider::parse_basis(request.require.value_or("statement"));
}

}  // namespace

bundle::BundleReport verify_bundle(const VerifyBundleRequest& request, TimePoint now) {
  bundle::Policy policy{.now = now,
                        .allow_host_ephemeral = request.allow_host_ephemeral,
                        .allow_expired = request.allow_expired,
                        .expect_wrapping_key = request.expect_wrapping_key,
                        .expect_manifest = request.expect_manifest};
  if (request.wrapping_key) {
    policy.parameters_key =
        provider::read_wrapping_key({*request.wrapping_key, read_file(*request.wrapping_key)});
  }
  return bundle::verify(bundle::read_contents(request.folder), policy);
}

AnswersReport judge_answers(const VerifyAnswersRequest& request, TimePoint now) {
  const auto required = required_basis(request);
  AnswersReport report{.bundle = bundle::verify(bundle::read_contents(request.folder),
                                                {.now = now,
                                                 .allow_host_ephemeral = true,
                                                 .allow_expired = true,
                                                 .expect_manifest = request.expect_manifest})};
  bundle::require_good(report.bundle);
  report.required = required;
  std::vector<provider::InputFile> evidence;
  const EvidencePaths paths = evidence_paths(request.evidence);
  for (const auto& file : paths.files) {
    Bytes content = read_file(file);
    const std::string sha256 = crypto::sha256_hex(content);
    if (is_of_bundle(report.bundle, sha256)) {
      report.skipped.push_back({file, "it is a file of the bundle and no cloud's answer"});
      continue;
    }
    evidence.push_back({file, std::move(content)});
    report.answers_sha256.push_back(sha256);
  }
  for (const auto& folder : paths.folders) {
    report.skipped.push_back({folder, "it is a folder; give it with --evidence to have it judged"});
  }
  report.judgement = provider::judge(report.bundle.expected, evidence);
  return report;
}

act::Intent intent_of(const VerifyBundleRequest& request) {
  require_fingerprint(request.expect_manifest, "--expect-manifest", bundle::kHowToNoteManifest);
  require_fingerprint(request.expect_wrapping_key, "--expect-wrapping-key",
                      crypto::kHowToFingerprintKey);
  return {.act = "verify-import",
          .request = act::record(request),
          .inputs = {{.name = "command", .value = "bundle"}}};
}

act::Intent intent_of(const VerifyAnswersRequest& request) {
  require_fingerprint(request.expect_manifest, "--expect-manifest", bundle::kHowToNoteManifest);
  static_cast<void>(required_basis(request));  // only its two words come into the log
  return {.act = "verify-import",
          .request = act::record(request),
          .inputs = {{.name = "command", .value = "answers"}}};
}

}  // namespace keyrite::imports
