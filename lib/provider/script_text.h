// The parts of import.sh that are the same for every cloud: POSIX sh, no extension of any shell.
// Constants. Internal to provider.
#pragma once

#include <string_view>

namespace keyrite::provider {

// After the settings ($client, $valid_until, $bundle_core, ...) and digests(): the checks, and the
// functions that run commands and keep answers.
inline constexpr std::string_view kScriptFunctions = R"sh(print=no
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
clean_up() { [ -z "$work" ] || rm -rf -- "$work"; }
trap clean_up EXIT
trap 'exit 1' HUP INT TERM

hash_of() {
  if command -v sha256sum > /dev/null 2>&1; then
    sha256sum < "$1"
  else
    shasum -a 256 < "$1"
  fi
}

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

# at_least HAVE WANTED: numbers with points, compared part by part.
at_least() {
  have=$1
  wanted=$2
  while [ -n "$wanted" ]; do
    have_part=${have%%.*}
    [ "${have_part:-0}" -le "${wanted%%.*}" ] || return 0
    [ "${have_part:-0}" -eq "${wanted%%.*}" ] || return 1
    case $have in *.*) have=${have#*.} ;; *) have= ;; esac
    case $wanted in *.*) wanted=${wanted#*.} ;; *) wanted= ;; esac
  done
}

check_client() {
  command -v "$client" > /dev/null 2>&1 || fail "$client is not installed here"
  [ "$old_client" = no ] || return 0
  version=$(client_version 2> /dev/null) || version=
  case $version in
    '' | *[!0-9.]*) fail "$client does not show its version: this script needs $client_needs. To continue without this check, add --old-client" ;;
  esac
  at_least "$version" "$(wanted_version "$version")" ||
    fail "$client $version is too old: this script needs $client_needs. To continue without this check, add --old-client"
}

# Only the caller can write to the folder of answers: nobody else can put a link there.
open_answers() {
  [ ! -L "$answers" ] || fail "$answers is a link: give a folder with --answers"
  if [ -e "$answers" ]; then
    own=$(find "$answers" -prune -type d -user "$(id -u)" ! -perm -0020 ! -perm -0002)
    [ -n "$own" ] || fail "$answers must be a folder that you own and that nobody else can write to: give another one with --answers"
    links=$(find "$answers" ! -type d ! -type f)
    [ -z "$links" ] || fail "$answers holds a link or something else that is not a file: give another folder with --answers"
  else
    mkdir -p "$(dirname "$answers")"
    mkdir "$answers" || fail "cannot create the folder of answers $answers: give another one with --answers"
  fi
  work=$(mktemp -d "$answers/.work.XXXXXX") || fail "cannot write to $answers"
}

check_time() {
  [ "$print" = no ] || return 0
  [ -n "$valid_until" ] || return 0
  time=$(date -u +%Y%m%d%H%M%S)
  [ "$time" -lt "$valid_until" ] || fail "the import parameters expired at $valid_until_text, and it is now $(now): fetch new ones and wrap again"
}

not_yet_imported() {
  [ "$print" = no ] || return 0
  [ ! -e "$answers/answer-import.json" ] || fail "$answers/answer-import.json shows that this bundle was already imported: run ./import.sh answers, or give another folder with --answers"
}

# Prints one command with every word quoted for a shell.
show() {
  line=
  for word in "$@"; do
    case $word in
      '' | *[!A-Za-z0-9_./:@%+=,-]*) word="'$(printf '%s' "$word" | sed "s/'/'\\\\''/g")'" ;;
    esac
    line="$line $word"
  done
  printf '%s\n' "${line# }"
}

run() {
  if [ "$print" = yes ]; then
    show "$@"
  else
    "$@"
  fi
}

# The path to which a command that writes a file itself must write it.
target() {
  if [ "$print" = yes ]; then
    printf '%s\n' "$answers/$1"
  else
    printf '%s\n' "$work/$1"
  fi
}

# put FILE: the file that was written becomes an answer.
put() {
  if [ ! -s "$work/$1" ]; then
    say "$client wrote nothing for $1"
    return 1
  fi
  mv "$work/$1" "$answers/$1"
  recorded="$recorded $1"
  say "saved $answers/$1"
}

# capture FILE COMMAND...: standard output goes to $work/FILE, standard error to $work/said.
capture() {
  file=$1
  shift
  if "$@" > "$work/$file" 2> "$work/said"; then
    cat "$work/said" >&2
  else
    cat "$work/said" >&2
    return 1
  fi
}

# save FILE COMMAND...: the output of the command becomes an answer.
save() {
  if [ "$print" = yes ]; then
    file=$1
    shift
    printf '%s > %s\n' "$(show "$@")" "$(show "$answers/$file")"
    return 0
  fi
  capture "$@" && put "$1"
}

# fetch FILE COMMAND...: the same for a command that writes "$(target FILE)" itself.
fetch() {
  file=$1
  shift
  if [ "$print" = yes ]; then
    show "$@"
    return 0
  fi
  rm -f "$work/$file"
  if "$@" > /dev/null 2> "$work/said"; then
    cat "$work/said" >&2
    put "$file"
  else
    cat "$work/said" >&2
    return 1
  fi
}

# keep_old FILE...: moves earlier answers into a folder named after the time of asking.
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
