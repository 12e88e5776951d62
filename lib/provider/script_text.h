// The parts of import.sh that are the same for every cloud: POSIX sh, no extension of any shell.
// Constants. Internal to provider.
#pragma once

#include <string_view>

namespace keyrite::provider {

// After the settings ($client, $valid_until, ...) and digests(): the checks, and the functions that
// run commands and keep answers.
inline constexpr std::string_view kScriptFunctions = R"sh(print=no
answers=
unanswered=no

say() { printf 'import.sh: %s\n' "$1" >&2; }
fail() {
  say "$1"
  exit 1
}

hash_of() {
  if command -v sha256sum > /dev/null 2>&1; then
    sha256sum "$1"
  else
    shasum -a 256 "$1"
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

check_client() {
  command -v "$client" > /dev/null 2>&1 || fail "$client is not installed here"
}

check_time() {
  [ "$print" = no ] || return 0
  [ -n "$valid_until" ] || return 0
  now=$(date -u +%Y%m%d%H%M%S)
  [ "$now" -lt "$valid_until" ] || fail "the import parameters expired at $valid_until_text, it is $(date -u +%Y-%m-%dT%H:%M:%SZ) now: fetch new ones and wrap again"
}

not_yet_imported() {
  [ "$print" = no ] || return 0
  [ ! -e "$answers/answer-import.json" ] || fail "$answers/answer-import.json shows that this bundle was imported: run ./import.sh answers, or name another folder by --answers"
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

# Where a command that writes a file by itself is to write it.
target() {
  if [ "$print" = yes ]; then
    printf '%s\n' "$answers/$1"
  else
    printf '%s\n' "$answers/.$1.part"
  fi
}

# save FILE COMMAND...: what the command prints becomes an answer; one that is there is kept.
save() {
  file=$1
  shift
  if [ "$print" = yes ]; then
    printf '%s > %s\n' "$(show "$@")" "$(show "$answers/$file")"
  elif [ -e "$answers/$file" ]; then
    say "kept $answers/$file"
  elif "$@" > "$answers/.$file.part"; then
    mv "$answers/.$file.part" "$answers/$file"
    say "saved $answers/$file"
  else
    rm -f "$answers/.$file.part"
    return 1
  fi
}

# fetch FILE COMMAND...: the same for a command that writes "$(target FILE)".
fetch() {
  file=$1
  shift
  if [ "$print" = yes ]; then
    show "$@"
  elif [ -e "$answers/$file" ]; then
    say "kept $answers/$file"
  elif rm -f "$answers/.$file.part" && "$@" > /dev/null && [ -f "$answers/.$file.part" ]; then
    mv "$answers/.$file.part" "$answers/$file"
    say "saved $answers/$file"
  else
    rm -f "$answers/.$file.part"
    return 1
  fi
}

# Questions change nothing in the cloud, so one without an answer does not keep the others back.
ask() {
  "$@" || {
    unanswered=yes
    say "no answer for $2"
  }
}
# offer save FILE COMMAND...: good to have, but verify-import does without it.
offer() {
  "$@" || say "no answer for $2, which is not needed"
}
all_answered() {
  [ "$unanswered" = no ] || fail "not every question was answered: run ./import.sh answers again"
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
    -h | --help)
      usage
      exit 0
      ;;
    -*)
      [ -n "${2:-}" ] || fail "$1 is no option, or needs a folder"
      set_folder "$1" "$(absolute "$2")" || fail "there is no option $1"
      shift
      ;;
    *) break ;;
  esac
  shift
done

CDPATH='' cd -- "$(dirname -- "$0")"
[ -n "$answers" ] || answers=$(pwd -P).answers
# The default steps are words of ours, to be split.
# shellcheck disable=SC2086
[ $# -gt 0 ] || set -- $default_steps
for step in "$@"; do
  is_step "$step" || fail "there is no step $step"
done
if [ "$print" = no ]; then
  check_files
  check_client
  mkdir -p "$answers"
fi
for step in "$@"; do
  run_step "$step"
done
)sh";

}  // namespace keyrite::provider
