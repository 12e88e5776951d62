#!/bin/sh
# Imports the key of this bundle into Azure Key Vault. Nothing in here is secret.
# ./import.sh --help tells the steps, ./import.sh --print shows the commands.
# Words of the operator stand in single quotes and are never expanded.
# shellcheck disable=SC2016
set -eu
umask 077

client=az
valid_until=
valid_until_text=
digests() {
  cat << 'END_OF_DIGESTS'
c42d63e4165865dceb6412f4326ea288debbb03c714951268b74c44e3d572049  acme-store.byok
f2ed94f0f85718e20b3155b9b93047387819bf76506cd47dad45b7da37ebad33  challenge.bin
4c08012f8edcfd723ffdb3e248d8aeb14f69d2d96e8e33731209b93ffb8227b5  challenge-iv.bin
4ac995c74cbec4a7d6a0b74c90ee1cd5317d4284b1d8b48f53abe18a829eab4a  challenge-gcm.bin
85e6c7bf81a563e727883105c6a0a49a77d363d7ce631a758fd750238e724e2d  challenge-gcm-iv.bin
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

base64_of() { base64 < "$1" | tr -d '\n'; }
head_of() { head -c "$2" "$1" | base64 | tr -d '\n'; }
tag_of() { tail -c 16 "$1" | od -An -v -tx1 | tr -d ' \n'; }

find_kid() {
  kid=KEY_ID_WITH_VERSION
  [ "$print" = no ] || return 0
  [ -f "$answers/answer-import.json" ] || fail "there is no $answers/answer-import.json: run the step import first"
  kid=$(sed -n 's/.*"kid": *"\(https:[A-Za-z0-9.:/-]*\)".*/\1/p' "$answers/answer-import.json" | sed -n 1p)
  [ -n "$kid" ] || fail "$answers/answer-import.json names no key version"
}

step_import() {
  check_time
  not_yet_imported
  save answer-import.json az keyvault key import --hsm-name acme-hsm --name acme-store --kty oct --byok-file acme-store.byok --ops encrypt decrypt wrapKey unwrapKey --output json
}

step_answers() {
  find_kid
  ask save answer-key.json az keyvault key show --id "$kid" --output json
  offer fetch answer-attestation.json az keyvault key get-attestation --id "$kid" --file "$(target answer-attestation.json)"
  ask save answer-aes-cbc.json az keyvault key encrypt --id "$kid" --algorithm A256CBC --iv b010c97f29f11c0063b3798c6a828b13 --value "$(base64_of challenge.bin)" --data-type base64 --output json
  ask save answer-aes-kw.json az rest --method POST --uri "$kid/wrapkey?api-version=7.5" --resource https://managedhsm.azure.net --headers Content-Type=application/json --body '{"alg":"A256KW","value":"gv1t8py_SV7UOqjwUOqQJ9WBLXJqkd_i49mVqCCzTGc"}' --output json
  ask save answer-aes-gcm-decrypt.json az keyvault key decrypt --id "$kid" --algorithm A256GCM --iv ad031779b86a38f52bb7959c --value "$(head_of challenge-gcm.bin 32)" --tag "$(tag_of challenge-gcm.bin)" --data-type base64 --output json
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
  import       imports the key, as a new version when the name exists
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
