#!/bin/sh
# Imports the key of this bundle into AWS KMS. Nothing in here is secret.
# ./import.sh --help tells the steps, ./import.sh --print shows the commands.
# Words of the operator stand in single quotes and are never expanded.
# shellcheck disable=SC2016
set -eu
umask 077

client=aws
valid_until=20250603090011
valid_until_text=2025-06-03T09:00:11Z
digests() {
  cat << 'END_OF_DIGESTS'
0eb3e7d0860635ba8a895c9cd164f7b206ee8fa8f657422c68f1c4b44d01e13f  EncryptedKeyMaterial.bin
baee9a7abc3491573b3840d709d8d5c8230c3da13771afabfa8d68ee9fe340d1  ImportToken.bin
f76a513cdda95e39488a1be4da6b1a486be561334ef4f782a74fca8d5c197b9c  challenge.bin
END_OF_DIGESTS
}

print=no
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

step_import() {
  check_time
  not_yet_imported
  save answer-import.json aws kms import-key-material --key-id arn:aws:kms:eu-central-1:111122223333:key/afa6a07a-55c0-48c0-9575-9aadd785c366 --encrypted-key-material fileb://EncryptedKeyMaterial.bin --import-token fileb://ImportToken.bin --expiration-model KEY_MATERIAL_DOES_NOT_EXPIRE --region eu-central-1 --output json
}

step_answers() {
  ask save answer-describe-key.json aws kms describe-key --key-id arn:aws:kms:eu-central-1:111122223333:key/afa6a07a-55c0-48c0-9575-9aadd785c366 --region eu-central-1 --output json
  ask save answer-hmac-sha256.json aws kms generate-mac --key-id arn:aws:kms:eu-central-1:111122223333:key/afa6a07a-55c0-48c0-9575-9aadd785c366 --message fileb://challenge.bin --mac-algorithm HMAC_SHA_256 --region eu-central-1 --output json
  all_answered
}

set_folder() {
  case $1 in
    --answers) answers=$2 ;;
    *) return 1 ;;
  esac
}

default_steps='import answers'

is_step() {
  case $1 in
    import | answers) ;;
    *) return 1 ;;
  esac
}

run_step() {
  case $1 in
    import) step_import ;;
    answers) step_answers ;;
  esac
}

usage() {
  cat << 'END_OF_USAGE'
usage: ./import.sh [--print] [--answers DIR] [STEP...]

  --print              prints the commands and runs nothing
  --answers DIR        where answers are saved; default: beside this folder

steps (without one: import answers):
  import       imports the key
  answers      saves the answers that verify-import needs
END_OF_USAGE
}

absolute() {
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
