#include "imports/verify_import.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "act/option_words.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/fingerprint.h"
#include "provider/wrapping_key_file.h"

namespace keyrite::imports {

namespace {

namespace fs = std::filesystem;

struct EvidencePaths {
  std::vector<std::string> files{};
  std::vector<std::string> folders{};  // inside a folder of evidence: not looked into
};

// A folder stands for the files in it, in the order of their names: import.sh saves its answers so.
EvidencePaths paths_of(const std::vector<std::string>& evidence) {
  EvidencePaths paths;
  for (const auto& name : evidence) {
    std::error_code failure;
    if (!fs::is_directory(name, failure)) {
      paths.files.push_back(name);
      continue;
    }
    std::vector<std::string> inside;
    for (auto entry = fs::directory_iterator(name, failure);
         !failure && entry != fs::directory_iterator(); entry.increment(failure)) {
      inside.push_back(entry->path().native());
    }
    if (failure) {
      throw Error(Kind::kConfig, "folder-unreadable",
                  fmt::format("{} cannot be read: {}", printable(name), failure.message()),
                  "check the name of the folder and its permissions");
    }
    std::sort(inside.begin(), inside.end());
    for (const auto& path : inside) {
      (fs::is_directory(path, failure) ? paths.folders : paths.files).push_back(path);
    }
  }
  return paths;
}

Json check_json(const bundle::Check& check) {
  Json json{{"what", check.what}, {"object", check.object}, {"passed", !check.failure.has_value()}};
  if (check.failure) {
    json["code"] = check.failure->code();
    json["message"] = check.failure->message();
  }
  return json;
}

// Before it stands in the log as it was given.
void require_fingerprint(const std::optional<std::string>& given, std::string_view option,
                         std::string_view hint) {
  if (given) (void)crypto::plain_fingerprint(*given, option, hint);
}

Json finding_json(const provider::Finding& finding) {
  return {{"file", finding.evidence_file},
          {"what", finding.what},
          {"result", provider::result_name(finding.result)},
          {"basis", provider::basis_name(finding.basis)},
          {"reason", finding.reason},
          {"code", finding.code.empty() ? Json(nullptr) : Json(finding.code)},
          {"named", finding.named.empty() ? Json(nullptr) : Json(finding.named)}};
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

// What is judged here is named, and the result has the SHA-256 of what was read: nothing leaves by
// it, and nobody approves it.
const std::vector<act::Field<VerifyBundleRequest>>& VerifyBundleRequest::table() {
  using R = VerifyBundleRequest;
  static const std::vector<act::Field<R>> fields{
      {{.name = "folder",
        .value = "FOLDER",
        .help = "the bundle",
        .need = act::Need::kRequired,
        .shape = act::Shape::kPositional,
        .binds = act::Binds::name()},
       &R::folder},
      {{.name = "expect-wrapping-key",
        .value = "SHA256",
        .help = "the fingerprint of the wrapping key, compared over a second channel",
        .binds = act::Binds::word(act::is_fingerprint_word)},
       &R::expect_wrapping_key},
      {{.name = "expect-manifest",
        .value = "SHA256",
        .help = "SHA-256 of manifest.json, as the protocol of the ceremony records it",
        .binds = act::Binds::word(act::is_fingerprint_word)},
       &R::expect_manifest},
      {{.name = "wrapping-key",
        .value = "FILE",
        .help = "the wrapping key as the cloud issued it: the import parameters (JSON), PEM or DER",
        .binds = act::Binds::name()},
       &R::wrapping_key},
      {{.name = "allow-host-ephemeral",
        .help = "accept a bundle whose transport key was in host memory",
        .binds = act::Binds::plain()},
       &R::allow_host_ephemeral},
      {{.name = "allow-expired",
        .help = "accept a bundle whose import parameters have expired",
        .binds = act::Binds::plain()},
       &R::allow_expired},
  };
  return fields;
}

const std::vector<act::Field<VerifyAnswersRequest>>& VerifyAnswersRequest::table() {
  using R = VerifyAnswersRequest;
  static const std::vector<act::Field<R>> fields{
      {{.name = "folder",
        .value = "FOLDER",
        .help = "the bundle",
        .need = act::Need::kRequired,
        .shape = act::Shape::kPositional,
        .binds = act::Binds::name()},
       &R::folder},
      {{.name = "evidence",
        .value = "FILE",
        .help = "the cloud's answers: files, or a folder of files (FOLDER.answers, as import.sh "
                "saved it)",
        .need = act::Need::kRequired,
        .binds = act::Binds::name()},
       &R::evidence},
      {{.name = "require",
        .value = "BASIS",
        .help = "the weakest basis of proof to accept: cryptographic (an answer that shows use of "
                "the key), or statement (the default: also the provider's own statement, where it "
                "offers nothing better); if the basis is weaker, the exit code is 7",
        .binds = act::Binds::word(act::is_basis_word)},
       &R::require},
      {{.name = "expect-manifest",
        .value = "SHA256",
        .help = "SHA-256 of manifest.json, as the protocol of the ceremony records it",
        .binds = act::Binds::word(act::is_fingerprint_word)},
       &R::expect_manifest},
  };
  return fields;
}

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
  const EvidencePaths paths = paths_of(request.evidence);
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

act::LogFacts log_facts(const bundle::BundleReport& report) {
  std::vector<act::Fact> failed;
  std::vector<act::Fact> compared;
  for (const auto& check : report.checks) {
    if (!check.failure) continue;
    failed.emplace_back(act::Words::code(*check.failure));
    if (const auto& both = check.failure->compared())
      compared.emplace_back(act::facts_of(*both).add("code", act::Words::code(*check.failure)));
  }
  return {{"good", report.good()},
          {"manifest_sha256", act::Fact::sha256(report.manifest_sha256)},
          {"manifest_compared", report.manifest_compared},
          {"core_sha256", act::Fact::sha256(report.manifest.core_sha256)},
          {"key_id", act::Fact::id(report.manifest.key.id)},
          {"checks", report.checks.size()},
          {"failed", failed},
          {"compared", compared}};
}

act::LogFacts log_facts(const AnswersReport& report) {
  std::vector<act::Fact> results;
  for (const auto& finding : report.judgement.findings)
    results.emplace_back(act::Words::of(finding.result));
  std::vector<act::Fact> answers;
  for (const auto& sha256 : report.answers_sha256) answers.emplace_back(act::Fact::sha256(sha256));
  const auto& basis = report.judgement.basis;
  return {{"verdict", act::Words::of(report.judgement.verdict)},
          {"basis", basis ? act::Fact(act::Words::of(*basis)) : act::Fact::none()},
          {"required", act::Words::of(report.required)},
          {"manifest_sha256", act::Fact::sha256(report.bundle.manifest_sha256)},
          {"manifest_compared", report.bundle.manifest_compared},
          {"core_sha256", act::Fact::sha256(report.bundle.manifest.core_sha256)},
          {"key_id", act::Fact::id(report.bundle.manifest.key.id)},
          {"results", results},
          {"answers_sha256", answers}};
}

Json to_json(const bundle::BundleReport& report) {
  Json checks = Json::array();
  for (const auto& check : report.checks) checks.push_back(check_json(check));
  const std::string& core = report.manifest.core_sha256;
  return {{"good", report.good()},
          {"manifest_version", report.manifest.version},
          {"manifest_sha256", report.manifest_sha256},
          {"manifest_compared", report.manifest_compared},
          {"core_sha256", core.empty() ? Json(nullptr) : Json(core)},
          {"cautions", report.cautions()},
          {"checks", checks}};
}

Json to_json(const AnswersReport& report) {
  Json findings = Json::array();
  for (const auto& finding : report.judgement.findings) findings.push_back(finding_json(finding));
  Json skipped = Json::array();
  for (const auto& one : report.skipped) skipped.push_back(one.path);
  const auto& basis = report.judgement.basis;
  return {{"verdict", provider::verdict_name(report.judgement.verdict)},
          {"basis", basis ? Json(provider::basis_name(*basis)) : Json(nullptr)},
          {"manifest_sha256", report.bundle.manifest_sha256},
          {"manifest_compared", report.bundle.manifest_compared},
          {"key", report.bundle.manifest.key.label},
          {"cloud_key", report.bundle.manifest.cloud.key},
          {"required", provider::basis_name(report.required)},
          {"satisfied", provider::satisfies(report.judgement, report.required)},
          {"named_by_answers",
           report.judgement.named.empty() ? Json(nullptr) : Json(report.judgement.named)},
          {"findings", findings},
          {"skipped", skipped}};
}

int exit_code_of(const AnswersReport& report) {
  switch (report.judgement.verdict) {
    case provider::Verdict::kProven:
      return provider::satisfies(report.judgement, report.required)
                 ? 0
                 : static_cast<int>(Kind::kWaiting);
    case provider::Verdict::kConsistentNotProven:
      return static_cast<int>(Kind::kWaiting);
    case provider::Verdict::kDifferent:
      return static_cast<int>(Kind::kVerification);
  }
  throw Error(Kind::kInternal, "value-outside-table", "a judgement has no verdict");
}

}  // namespace keyrite::imports
