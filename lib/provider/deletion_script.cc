// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// The script that deletes at one cloud what was given up, and saves what the cloud says then.
#include <fmt/format.h>

#include "base/text.h"
#include "provider/client_text.h"
#include "provider/deletion.h"

namespace keyrite::provider {
namespace {

// After $name and $client: its options.
constexpr std::string_view kDeletionOptions = R"sh(print=no
purge=no
left=0
answers=
work=

say() { printf '%s: %s\n' "$name" "$1" >&2; }
fail() {
  say "$1"
  exit 1
}
usage() {
  printf 'usage: sh %s [--print] [--purge] [--answers DIR]\n' "$name" >&2
  exit 2
}
while [ $# -gt 0 ]; do
  case $1 in
    --print) print=yes ;;
    --purge) purge=yes ;;
    --answers)
      [ -n "${2:-}" ] || usage
      case $2 in
        /*) answers=$2 ;;
        *) answers=$PWD/$2 ;;
      esac
      shift
      ;;
    *) usage ;;
  esac
  shift
done
)sh";

constexpr std::string_view kDeletionStart = R"sh(CDPATH='' cd -- "$(dirname -- "$0")"
[ -n "$answers" ] || answers=$(pwd -P).answers
while [ "$answers" != / ] && [ "${answers%/}" != "$answers" ]; do
  answers=${answers%/}
done
if [ "$print" = no ]; then
  command -v "$client" > /dev/null 2>&1 || fail "$client is not installed here"
  open_answers
fi

# Whatever the environment says: no pager, no prompt, times in UTC.
AWS_PAGER=''
CLOUDSDK_CORE_DISABLE_PROMPTS=1
TZ=UTC0
export AWS_PAGER CLOUDSDK_CORE_DISABLE_PROMPTS TZ

left_out() {
  say "$1: NOT done: $2"
  left=1
}

# Who asks, and what else is seen there in this run: without both, a key that is not found shows nothing.
absent() {
  printf '{"not_found":"%s","caller":' "$1"
  "$2" || return 1
  printf ',"others":'
  "$3" || return 1
  printf '}\n'
}

# keep PLACE FILE QUESTION [WORD CALLER OTHERS]: what the cloud says of it now. WORD is in the error of a cloud that
# does not know it any more.
keep() {
  if "$3" > "$work/$2" 2> "$work/why" && [ -s "$work/$2" ]; then
    mv "$work/$2" "$answers/$2"
    say "$1: saved $answers/$2"
    return
  fi
  cat "$work/why" >&2
  if [ -n "${4:-}" ] && grep -q "$4" "$work/why" && absent "$4" "$5" "$6" > "$work/$2"; then
    mv "$work/$2" "$answers/$2"
    say "$1: the cloud does not know it any more: saved $answers/$2"
  else
    left_out "$1" 'the cloud does not say how it is now'
  fi
}

)sh";

std::string tried(const std::string& command, const std::string& otherwise) {
  return fmt::format("    {} > /dev/null || say {}\n", command, shell_quote(otherwise));
}

// What was deleted before fails, and what the cloud says of it is saved all the same.
std::string deeds_of(const DeletionStep& step) {
  const auto failed = step.place + ": the command failed, or it was done before";
  const auto purge = step.purge
                         ? tried(*step.purge, step.place +
                                                  ": NOT purged: with purge protection only its "
                                                  "day ends it")
                         : std::string("    :\n");
  return fmt::format("  if [ \"$purge\" = yes ]; then\n{}  else\n{}{}  fi\n", purge,
                     step.first ? tried(*step.first, failed) : std::string(),
                     tried(*step.command, failed));
}

// For --print, in the order in which they are run.
std::string commands_of(const DeletionStep& step) {
  std::string words;
  for (const auto& one : {step.first, step.command, step.question, step.purge}) {
    if (one) words += " " + shell_quote(*one);
  }
  return words;
}

std::string step_of(const DeletionStep& step, std::size_t number) {
  const auto place = shell_quote(step.place);
  if (!step.command || !step.question) {
    return fmt::format(
        "left_out {} 'no command is known to delete it alone: find it there, and delete nothing "
        "else'\n\n",
        place);
  }
  std::string asked;
  std::string beside;
  if (step.absent) {
    asked = fmt::format("caller_{0}() {{ {1}; }}\nothers_{0}() {{ {2}; }}\n", number,
                        step.absent->caller, step.absent->others);
    beside = fmt::format(" {1} caller_{0} others_{0}", number, shell_quote(step.absent->word));
  }
  return asked + fmt::format(
                     "question_{0}() {{ {1}; }}\nif [ \"$print\" = yes ]; then\n  printf "
                     "'%s\\n'{2}\nelse\n{3}  keep {4} {5} question_{0}{6}\nfi\n\n",
                     number, *step.question, commands_of(step), deeds_of(step), place,
                     shell_quote(step.file), beside);
}

}  // namespace

std::string deletion_script_name(Provider provider) {
  return fmt::format("{}-delete.sh", provider_name(provider));
}

std::string deletion_script(Provider provider, const std::string& version,
                            const std::vector<DeletionStep>& steps) {
  const auto name = deletion_script_name(provider);
  std::string text = fmt::format(
      "#!/bin/sh\n# Deletes {} at {}. This file contains no secrets.\n"
      "# sh {} --print shows the commands. Names are in single quotes and are never expanded.\n"
      "# shellcheck disable=SC1003,SC2016,SC2317,SC2329\nset -eu\numask 077\n\nname={}\n"
      "client={}\n",
      version, provider_title(provider), name, name, provider_client(provider));
  for (const auto part : {kDeletionOptions, kCleanUp, kAnswersFolder, kDeletionStart}) text += part;
  for (std::size_t i = 0; i < steps.size(); ++i) text += step_of(steps[i], i);
  return text + "exit \"$left\"\n";
}

}  // namespace keyrite::provider
