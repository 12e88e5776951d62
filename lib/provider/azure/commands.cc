#include "provider/commands.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace keyrite::provider::azure {
namespace {

constexpr std::string_view kRestVersion = "7.5";

class Commands {
 public:
  Commands(const Destination& destination, const ScriptInput& input)
      : destination_(destination),
        options_(std::get<ImportOptions>(destination.options)),
        kid_(std::get<ImportParameters>(destination.parameters).kid),
        input_(input) {}

  [[nodiscard]] bool in_hsm() const { return options_.store == kManagedHsm; }
  [[nodiscard]] std::string_view store_option() const {
    return in_hsm() ? "--hsm-name" : "--vault-name";
  }

  [[nodiscard]] ShellCommand import() const {
    ShellCommand command("az keyvault key import");
    command.option(store_option(), kid_.store_name())
        .option("--name", destination_.key_name)
        .option("--kty", destination_.cloud_algorithm);
    if (destination_.key_type.family == KeyFamily::kEc) {
      command.option("--curve", std::string(curve_info(destination_.key_type.curve).jwk));
    }
    command.option("--byok-file", destination_.key_name + ".byok").fixed("--ops");
    for (const std::string& operation : options_.ops) command.word(operation);
    if (!options_.tags.empty()) command.fixed("--tags");
    for (const std::string& tag : options_.tags) command.word(tag);
    command.option("--expires", options_.expires).fixed("--output json");
    return command;
  }

  [[nodiscard]] ShellCommand of_version(std::string_view operation) const {
    ShellCommand command(fmt::format("az keyvault key {}", operation));
    command.expand("--id", "$kid");
    return command;
  }

  // wrapKey has no az command, sign none before az 2.54 and never one for HS256: the REST interface
  // does them all.
  [[nodiscard]] ShellCommand rest(std::string_view operation, const std::string& algorithm,
                                  ByteView value) const {
    ShellCommand command("az rest --method POST");
    command.expand("--uri", fmt::format("$kid/{}?api-version={}", operation, kRestVersion))
        .option("--resource", "https://" + kid_.host.substr(kid_.host.find('.') + 1))
        .option("--headers", "Content-Type=application/json")
        .option("--body",
                fmt::format(R"({{"alg":"{}","value":"{}"}})", algorithm, to_base64url(value)))
        .fixed("--output json");
    return command;
  }

  [[nodiscard]] ShellCommand challenge(const ChallengeSpec& spec) const {
    switch (spec.operation) {
      case Operation::kAesCbcEncrypt: {
        ShellCommand command = of_version("encrypt");
        return command.option("--algorithm", spec.cloud_algorithm)
            .option("--iv", to_hex(spec.iv))
            .expand("--value", fmt::format("$(base64_of {})", spec.input_file))
            .fixed("--data-type base64 --output json");
      }
      case Operation::kAesGcmEncrypt: {
        ShellCommand command = of_version("decrypt");
        return command.option("--algorithm", spec.cloud_algorithm)
            .option("--iv", to_hex(spec.iv))
            .expand("--value", fmt::format("$(head_of {} {})", spec.input_file, spec.input.size()))
            .expand("--tag", fmt::format("$(tag_of {})", spec.input_file))
            .fixed("--data-type base64 --output json");
      }
      case Operation::kRsaOaepEncrypt: {
        ShellCommand command = of_version("decrypt");
        return command.option("--algorithm", spec.cloud_algorithm)
            .expand("--value", fmt::format("$(base64_of {})", spec.input_file))
            .fixed("--data-type base64 --output json");
      }
      case Operation::kAesKeyWrap:
        return rest("wrapkey", spec.cloud_algorithm, spec.input);
      case Operation::kHmac:
      case Operation::kSignature:
        return rest("sign", spec.cloud_algorithm, message_digest(spec));
      case Operation::kAesCtrEncrypt:
      case Operation::kKeyAgreement:
        break;
    }
    no_command(spec);
  }

  [[nodiscard]] std::string answers() const {
    ShellCommand show = of_version("show");
    std::string lines = "  find_kid\n  begin_questions\n";
    lines += shell_line("ask save answer-key.json ", show.fixed("--output json"));
    if (in_hsm()) {
      ShellCommand attestation = of_version("get-attestation");
      attestation.expand("--file", "$(target answer-attestation.json)");
      lines += shell_line("offer fetch answer-attestation.json ", attestation);
    }
    for (const ChallengeSpec& spec : input_.asked) {
      const bool opens = spec.operation == Operation::kAesGcmEncrypt ||
                         spec.operation == Operation::kRsaOaepEncrypt;
      const std::string how =
          opens ? fmt::format("ask_to_open {} \"$kid\" save {} ", spec.id, spec.answer_file)
                : fmt::format("ask save {} ", spec.answer_file);
      lines += shell_line(how, challenge(spec));
    }
    return lines + "  record_answers \"$kid\"\n  all_answered\n";
  }

 private:
  const Destination& destination_;
  const ImportOptions& options_;
  const KeyUrl& kid_;
  const ScriptInput& input_;
};

constexpr std::string_view kClient =
    R"sh(client_version() { az version --output json | sed -n 's/.*"azure-cli": *"\([0-9.]*\)".*/\1/p'; }
wanted_version() { echo 2.45; }
fix_environment() {
  export AZURE_CORE_OUTPUT=json AZURE_CORE_NO_COLOR=true AZURE_CORE_ONLY_SHOW_ERRORS=true
  export AZURE_EXTENSION_USE_DYNAMIC_INSTALL=no
}

)sh";

// Every question goes to the version that the import made, not to whatever is latest.
constexpr std::string_view kFunctions = R"sh(base64_of() { base64 < "$1" | tr -d '\n'; }
head_of() { head -c "$2" "$1" | base64 | tr -d '\n'; }
tag_of() { tail -c 16 "$1" | od -An -v -tx1 | tr -d ' \n'; }

find_kid() {
  kid=KEY_ID_WITH_VERSION
  [ "$print" = no ] || return 0
  [ -f "$answers/answer-import.json" ] || fail "$answers/answer-import.json does not exist: run the step import first"
  kid=$(sed -n 's/.*"kid": *"\(https:[A-Za-z0-9.:/-]*\)".*/\1/p' "$answers/answer-import.json" | sed -n 1p)
  [ -n "$kid" ] || fail "$answers/answer-import.json names no key version"
}

)sh";

}  // namespace

std::string client_functions() { return std::string(kClient); }

StepSet make_steps(const Destination& destination, const ScriptInput& input) {
  const Commands commands(destination, input);
  StepSet set{kClientNeeds, {}, client_functions() + std::string(kFunctions)};
  set.functions +=
      shell_function("step_import", "  check_time\n  not_yet_imported\n" +
                                        shell_line("save answer-import.json ", commands.import()));
  set.functions += shell_function("step_answers", commands.answers());
  set.steps = {{"import", "imports the key, as a new version if the name exists"},
               {"answers", "saves the answers that verify-import needs"}};
  return set;
}

std::vector<std::string> preparation(const Destination& destination) {
  const auto& parameters = std::get<ImportParameters>(destination.parameters);
  const ScriptInput none;
  const Commands commands(destination, none);
  ShellCommand create("az keyvault key create");
  create.option(commands.store_option(), parameters.kid.store_name())
      .option("--name", parameters.kid.name)
      .fixed("--kty RSA-HSM")
      .option("--size", std::to_string(parameters.wrapping_key.rsa_bits()))
      .fixed("--ops import --output json > kek.json");
  return {create.text()};
}

}  // namespace keyrite::provider::azure
