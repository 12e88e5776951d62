#!/bin/sh
# Imports the key of this bundle into Google Cloud KMS. Nothing in here is secret.
# ./import.sh --help tells the steps, ./import.sh --print shows the commands.
# Words of the operator stand in single quotes and are never expanded.
# shellcheck disable=SC2016
set -eu
umask 077

client=gcloud
valid_until=20250605090009
valid_until_text=2025-06-05T09:00:09Z
digests() {
  cat << 'END_OF_DIGESTS'
4309b145a06e7624bd377c4b70705ce425528b4881ce4943451887acac9cc158  wrapped-key.bin
a37550e16c650767b0e6f7ddb93a3b32ac13cb817164219f81840743f751a97c  challenge.bin
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

find_version() {
  version=VERSION
  [ "$print" = no ] || return 0
  [ -f "$answers/answer-import.json" ] || fail "there is no $answers/answer-import.json: run the step import first"
  version=$(sed -n 's#.*"name": *"[^"]*/cryptoKeyVersions/\([0-9][0-9]*\)".*#\1#p' "$answers/answer-import.json" | sed -n 1p)
  [ -n "$version" ] || fail "$answers/answer-import.json names no key version"
}

await_enabled() {
  if [ "$print" = yes ]; then
    show gcloud kms keys versions describe "$version" --key acme-sign --keyring acme --location europe-west3 --project rehearsal '--format=value(state)'
    return 0
  fi
  tries=0
  while :; do
    state=$(gcloud kms keys versions describe "$version" --key acme-sign --keyring acme --location europe-west3 --project rehearsal '--format=value(state)')
    case $state in
      ENABLED) return 0 ;;
      PENDING_IMPORT) ;;
      IMPORT_FAILED) fail "the import of version $version failed: $(gcloud kms keys versions describe "$version" --key acme-sign --keyring acme --location europe-west3 --project rehearsal '--format=value(importFailureReason)')" ;;
      *) fail "version $version is in state $state" ;;
    esac
    tries=$((tries + 1))
    [ "$tries" -lt 60 ] || fail "version $version is still in state $state after ten minutes: run the remaining steps later"
    sleep 10
  done
}

step_create() {
  run gcloud kms keys create acme-sign --purpose asymmetric-signing --protection-level hsm --default-algorithm ec-sign-p256-sha256 --skip-initial-version-creation --import-only --keyring acme --location europe-west3 --project rehearsal
}

step_import() {
  check_time
  not_yet_imported
  save answer-import.json gcloud kms keys versions import --import-job job --algorithm ec-sign-p256-sha256 --wrapped-key-file wrapped-key.bin --key acme-sign --keyring acme --location europe-west3 --project rehearsal --format json
  find_version
  await_enabled
}

step_answers() {
  find_version
  await_enabled
  ask save answer-version.json gcloud kms keys versions describe "$version" --key acme-sign --keyring acme --location europe-west3 --project rehearsal --format json
  ask fetch answer-public-key.pem gcloud kms keys versions get-public-key "$version" --key acme-sign --keyring acme --location europe-west3 --project rehearsal --output-file "$(target answer-public-key.pem)"
  offer fetch answer-attestation.dat gcloud kms keys versions describe "$version" --key acme-sign --keyring acme --location europe-west3 --project rehearsal --attestation-file "$(target answer-attestation.dat)"
  offer fetch answer-certificates.pem gcloud kms keys versions get-certificate-chain "$version" --key acme-sign --keyring acme --location europe-west3 --project rehearsal --output-file "$(target answer-certificates.pem)"
  ask fetch answer-sign-ecdsa-sha256.bin gcloud kms asymmetric-sign --version "$version" --key acme-sign --keyring acme --location europe-west3 --project rehearsal --digest-algorithm sha256 --input-file challenge.bin --signature-file "$(target answer-sign-ecdsa-sha256.bin)"
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
    create | import | answers) ;;
    *) return 1 ;;
  esac
}

run_step() {
  case $1 in
    create) step_create ;;
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
  create       creates the key that takes the import, when it does not exist
  import       imports the key and waits until the version is enabled
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
