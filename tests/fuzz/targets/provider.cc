// What clouds and their clients wrote: import parameters, answers, refusals, error outputs, names.
#include "fuzz/targets/all.h"

#include <array>
#include <vector>

#include "base/json.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "provider/answer_record.h"
#include "provider/cloud_name.h"
#include "provider/evidence.h"
#include "provider/expected.h"
#include "provider/file_form.h"
#include "provider/import_target.h"
#include "provider/name_form.h"
#include "provider/parameters.h"
#include "provider/refusal.h"
#include "provider/wrapping_key_file.h"
#include "support/json_file.h"

namespace keyrite::fuzz {

namespace {

using namespace provider;

InputFile input(ByteView bytes) { return {"input", {bytes.begin(), bytes.end()}}; }

void require_sound(const ImportParameters& parameters, const ImportOptions& options) {
  const auto& key = wrapping_key(parameters);
  require(
      key.rsa_bits() >= 2048 && key.rsa_exponent() == Bytes(crypto::kF4.begin(), crypto::kF4.end()),
      "nothing is wrapped under a weak key");
  for (const auto& [name, value] : describe(parameters))
    require(is_utf8(name) && printable(value) == value, "parameters are safe to print");
  const Json json = provider::to_json(parameters);
  require(parse_json(as_bytes(dump_json(json)), "written") == json, "the manifest can hold them");
  for (const auto& word : import_target(parameters, options, "label"))
    require(printable(word.value) == word.value, "what is approved is safe to print");
}

// The first byte says which of the cloud's files it is.
Outcome parameters_of(ByteView bytes, const ImportOptions& with_key_file,
                      const ImportOptions& with_json) {
  const bool key_file = choice(bytes, 2) == 1;
  ParameterFiles files;
  (key_file ? files.public_key : files.parameters) = input(bytes);
  if (key_file && provider_of(with_key_file) == Provider::kAws)
    files.import_token = InputFile{"token", Bytes(900, 0x42)};
  const ImportOptions& options = key_file ? with_key_file : with_json;
  const auto read = taken([&] { return read_parameters(files, options); });
  if (!read) return Outcome::kRefused;
  require_sound(*read, options);
  return passes([&] { check_time(*read, parse_rfc3339("2026-02-13T12:00:00Z", "now")); });
}

// What bundles expect: the first byte of an input chooses one.
constexpr std::array<const char*, 5> kBundles{"aws-acme-mac", "aws-acme-agree", "aws-acme-trusted",
                                              "azure-acme-store", "google-acme-sign"};
const Expected& expected_of(std::size_t which) {
  static const std::vector<Expected> all = [] {
    std::vector<Expected> read;
    for (const std::string name : kBundles) {
      const std::string path = old_path("bundles/" + name + "/expected.json");
      read.push_back(expected_from_json(read_json_file(path), path));
    }
    return read;
  }();
  return all.at(which);
}

void require_honest(const Judgement& judged, const Expected& expected) {
  for (const Finding& finding : judged.findings) {
    require(printable(finding.reason) == finding.reason, "a reason is safe to print");
    require(finding.named.empty() || is_utf8(finding.named), "a name is text");
    if (finding.result == Result::kEqual) {
      require(finding.basis == Basis::kCryptographic || expected.provider == Provider::kAws,
              "only AWS's statement is enough");
    }
  }
}

}  // namespace

Outcome parameters_aws(ByteView bytes) {
  aws::ImportOptions json{.wrapping_algorithm = "RSAES_OAEP_SHA_256"};
  aws::ImportOptions key = json;
  key.key_id = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
  key.parameters_valid_to = "2026-02-13T17:39:25Z";
  return parameters_of(bytes, key, json);
}

Outcome parameters_azure(ByteView bytes) {
  return parameters_of(bytes,
                       azure::ImportOptions{.kid = "https://acme.managedhsm.azure.net/keys/kek/"
                                                   "0123456789abcdef0123456789abcdef"},
                       azure::ImportOptions{});
}

Outcome parameters_google(ByteView bytes) {
  return parameters_of(bytes,
                       google::ImportOptions{.import_method = "rsa-oaep-3072-sha256-aes-256",
                                             .import_job = "job",
                                             .parameters_valid_to = "2026-02-14T12:00:00Z",
                                             .project = "acme",
                                             .location = "europe-west3",
                                             .keyring = "prod",
                                             .protection_level = "hsm"},
                       google::ImportOptions{});
}

Outcome wrapping_key_file(ByteView bytes) {
  const auto key = taken([&] { return read_wrapping_key(input(bytes)); });
  if (!key) return Outcome::kRefused;
  require(read_wrapping_key({"written", key->spki()}) == *key, "a key is its DER");
  return Outcome::kTaken;
}

// No input proves a key but by an answer that only its holder can give, and the corpus has those.
Outcome evidence(ByteView bytes) {
  const Expected& expected = expected_of(choice(bytes, kBundles.size()));
  const auto judged = taken([&] { return judge(expected, {input(bytes)}); });
  if (!judged) return Outcome::kRefused;
  require_honest(*judged, expected);
  // Beside a second copy of itself it says the same.
  const auto twice = judge(expected, {input(bytes), input(bytes)});
  require(twice.verdict == judged->verdict, "an answer that is given twice says the same");
  return outcome_of(judged->verdict == Verdict::kProven);
}

Outcome refusal(ByteView bytes) {
  const Expected& expected = expected_of(choice(bytes, kBundles.size()));
  const auto document = taken([&] { return parse_json(bytes, "input"); });
  if (!document) return Outcome::kRefused;
  const JsonView view(*document, "input");
  require(!(is_refusal(view) && is_answer_record(view)), "a document is one thing");
  const auto read = taken([&] { return read_refusal(view); });
  const JsonEvidence file{"input", *document, {}};
  if (is_refused_challenge(view)) {
    const Finding finding = judge_refused_challenge(expected, file, false);
    require(finding.result != Result::kEqual, "a refusal proves no key");
    require(printable(finding.reason) == finding.reason, "a reason is safe to print");
  }
  return outcome_of(read.has_value());
}

Outcome answer_record(ByteView bytes) {
  const Expected& expected = expected_of(choice(bytes, kBundles.size()));
  const auto document = taken([&] { return parse_json(bytes, "input"); });
  if (!document || !is_answer_record(JsonView(*document, "input"))) return Outcome::kRefused;
  Origins origins;
  const Finding finding = read_record(expected, {"input", *document, {}}, origins);
  require(finding.result != Result::kEqual && finding.result != Result::kDifferent,
          "a record shows no key");
  require(printable(finding.reason) == finding.reason, "a reason is safe to print");
  return outcome_of(!origins.empty());
}

Outcome expected(ByteView bytes) {
  const auto read = taken([&] { return expected_from_json(parse_json(bytes, "input"), "input"); });
  if (!read) return Outcome::kRefused;
  const std::string text = dump_json(provider::to_json(*read));
  require(expected_from_json(parse_json(as_bytes(text), "written"), "written") == *read,
          "it is written as it was read");
  static_cast<void>(taken([&] { return judge(*read, {input(bytes)}); }));
  return Outcome::kTaken;
}

Outcome file_form(ByteView bytes) {
  bool foreign = false;
  for (const auto cloud : all_providers()) {
    const auto form = foreign_form(bytes, cloud);
    foreign = foreign || form.has_value();
    require(!form || (printable(form->what) == form->what && !form->remedy.empty()),
            "a form is named for people");
    const auto document = taken([&] { return parse_json(bytes, "input"); });
    if (!document) continue;
    require(!form || !document->is_object() || bytes.front() != '{',
            "a JSON object is in no foreign form");
    static_cast<void>(other_client(JsonView(*document, "input"), cloud));
  }
  require(!is_text_throughout(bytes) || is_utf8(as_text(bytes)), "text is UTF-8");
  static_cast<void>(passes([&] { require_no_foreign_form(input(bytes), std::nullopt); }));
  return outcome_of(foreign);
}

// ARNs, key URLs, resource names: what goes into a command line.
Outcome cloud_name(ByteView bytes) {
  const std::string text = as_text(bytes);
  const bool name = is_name(text, 64, "._-");
  if (name) require(shell_quote(text) == text, "a name needs no quotes");
  if (is_free_text(text, 64))
    require(text.find('\n') == std::string::npos && text.front() != '@', "one line");
  const auto kid = taken([&] { return azure::parse_kid(text); });
  if (kid) require(azure::parse_kid(kid->text()).text() == kid->text(), "a kid is written as read");
  static_cast<void>(taken([&] { return google::parse_import_method(text).rsa_bits; }));
  static_cast<void>(taken([&] { return aws::parse_wrapping_algorithm(text); }));
  for (std::size_t i = 0; i < kBundles.size(); ++i) {
    const Expected& one = expected_of(i);
    const bool bundles = names_bundle_key(one, text);
    require(!bundles || text.size() >= normal_name(one.provider, one.cloud_key).size(),
            "no part of a key's name is its name");
    static_cast<void>(normal_name(one.provider, text));
  }
  require(may_be_same(text, text + "/1") || text.ends_with('/'), "a version is of its key");
  return outcome_of(name || kid.has_value());
}

}  // namespace keyrite::fuzz
