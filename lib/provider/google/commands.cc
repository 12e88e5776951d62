#include "provider/commands.h"

#include <fmt/format.h>

#include "base/text.h"

namespace keyrite::provider::google {
namespace {

class Commands {
 public:
  Commands(const Destination& destination, const ScriptInput& input)
      : destination_(destination),
        options_(std::get<ImportOptions>(destination.options)),
        parameters_(std::get<ImportParameters>(destination.parameters)),
        input_(input) {}

  [[nodiscard]] bool needs_primary() const {
    return options_.purpose == "encryption" && !options_.keep_primary;
  }
  [[nodiscard]] bool has_attestation() const { return parameters_.protection_level != "software"; }

  // The end of every command.
  [[nodiscard]] ShellCommand& in_ring(ShellCommand& command) const {
    return command.option("--keyring", parameters_.job.keyring)
        .option("--location", parameters_.job.location)
        .option("--project", parameters_.job.project);
  }
  [[nodiscard]] ShellCommand& of_key(ShellCommand& command) const {
    return in_ring(command.option("--key", destination_.key_name));
  }

  [[nodiscard]] ShellCommand create() const {
    ShellCommand command("gcloud kms keys create");
    command.word(destination_.key_name)
        .option("--purpose", options_.purpose)
        .option("--protection-level", parameters_.protection_level);
    if (options_.purpose != "encryption") {
      command.option("--default-algorithm", destination_.cloud_algorithm);
    }
    command.fixed("--skip-initial-version-creation --import-only")
        .option("--destroy-scheduled-duration", options_.destroy_scheduled_duration);
    return in_ring(command);
  }

  [[nodiscard]] ShellCommand import() const {
    ShellCommand command("gcloud kms keys versions import");
    command.option("--import-job", parameters_.job.job)
        .option("--algorithm", destination_.cloud_algorithm)
        .fixed("--wrapped-key-file wrapped-key.bin")
        .option("--version", options_.version);
    return of_key(command).fixed("--format json");
  }

  [[nodiscard]] ShellCommand set_primary() const {
    ShellCommand command("gcloud kms keys set-primary-version");
    command.word(destination_.key_name).expand("--version", "$version");
    return in_ring(command);
  }

  // `verb` of the imported version: gcloud takes its number as a word.
  [[nodiscard]] ShellCommand of_version(std::string_view verb) const {
    ShellCommand command(fmt::format("gcloud kms keys versions {} \"$version\"", verb));
    return of_key(command);
  }

  [[nodiscard]] ShellCommand crypto(std::string_view operation) const {
    ShellCommand command(fmt::format("gcloud kms {} --version \"$version\"", operation));
    return of_key(command);
  }

  [[nodiscard]] ShellCommand challenge(const ChallengeSpec& spec) const {
    const std::string output = fmt::format("$(target {})", spec.answer_file);
    switch (spec.operation) {
      case Operation::kHmac: {
        ShellCommand command = crypto("mac-sign");
        return command.option("--input-file", spec.input_file).expand("--signature-file", output);
      }
      case Operation::kAesCbcEncrypt:
      case Operation::kAesCtrEncrypt: {
        ShellCommand command = crypto("raw-encrypt");
        return command.option("--plaintext-file", spec.input_file)
            .option("--initialization-vector-file", spec.iv_file)
            .expand("--ciphertext-file", output);
      }
      case Operation::kAesGcmEncrypt: {
        ShellCommand command = crypto("raw-decrypt");
        return command.option("--ciphertext-file", spec.input_file)
            .option("--initialization-vector-file", spec.iv_file)
            .expand("--plaintext-file", output);
      }
      case Operation::kRsaOaepEncrypt: {
        ShellCommand command = crypto("asymmetric-decrypt");
        return command.option("--ciphertext-file", spec.input_file)
            .expand("--plaintext-file", output);
      }
      case Operation::kSignature: {
        ShellCommand command = crypto("asymmetric-sign");
        // Ed25519 signs the message itself, raw PKCS #1 the DigestInfo that it is given.
        if (spec.hash) command.option("--digest-algorithm", digest_name(spec));
        return command.option("--input-file", spec.input_file).expand("--signature-file", output);
      }
      case Operation::kAesKeyWrap:
      case Operation::kKeyAgreement:
        break;
    }
    no_command(spec);
  }

  [[nodiscard]] std::string answers() const {
    ShellCommand describe = of_version("describe");
    std::string lines = "  find_version\n  await_enabled\n  begin_questions\n";
    lines += shell_line("ask save answer-version.json ", describe.fixed("--format json"));
    if (!destination_.key_type.is_secret()) {
      ShellCommand public_key = of_version("get-public-key");
      public_key.expand("--output-file", "$(target answer-public-key.pem)");
      lines += shell_line("ask fetch answer-public-key.pem ", public_key);
    }
    if (has_attestation()) lines += attestation();
    for (const ChallengeSpec& spec : input_.asked) {
      const std::string open = fmt::format("ask_to_open {} \"$version_name\" ", spec.id);
      if (spec.operation == Operation::kAesGcmEncrypt) {
        lines += fmt::format("  {}decrypt_gcm\n", open);
      } else if (spec.operation == Operation::kRsaOaepEncrypt) {
        lines += shell_line(fmt::format("{}fetch {} ", open, spec.answer_file), challenge(spec));
      } else {
        lines += shell_line(fmt::format("ask fetch {} ", spec.answer_file), challenge(spec));
      }
    }
    return lines + "  record_answers \"$version_name\"\n  all_answered\n";
  }

  // gcloud up to now sends IVs of 16 bytes only, GCM's has 12 (seen in release 528); the service
  // itself takes them. The access token goes through a pipe, so that no process list shows it.
  [[nodiscard]] std::string gcm_functions() const {
    std::string functions;
    for (const ChallengeSpec& spec : input_.asked) {
      if (spec.operation != Operation::kAesGcmEncrypt) continue;
      functions += shell_function("rest_raw_decrypt", rest_lines(spec));
      functions += shell_function(
          "decrypt_gcm",
          fmt::format(
              "  fetch {0} {1} && return 0\n"
              "  grep -q 'IV size must be' \"$work/said\" || return 1\n"
              "  say 'this gcloud cannot send an IV of 12 bytes: using the REST interface'\n"
              "  save {2}.json rest_raw_decrypt\n",
              spec.answer_file, challenge(spec).text(),
              spec.answer_file.substr(0, spec.answer_file.rfind('.'))));
    }
    return functions;
  }

 private:
  [[nodiscard]] std::string rest_lines(const ChallengeSpec& spec) const {
    return fmt::format(
        R"sh(  command -v curl > /dev/null 2>&1 || {{
    echo 'curl is not installed here' >&2
    return 1
  }}
  token=$(gcloud auth print-access-token) || return 1
  endpoint=$(gcloud config get-value api_endpoint_overrides/cloudkms 2> /dev/null) || endpoint=
  universe=$(gcloud config get-value core/universe_domain 2> /dev/null) || universe=
  [ -n "$endpoint" ] || endpoint=https://cloudkms.${{universe:-googleapis.com}}
  body="{{\"ciphertext\":\"$(base64 < {} | tr -d '\n')\",\"initializationVector\":\"{}\"}}"
  status=$(printf 'header = "Authorization: Bearer %s"\n' "$token" |
    curl --silent --show-error --config - --header 'Content-Type: application/json' --data "$body" --output "$work/rest" --write-out '%{{http_code}}' "${{endpoint%/}}/v1/$version_name:rawDecrypt") || return 1
  if [ "$status" = 200 ]; then
    cat "$work/rest"
  else
    cat "$work/rest" >&2
    return 1
  fi
)sh",
        spec.input_file, to_base64(spec.iv));
  }

  // "SHA-256" as gcloud spells it.
  [[nodiscard]] static std::string digest_name(const ChallengeSpec& spec) {
    return fmt::format("sha{}", crypto::digest_bytes(spec.hash.value()) * 8);
  }

  [[nodiscard]] std::string attestation() const {
    ShellCommand statement = of_version("describe");
    statement.expand("--attestation-file", "$(target answer-attestation.dat)");
    ShellCommand chain = of_version("get-certificate-chain");
    chain.expand("--output-file", "$(target answer-certificates.pem)");
    return shell_line("offer fetch answer-attestation.dat ", statement) +
           shell_line("offer fetch answer-certificates.pem ", chain);
  }

  const Destination& destination_;
  const ImportOptions& options_;
  const ImportParameters& parameters_;
  const ScriptInput& input_;
};

constexpr std::string_view kClient =
    R"sh(client_version() { gcloud --version | sed -n 's/^Google Cloud SDK \([0-9.]*\).*/\1/p'; }
wanted_version() { echo 528; }
fix_environment() {
  export CLOUDSDK_CORE_DISABLE_PROMPTS=1 CLOUDSDK_CORE_SHOW_STRUCTURED_LOGS=never
  unset CLOUDSDK_CORE_FORMAT CLOUDSDK_CORE_DEFAULT_FORMAT
}

)sh";

constexpr std::string_view kFunctions = R"sh(find_version() {
  version=VERSION
  version_name=$key_name/cryptoKeyVersions/VERSION
  [ "$print" = no ] || return 0
  [ -f "$answers/answer-import.json" ] || fail "$answers/answer-import.json does not exist: run the step import first"
  version=$(sed -n 's#.*"name": *"[^"]*/cryptoKeyVersions/\([0-9][0-9]*\)".*#\1#p' "$answers/answer-import.json" | sed -n 1p)
  [ -n "$version" ] || fail "$answers/answer-import.json names no key version"
  version_name=$key_name/cryptoKeyVersions/$version
}

)sh";

// The import goes on after gcloud came back; ten minutes are far more than it takes.
std::string await_function(const Commands& commands) {
  ShellCommand state = commands.of_version("describe");
  state.word("--format=value(state)");
  ShellCommand reason = commands.of_version("describe");
  reason.word("--format=value(importFailureReason)");
  return fmt::format(R"sh(await_enabled() {{
  if [ "$print" = yes ]; then
    show {0}
    return 0
  fi
  tries=0
  while :; do
    state=$({0})
    case $state in
      ENABLED) return 0 ;;
      PENDING_IMPORT) ;;
      IMPORT_FAILED) fail "the import of version $version failed: $({1})" ;;
      *) fail "version $version is in state $state" ;;
    esac
    tries=$((tries + 1))
    [ "$tries" -lt 60 ] || fail "version $version is still in state $state after ten minutes: run the remaining steps later"
    sleep 10
  done
}}

)sh",
                     state.text(), reason.text());
}

}  // namespace

std::string client_functions() { return std::string(kClient); }

StepSet make_steps(const Destination& destination, const ScriptInput& input) {
  const Commands commands(destination, input);
  StepSet set{kClientNeeds,
              {},
              fmt::format("key_name={}\n{}{}{}", shell_quote(destination.cloud_key), kClient,
                          kFunctions, await_function(commands))};
  set.functions += shell_function("step_create", shell_line("run ", commands.create()));
  set.functions +=
      shell_function("step_import", "  check_time\n  not_yet_imported\n" +
                                        shell_line("save answer-import.json ", commands.import()) +
                                        "  find_version\n  await_enabled\n");
  set.functions += commands.gcm_functions();
  set.functions += shell_function("step_answers", commands.answers());
  set.steps = {{"create", "creates the key to import into, if it does not exist", false},
               {"import", "imports the key and waits until the version is enabled"}};
  if (destination.use.algorithm == "google-symmetric-encryption") {
    set.functions +=
        shell_function("step_set_primary", "  find_version\n  await_enabled\n" +
                                               shell_line("run ", commands.set_primary()));
    set.steps.push_back({"set-primary",
                         "makes the imported version the primary one, which encrypts",
                         commands.needs_primary()});
  }
  set.steps.push_back({"answers", "saves the answers that verify-import needs"});
  return set;
}

std::vector<std::string> preparation(const Destination& destination) {
  const auto& parameters = std::get<ImportParameters>(destination.parameters);
  const ScriptInput none;
  const Commands commands(destination, none);
  ShellCommand ring("gcloud kms keyrings create");
  ring.word(parameters.job.keyring)
      .option("--location", parameters.job.location)
      .option("--project", parameters.job.project);
  ShellCommand job("gcloud kms import-jobs create");
  job.word(parameters.job.job)
      .option("--import-method", std::string(parameters.method.name))
      .option("--protection-level", parameters.protection_level);
  ShellCommand describe("gcloud kms import-jobs describe");
  describe.word(parameters.job.job);
  return {ring.text(), commands.in_ring(job).text(),
          commands.in_ring(describe).fixed("--format json > job.json").text()};
}

}  // namespace keyrite::provider::google
