// The parts of import.sh that are the same for every cloud: POSIX sh, no extension of any shell.
// Constants. Internal to provider.
#pragma once

#include <string_view>

namespace keyrite::provider {

// After the settings ($client, $valid_until, $bundle_core, ...) and digests(): how the script
// fails. Then come the checks, and the functions that run commands and keep answers, those of
// client_text.h among them.
inline constexpr std::string_view kScriptStart = R"sh(print=no
answers=
old_client=no
unanswered=no
refused=no
recorded=
asked=
work=

say() { printf 'import.sh: %s\n' "$1" >&2; }
fail() {
  say "$1"
  exit 1
}
now() { date -u +%Y-%m-%dT%H:%M:%SZ; }
)sh";

// After kScriptHash.
inline constexpr std::string_view kScriptFiles = R"sh(
# The last command of the pipe decides, so a wrong file ends the script.
check_files() {
  digests | while read -r wanted name; do
    [ -f "$name" ] || fail "$name is missing: copy the whole folder again"
    found=$(hash_of "$name")
    [ "${found%% *}" = "$wanted" ] || fail "$name was changed: do not import this bundle"
  done
}

# This script contains the core of manifest.json, in capitals: if the two differ, nothing is sent.
check_manifest() {
  [ -f manifest.json ] || fail "manifest.json is missing: copy the whole folder again"
  wanted=$(printf '%s' "$bundle_core" | tr -d ' ' | tr 'A-F' 'a-f')
  found=$(sed -n 's/^  "core_sha256": "\([0-9a-f]*\)",*$/\1/p' manifest.json)
  [ "$found" = "$wanted" ] || fail "manifest.json belongs to a different bundle than this script: do not import it"
  say "core of the bundle: $bundle_core"
}

)sh";

// After kScriptClient.
inline constexpr std::string_view kScriptChecks = R"sh(check_time() {
  [ "$print" = no ] || return 0
  [ -n "$valid_until" ] || return 0
  time=$(date -u +%Y%m%d%H%M%S)
  [ "$time" -lt "$valid_until" ] || fail "the import parameters expired at $valid_until_text, and it is now $(now): fetch new ones and wrap again"
}

not_yet_imported() {
  [ "$print" = no ] || return 0
  [ ! -e "$answers/answer-import.json" ] || fail "$answers/answer-import.json shows that this bundle was already imported: run ./import.sh answers, or give another folder with --answers"
}

)sh";

// After kScriptCommands.
inline constexpr std::string_view kScriptAnswers =
    R"sh(# keep_old FILE...: moves earlier answers into a folder named after the time of asking.
keep_old() {
  time=$(sed -n 's/.*"asked": "\([0-9TZ:-]*\)".*/\1/p' "$answers/$1" | sed -n 1p | tr -d ':')
  folder=$answers/asked-${time:-before}
  mkdir "$folder" 2> /dev/null || folder=$(mktemp -d "$folder.XXXXXX")
  for file in "$@"; do
    mv "$answers/$file" "$folder/$file"
  done
  say "moved the earlier answers to $folder"
}

# Questions change nothing in the cloud, so each run asks them again. Only the answer to the import
# itself is never replaced.
begin_questions() {
  [ "$print" = no ] || return 0
  asked=$(now)
  recorded=
  set --
  [ ! -e "$answers/answer-record.json" ] || set -- answer-record.json
  for path in "$answers"/answer-*; do
    case ${path##*/} in
      answer-import.json | answer-import-error.* | answer-reimport.json | answer-record.json) continue ;;
    esac
    [ ! -f "$path" ] || set -- "$@" "${path##*/}"
  done
  [ $# -eq 0 ] || keep_old "$@"
}

# record_answers KEY: records which key version answered, and when it was asked.
record_answers() {
  [ "$print" = no ] || return 0
  challenge=$(hash_of challenge.bin)
  {
    printf '{\n  "format": "keyrite-answers",\n  "version": 1,\n  "asked": "%s",\n' "$asked"
    printf '  "key": "%s",\n  "challenge_sha256": "%s",\n  "answers": [' "$1" "${challenge%% *}"
    separator=
    for file in $recorded; do
      digest=$(hash_of "$answers/$file")
      printf '%s\n    {"file": "%s", "sha256": "%s"}' "$separator" "$file" "${digest%% *}"
      separator=,
    done
    printf '\n  ]\n}\n'
  } > "$work/answer-record.json"
  mv "$work/answer-record.json" "$answers/answer-record.json"
}

# save_refusal FILE QUESTION KEY MATERIAL: records the question and the message of the client
# ($work/said). MATERIAL: an id, or empty.
save_refusal() {
  challenge=$(hash_of challenge.bin)
  message=$(LC_ALL=C tr '\n\r\t' '   ' < "$work/said" | LC_ALL=C tr -cd '\040-\176' | head -c 2000 | sed 's/[\\"]/\\&/g; s/^ *//; s/ *$//')
  {
    printf '{\n  "format": "keyrite-refusal",\n  "version": 1,\n  "asked": "%s",\n' "$asked"
    printf '  "question": "%s",\n  "key": "%s",\n' "$2" "$3"
    if [ -n "$4" ]; then
      printf '  "key_material_id": "%s",\n' "$4"
    else
      printf '  "key_material_id": null,\n'
    fi
    printf '  "challenge_sha256": "%s",\n  "message": "%s"\n}\n' "${challenge%% *}" "$message"
  } > "$work/$1"
  mv "$work/$1" "$answers/$1"
  say "saved $answers/$1"
}

# If one question gets no answer, the others are still asked.
ask() {
  "$@" || {
    unanswered=yes
    say "no answer for $2"
  }
}
# offer save FILE COMMAND...: optional, verify-import does not need it.
offer() {
  "$@" || say "no answer for $2: it is optional"
}
# ask_to_open QUESTION KEY COMMAND...: asks the cloud to decrypt what was encrypted under the token's
# key. A refusal is evidence too.
ask_to_open() {
  question=$1
  key=$2
  shift 2
  "$@" || {
    refused=yes
    save_refusal "answer-$question-error.json" "$question" "$key" ''
  }
}
all_answered() {
  [ "$unanswered" = no ] || fail "some questions were not answered: correct what the messages above say and run ./import.sh answers again"
}
none_refused() {
  [ "$refused" = no ] || fail "the cloud refused something that the same key can do, or the client failed. Its message is saved with the answers: run verify-import to see what it means. Ask again only if the message is about something other than the key"
}

)sh";

// After the steps and usage(): options, checks, steps in the order given. $default_steps,
// is_step(), run_step() and set_folder() come from the tables in script.cc.
inline constexpr std::string_view kScriptMain = R"sh(absolute() {
  case $1 in
    /*) printf '%s\n' "$1" ;;
    *) printf '%s\n' "$PWD/$1" ;;
  esac
}

while [ $# -gt 0 ]; do
  case $1 in
    --print) print=yes ;;
    --old-client) old_client=yes ;;
    -h | --help)
      usage
      exit 0
      ;;
    -*)
      [ -n "${2:-}" ] || fail "$1 is not an option, or needs a folder after it"
      set_folder "$1" "$(absolute "$2")" || fail "$1 is not an option"
      shift
      ;;
    *) break ;;
  esac
  shift
done

CDPATH='' cd -- "$(dirname -- "$0")"
[ -n "$answers" ] || answers=$(pwd -P).answers
while [ "$answers" != / ] && [ "${answers%/}" != "$answers" ]; do
  answers=${answers%/}
done
# The default steps are separate words.
# shellcheck disable=SC2086
[ $# -gt 0 ] || set -- $default_steps
for step in "$@"; do
  is_step "$step" || fail "$step is not a step"
done
if [ "$print" = no ]; then
  check_manifest
  check_files
  fix_environment
  check_client
  open_answers
fi
for step in "$@"; do
  run_step "$step"
done
none_refused
)sh";

}  // namespace keyrite::provider
