// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/rehearsal.h"

#include <chrono>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "ceremony/act_flow.h"
#include "ceremony/planned_request.h"
#include "ceremony/step_acts.h"
#include "crypto/public_key.h"
#include "crypto/random.h"
#include "crypto/throwaway_rsa.h"

namespace keyrite::ceremony {

namespace {

namespace fs = std::filesystem;

constexpr unsigned kWrappingBits = 4096;
constexpr std::size_t kImportTokenBytes = 256;
// Nobody's: the account of AWS's own examples.
constexpr const char* kKeyArn =
    "arn:aws:kms:eu-central-1:111122223333:key/00000000-0000-4000-8000-000000000000";

crypto::PublicKey wrapping_key() { return crypto::ThrowawayRsa::make(kWrappingBits).public_key(); }

// aws kms get-parameters-for-import
Json aws_parameters(TimePoint now) {
  const auto until = std::chrono::floor<std::chrono::seconds>(now + std::chrono::hours(24));
  return {{"KeyId", kKeyArn},
          {"ImportToken", to_base64(crypto::random_bytes(kImportTokenBytes))},
          {"PublicKey", to_base64(wrapping_key().spki())},
          {"ParametersValidTo", format_rfc3339(until)}};
}

// az keyvault key show
Json azure_parameters() {
  const auto key = wrapping_key();
  return {{"attributes", {{"enabled", true}}},
          {"key",
           {{"e", to_base64(key.rsa_exponent())},
            {"keyOps", {"import"}},
            {"kid",
             "https://rehearsal.managedhsm.azure.net/keys/kek/"
             "00000000000040008000000000000000"},
            {"kty", "RSA-HSM"},
            {"n", to_base64(key.rsa_modulus())}}}};
}

// gcloud kms import-jobs describe --format json
Json google_parameters(TimePoint now) {
  const auto at = [&](std::chrono::hours after) {
    return format_rfc3339(std::chrono::floor<std::chrono::seconds>(now + after));
  };
  return {{"createTime", at(std::chrono::hours(0))},
          {"generateTime", at(std::chrono::hours(0))},
          {"expireTime", at(std::chrono::hours(72))},
          {"importMethod", "RSA_OAEP_4096_SHA1_AES_256"},
          {"name", "projects/rehearsal/locations/europe-west3/keyRings/ring/importJobs/job"},
          {"protectionLevel", "HSM"},
          {"publicKey", {{"pem", wrapping_key().pem()}}},
          {"state", "ACTIVE"}};
}

Json parameters_of(const std::string& cloud, TimePoint now) {
  if (cloud == "aws") return aws_parameters(now);
  return cloud == "azure" ? azure_parameters() : google_parameters(now);
}

// Empty: a rehearsal has none.
std::string rehearsed(const Input& input, const std::string& folder, TimePoint now) {
  std::string place = (fs::path(folder) / input.name).native();
  if (!input.cloud.empty()) {
    std::string path = place + ".json";
    write_new_file(path, as_bytes(dump_json(parameters_of(input.cloud, now))));
    return path;
  }
  switch (input.kind) {
    case InputKind::kText:
      return input.rehearsal.empty() ? "rehearsal-" + input.name : input.rehearsal;
    case InputKind::kOutput:
      return place;
    case InputKind::kFile:
    case InputKind::kFolder:
      break;
  }
  return {};
}

}  // namespace

const std::vector<act::Field<RehearseRequest>>& RehearseRequest::table() {
  using R = RehearseRequest;
  static const std::vector<act::Field<R>> fields{
      {{.name = "file",
        .value = "FILE",
        .help = "the ceremony, in TOML (docs/formats/ceremony.md)",
        .need = act::Need::kRequired,
        .shape = act::Shape::kPositional,
        .binds = act::Binds::input()},
       &R::file},
      {{.name = "out",
        .value = "FOLDER",
        .help = "the new folder of the rehearsal: its token, its site and what its acts make",
        .need = act::Need::kRequired,
        .binds = act::Binds::output()},
       &R::out},
      {{.name = "bind",
        .value = "NAME=VALUE",
        .help = "the value of an input of the ceremony; a rehearsal has values for the others",
        .binds = act::Binds::name()},
       &R::bind},
      {{.name = "module",
        .value = "FILE",
        .help = "the module of SoftHSM, where it is not Debian's",
        .binds = act::Binds::input()},
       &R::module}};
  return fields;
}

Bindings rehearsed_bindings(const Ceremony& ceremony, const Bindings& given,
                            const std::string& folder, TimePoint now) {
  std::vector<std::string> words;
  for (const auto& input : ceremony.inputs) {
    auto value = given.value(input.name);
    if (!value) value = rehearsed(input, folder, now);
    if (!value->empty()) words.push_back(fmt::format("{}={}", input.name, *value));
  }
  return Bindings::of(words, ceremony);
}

void set_up(const Ceremony& ceremony, const Bindings& bindings, const act::Context& context,
            act::Runner& runner) {
  for (const auto& setup : ceremony.rehearsal) {
    const Step step{.name = "rehearsal", .act = setup.act, .fields = setup.fields};
    const auto planned =
        planned_request(step, [&](const std::string& name) { return bindings.value(name); });
    auto flow = start_flow(*find_act(setup.act), planned.request, context);
    while (const auto act = flow.next())
      (void)runner.run(*act, [](const act::Outcome& /*outcome*/) {});
  }
}

}  // namespace keyrite::ceremony
