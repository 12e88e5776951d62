#include "provider/script.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "provider/client_text.h"
#include "provider/cloud_table.h"
#include "provider/commands.h"
#include "provider/recorded_text.h"
#include "provider/script_text.h"

namespace keyrite::provider {
namespace {

StepSet steps_of(const Destination& destination, const ScriptInput& input) {
  check_purpose(destination, input.purpose);
  return cloud_of(destination.provider()).make_steps(destination, input);
}

std::string settings(const Destination& destination, const StepSet& set, const ScriptInput& input) {
  std::string lines;
  for (const auto& [name, value] : script_settings(
           destination.provider(), valid_until(destination.parameters), input.core_sha256)) {
    lines += fmt::format("{}={}\n", name, value);
  }
  return lines + fmt::format("client_needs='{}'\n", set.needs);
}

std::string digests(const ScriptInput& input) {
  std::string lines = "digests() {\n  cat << 'END_OF_DIGESTS'\n";
  for (const FolderFile& file : input.files) {
    lines += fmt::format("{}  {}\n", to_hex(crypto::sha256(file.content)), file.name);
  }
  return lines + "END_OF_DIGESTS\n}\n\n";
}

std::string default_steps(const StepSet& set) {
  std::vector<std::string_view> names;
  for (const Step& step : set.steps) {
    if (step.by_default) names.emplace_back(step.name);
  }
  return fmt::format("{}", fmt::join(names, " "));
}

// What may have to be done before the steps that run by themselves.
std::string optional_steps(const StepSet& set) {
  std::string lines;
  for (const Step& step : set.steps) {
    if (!step.by_default) {
      lines +=
          fmt::format("     ./import.sh {}    if this is not done yet: {}\n", step.name, step.what);
    }
  }
  return lines;
}

std::string usage_lines(const StepSet& set) {
  std::string lines;
  for (const Step& step : set.steps) {
    lines += fmt::format("  {:<12} {}\n", step.name, step.what);
  }
  return lines;
}

std::string usage(const StepSet& set, const ScriptInput& input) {
  const std::string_view first = input.purpose == Purpose::kVerification
                                     ? "  --first-answers DIR  the answers of the first import\n"
                                     : "";
  return fmt::format(
      "usage() {{\n  cat << 'END_OF_USAGE'\n"
      "usage: ./import.sh [--print] [--old-client] [--answers DIR] [STEP...]\n\n"
      "  --print              prints the commands without running them\n"
      "  --old-client         does not check the version of the client;\n"
      "                       this script needs {}\n"
      "  --answers DIR        saves the answers there, in a folder that only you can\n"
      "                       write to; default: next to this folder\n"
      "{}\nsteps (by default: {}):\n{}END_OF_USAGE\n}}\n\n",
      set.needs, first, default_steps(set), usage_lines(set));
}

// The options that name a folder.
std::string folder_options(const ScriptInput& input) {
  const bool again = input.purpose == Purpose::kVerification;
  return fmt::format(
      "{}set_folder() {{\n  case $1 in\n    --answers) answers=$2 ;;\n{}    *) return 1 ;;\n"
      "  esac\n}}\n\n",
      again ? "first_answers=\n" : "", again ? "    --first-answers) first_answers=$2 ;;\n" : "");
}

std::string step_table(const StepSet& set) {
  std::string is_step = "is_step() {\n  case $1 in\n    ";
  std::string run_step = "run_step() {\n  case $1 in\n";
  for (const Step& step : set.steps) {
    std::string function = step.name;
    std::replace(function.begin(), function.end(), '-', '_');
    is_step += fmt::format("{}{}", &step == &set.steps.front() ? "" : " | ", step.name);
    run_step += fmt::format("    {}) step_{} ;;\n", step.name, function);
  }
  return fmt::format(
      "default_steps='{}'\n\n{}) ;;\n    *) return 1 ;;\n  esac\n}}\n\n{}  esac\n}}\n\n",
      default_steps(set), is_step, run_step);
}

}  // namespace

std::string import_script(const Destination& destination, const ScriptInput& input) {
  const StepSet set = steps_of(destination, input);
  std::string script = fmt::format(
      "#!/bin/sh\n# Imports the key of this bundle into {}. This file contains no secrets.\n"
      "# ./import.sh --help lists the steps, ./import.sh --print shows the commands.\n"
      "# Values that the operator chose are in single quotes and are never expanded.\n"
      "# shellcheck disable=SC2016\nset -eu\n"
      "umask 077\n\n",
      provider_title(destination.provider()));
  script += settings(destination, set, input);
  script += digests(input);
  for (const auto part : {kScriptStart, kCleanUp, kScriptHash, kScriptFiles, kScriptClient,
                          kAnswersFolder, kScriptChecks, kScriptCommands, kScriptAnswers})
    script += part;
  script += set.functions;
  script += folder_options(input);
  script += step_table(set);
  script += usage(set, input);
  script += kScriptMain;
  return script;
}

std::string readme(const Destination& destination, const ScriptInput& input) {
  const StepSet set = steps_of(destination, input);
  const bool again = input.purpose == Purpose::kVerification;
  std::string text = fmt::format(
      "{}\n\nFor the person at the connected machine. Only {} can unwrap the\nkey in this folder, "
      "so no file here is secret. Do not change any file: what is imported\ndepends on all of "
      "them.\n\n",
      again ? "A wrapped key, for a second import that verifies the first"
            : "A wrapped key, for import",
      provider_title(destination.provider()));
  text += readme_facts(destination.names, input.origin, valid_until(destination.parameters),
                       input.core_sha256);
  text += fmt::format(
      "What to do\n\n  1. Compare the SHA-256 of manifest.json with the protocol of the ceremony. "
      "Log in "
      "with {}.\n     You need {}.\n"
      "  2. ./import.sh --print    shows the commands\n{}"
      "  3. ./import.sh{}    runs them; it refuses when one of the files it sends was changed,\n"
      "     and when the import parameters have expired\n"
      "  4. Bring the folder of answers back. It has the name of this folder, with .answers\n"
      "     at the end. verify-import compares it with this bundle. ./import.sh answers asks\n"
      "     again at any time: it changes nothing in the cloud, and moves earlier answers to\n"
      "     a folder of their own.\n\n"
      "If the medium does not allow programs or writing: sh import.sh --answers DIR\n\n"
      "Steps of import.sh (by default: {})\n\n{}",
      provider_client(destination.provider()), set.needs, optional_steps(set),
      again ? " --first-answers DIR" : "", default_steps(set), usage_lines(set));
  text += "\nHow the import parameters were fetched, for the next time\n\n";
  for (const std::string& command : preparation(destination))
    text += fmt::format("  {}\n", command);
  return text;
}

std::vector<std::string> preparation(const Destination& destination) {
  return cloud_of(destination.provider()).preparation(destination);
}

Bytes message_digest(const ChallengeSpec& spec) {
  // Another reading of the command already has the digest as its input.
  if (spec.same_command) return spec.input;
  return spec.hash ? crypto::digest(*spec.hash, spec.input) : spec.input;
}

void no_command(const ChallengeSpec& spec) {
  throw Error(Kind::kInternal, "challenge-without-command",
              fmt::format("the challenge {} has no command in this cloud", spec.id));
}

}  // namespace keyrite::provider
