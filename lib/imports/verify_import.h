// verify-import: checks a bundle from its files, and judges what the cloud answered. Never at a
// token: the wrap computed what verify-import must know. One thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "act/intent.h"
#include "act/log_facts.h"
#include "act/request.h"
#include "base/clock.h"
#include "bundle/verify.h"
#include "provider/evidence.h"

namespace keyrite::act {
struct Act;
}  // namespace keyrite::act

namespace keyrite::imports {

struct VerifyBundleRequest {
  std::string folder{};
  std::optional<std::string> expect_wrapping_key{};
  std::optional<std::string> wrapping_key{};  // file: import parameters, PEM or DER
  std::optional<std::string> expect_manifest{};
  bool allow_host_ephemeral{false};
  bool allow_expired{false};
  [[nodiscard]] static const std::vector<act::Field<VerifyBundleRequest>>& table();
};

struct VerifyAnswersRequest {
  std::string folder{};
  std::vector<std::string> evidence{};   // files, and folders of files
  std::optional<std::string> require{};  // the weakest basis that is enough; default "statement"
  std::optional<std::string> expect_manifest{};
  [[nodiscard]] static const std::vector<act::Field<VerifyAnswersRequest>>& table();
};

// Errors: those of bundle::read_contents and bundle::verify. A check that fails is in the report.
[[nodiscard]] bundle::BundleReport verify_bundle(const VerifyBundleRequest& request, TimePoint now);
[[nodiscard]] Json to_json(const bundle::BundleReport& report);
// What a transcript records, before and after. Error kUsage "fingerprint-invalid" of what is given
// as one: the log has it as it is.
[[nodiscard]] act::Intent intent_of(const VerifyBundleRequest& request);
[[nodiscard]] act::LogFacts log_facts(const bundle::BundleReport& report);

// Given as evidence, and not judged.
struct SkippedEvidence {
  std::string path{};
  std::string why{};  // one clause
};

struct AnswersReport {
  bundle::BundleReport bundle{};
  provider::Judgement judgement{};
  provider::Basis required{provider::Basis::kProviderStatement};
  // Folders inside a folder of evidence, and the bundle's own files: no cloud answered those.
  std::vector<SkippedEvidence> skipped{};
  std::vector<std::string> answers_sha256{};  // of each file judged, in the order they were read
};
// The bundle must be whole (its parameters may have expired, its custody is what it is). Errors:
// the first failed check of the bundle; kConfig "evidence-unreadable"; kUsage "evidence-missing",
// "basis-unknown".
[[nodiscard]] AnswersReport judge_answers(const VerifyAnswersRequest& request, TimePoint now);
[[nodiscard]] Json to_json(const AnswersReport& report);
// Error kUsage "basis-unknown".
[[nodiscard]] act::Intent intent_of(const VerifyAnswersRequest& request);
[[nodiscard]] act::LogFacts log_facts(const AnswersReport& report);

// proven on the basis that was required: 0; proven on a weaker one, or consistent but not proven:
// kWaiting; different: kVerification.
[[nodiscard]] int exit_code_of(const AnswersReport& report);

// All of it as acts on files: act/act.h. A bundle that is not good is the outcome's finding.
[[nodiscard]] act::Act verify_import_bundle(const VerifyBundleRequest& request);
[[nodiscard]] act::Act verify_import_answers(const VerifyAnswersRequest& request);

}  // namespace keyrite::imports
