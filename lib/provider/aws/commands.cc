#include "provider/commands.h"

#include <fmt/format.h>

#include "base/text.h"
#include "provider/aws/reimport.h"
#include "provider/refusal.h"

namespace keyrite::provider::aws {
namespace {

constexpr std::string_view kImportAnswer = "answer-import.json";

class Commands {
 public:
  Commands(const Destination& destination, const ScriptInput& input)
      : destination_(destination),
        options_(std::get<ImportOptions>(destination.options)),
        input_(input) {}

  [[nodiscard]] bool again() const { return input_.purpose == Purpose::kVerification; }
  [[nodiscard]] bool symmetric() const {
    return destination_.cloud_algorithm == "SYMMETRIC_DEFAULT";
  }

  [[nodiscard]] ShellCommand of_key(std::string_view operation) const {
    ShellCommand command(fmt::format("aws kms {}", operation));
    command.option("--key-id", destination_.key_name);
    return command;
  }

  // Region, profile and output form stand at the end of every command.
  [[nodiscard]] ShellCommand& finish(ShellCommand& command) const {
    return command.option("--region", options_.region)
        .option("--profile", options_.profile)
        .fixed("--output json");
  }

  [[nodiscard]] ShellCommand import() const {
    ShellCommand command = of_key("import-key-material");
    command.fixed("--encrypted-key-material fileb://EncryptedKeyMaterial.bin")
        .fixed("--import-token fileb://ImportToken.bin")
        .option("--expiration-model", options_.expiration_model)
        .option("--valid-to", options_.valid_to);
    if (again()) {
      command.fixed(fmt::format("--import-type {}", kExistingMaterial));
      command.expand("--key-material-id", "$material_id");
    } else {
      command.option("--import-type", options_.import_type)
          .option("--key-material-id", options_.key_material_id)
          .option("--key-material-description", options_.key_material_description);
    }
    return finish(command);
  }

  [[nodiscard]] ShellCommand challenge(const ChallengeSpec& spec) const {
    const std::string file = "fileb://" + spec.input_file;
    if (spec.operation == Operation::kHmac) {
      ShellCommand command = of_key("generate-mac");
      command.option("--message", file).option("--mac-algorithm", spec.cloud_algorithm);
      return finish(command);
    }
    if (spec.operation == Operation::kSignature) {
      ShellCommand command = of_key("sign");
      command.option("--message", file)
          .fixed("--message-type RAW")
          .option("--signing-algorithm", spec.cloud_algorithm);
      return finish(command);
    }
    if (spec.operation == Operation::kKeyAgreement) {
      ShellCommand command = of_key("derive-shared-secret");
      command.option("--key-agreement-algorithm", spec.cloud_algorithm)
          .option("--public-key", file);
      return finish(command);
    }
    if (spec.operation == Operation::kRsaOaepEncrypt) {
      ShellCommand command = of_key("decrypt");
      command.option("--ciphertext-blob", file)
          .option("--encryption-algorithm", spec.cloud_algorithm);
      return finish(command);
    }
    no_command(spec);
  }

  [[nodiscard]] std::string answers() const {
    ShellCommand describe = of_key("describe-key");
    std::string lines = "  begin_questions\n";
    lines += shell_line("ask save answer-describe-key.json ", finish(describe));
    if (symmetric()) {
      ShellCommand rotations = of_key("list-key-rotations");
      rotations.fixed("--include-key-material ALL_KEY_MATERIAL");
      lines += shell_line("offer save answer-key-rotations.json ", finish(rotations));
    } else if (!destination_.key_type.is_secret()) {
      ShellCommand public_key = of_key("get-public-key");
      lines += shell_line("ask save answer-public-key.json ", finish(public_key));
    }
    for (const ChallengeSpec& spec : input_.asked) {
      const bool opens = spec.operation == Operation::kRsaOaepEncrypt;
      const std::string how =
          opens ? fmt::format("ask_to_open {} {} save {} ", spec.id,
                              shell_quote(destination_.key_name), spec.answer_file)
                : fmt::format("ask save {} ", spec.answer_file);
      lines += shell_line(how, challenge(spec));
    }
    return lines +
           fmt::format("  record_answers {}\n  all_answered\n", shell_quote(destination_.key_name));
  }

 private:
  const Destination& destination_;
  const ImportOptions& options_;
  const ScriptInput& input_;
};

// The id that AWS gave the material at the first import: told at wrap time, or read from that
// import's saved answer.
std::string material_id_function(const ImportOptions& options) {
  if (options.key_material_id) {
    return shell_function("find_material_id",
                          fmt::format("  material_id={}\n", *options.key_material_id));
  }
  return R"sh(find_material_id() {
  material_id=KEY_MATERIAL_ID
  [ "$print" = no ] || return 0
  [ -n "$first_answers" ] || fail "give the folder with the answers of the first import: --first-answers DIR"
  [ -f "$first_answers/answer-import.json" ] || fail "$first_answers/answer-import.json does not exist"
  material_id=$(sed -n 's/.*"KeyMaterialId": *"\([0-9a-f]*\)".*/\1/p' "$first_answers/answer-import.json")
  [ "${#material_id}" -eq 64 ] || fail "$first_answers/answer-import.json names no key material: the first import needs an aws client of 2025 or later"
}

)sh";
}

// AWS answers a re-import as it answers a first import, so what was asked is kept beside the
// answer.
std::string record_function() {
  return shell_function(
      "record_reimport",
      fmt::format(R"sh(  challenge=$(hash_of challenge.bin)
  {{
    printf '{{\n  "format": "{}",\n  "version": {},\n  "asked": "%s",\n' "$asked"
    printf '  "import_type": "{}",\n  "key_material_id": "%s",\n' "$material_id"
    printf '  "challenge_sha256": "%s",\n  "answer":\n' "${{challenge%% *}}"
    cat "$answers/{}"
    printf '}}\n'
  }} > "$work/{}"
  mv "$work/{}" "$answers/{}"
  say "saved $answers/{}"
)sh",
                  kReimportFormat, kReimportVersion, kExistingMaterial, kImportAnswer,
                  kReimportFile, kReimportFile, kReimportFile, kReimportFile));
}

// A client of before 2025 prints nothing of an import that is done: its answer is empty, and there.
constexpr std::string_view kSaveImport = R"sh(save_import() {
  if [ "$print" = yes ]; then
    save "$@"
    return 0
  fi
  capture "$@" || return 1
  [ -s "$work/$1" ] || printf '{}\n' > "$work/$1"
  put "$1"
}

)sh";

// A refused re-import is evidence too: what was asked is kept with AWS's words, and the questions
// are asked all the same. One that was taken puts the refusals of before aside.
constexpr std::string_view kImportAgain = R"sh(  [ "$print" = no ] || {{ import_again; return 0; }}
  asked=$(now)
  known=$(aws kms import-key-material --generate-cli-skeleton input 2> /dev/null) || known=
  case $known in
    *KeyMaterialId*) ;;
    *) [ "$old_client" = yes ] || fail 'this aws client cannot import existing key material: use one of June 2025 or later' ;;
  esac
  for path in "$answers"/answer-import-error.*; do
    [ ! -f "$path" ] || keep_old "${{path##*/}}"
  done
  if import_again; then
    record_reimport
  else
    refused=yes
    save_refusal answer-import-error.json {} {} "$material_id"
  fi
)sh";

constexpr std::string_view kVersions =
    R"sh(client_version() { aws --version 2>&1 | sed -n 's#^aws-cli/\([0-9.]*\).*#\1#p'; }
wanted_version() {
  case $1 in
    1.*) echo 1.29 ;;
    *) echo 2.9 ;;
  esac
}

)sh";

// Errors stay in the form that verify-import and people know; the region of the commands is also
// the environment's, for what a profile does before them.
std::string environment(const std::optional<std::string>& region) {
  std::string lines =
      "  export AWS_PAGER='' AWS_DEFAULT_OUTPUT=json AWS_CLI_ERROR_FORMAT=legacy "
      "AWS_CLI_AUTO_PROMPT=off\n";
  if (region) {
    lines += fmt::format("  export AWS_REGION={0} AWS_DEFAULT_REGION={0}\n", shell_quote(*region));
  }
  return shell_function("fix_environment", lines);
}

}  // namespace

std::string client_functions(const std::optional<std::string>& region) {
  return std::string(kVersions) + environment(region);
}

StepSet make_steps(const Destination& destination, const ScriptInput& input) {
  const Commands commands(destination, input);
  StepSet set{
      kClientNeeds, {}, client_functions(std::get<ImportOptions>(destination.options).region)};
  set.functions += kSaveImport;
  const std::string import =
      shell_line(fmt::format("save_import {} ", kImportAnswer), commands.import());
  std::string step = "  check_time\n  not_yet_imported\n";
  if (commands.again()) {
    set.functions += material_id_function(std::get<ImportOptions>(destination.options));
    set.functions += shell_function("import_again", import);
    set.functions += record_function();
    step += "  find_material_id\n" +
            fmt::format(kImportAgain, kImportQuestion, shell_quote(destination.key_name));
  } else {
    step += import;
  }
  set.functions += shell_function("step_import", step);
  set.functions += shell_function("step_answers", commands.answers());
  set.steps = {
      {"import", commands.again() ? "imports the same key a second time" : "imports the key"},
      {"answers", "saves the answers that verify-import needs"}};
  return set;
}

std::vector<std::string> preparation(const Destination& destination) {
  const auto& options = std::get<ImportOptions>(destination.options);
  const auto& parameters = std::get<ImportParameters>(destination.parameters);
  ShellCommand create("aws kms create-key --origin EXTERNAL");
  create.option("--key-spec", destination.cloud_algorithm)
      .option("--key-usage", options.key_usage)
      .option("--region", options.region)
      .option("--profile", options.profile)
      .fixed("--output json");
  ShellCommand fetch("aws kms get-parameters-for-import");
  fetch.option("--key-id", parameters.key_id)
      .option("--wrapping-algorithm", wrapping_algorithm_name(parameters.algorithm))
      .option("--wrapping-key-spec", fmt::format("RSA_{}", parameters.wrapping_key.rsa_bits()))
      .option("--region", options.region)
      .option("--profile", options.profile)
      .fixed("--output json > params.json");
  return {create.text(), fetch.text()};
}

}  // namespace keyrite::provider::aws
