// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What import.sh, fetch.sh and the scripts that delete share: the check of the cloud's client, the
// folder of answers, and the functions that run a command and keep what it prints. POSIX sh, no
// extension of any shell. Constants. Internal to provider.
#pragma once

#include <string_view>

namespace keyrite::provider {

// The start of a script that changes or deletes what a cloud has, after $name: its one option, and
// $left for what it cannot do.
inline constexpr std::string_view kPrintOption = R"sh(print=no
left=0

say() { printf '%s: %s\n' "$name" "$1" >&2; }
case ${1-} in
  '') ;;
  --print) print=yes ;;
  *)
    printf 'usage: sh %s [--print]\n' "$name" >&2
    exit 2
    ;;
esac
)sh";

// After $work: what is removed at the end.
inline constexpr std::string_view kCleanUp =
    R"sh(clean_up() { [ -z "$work" ] || rm -rf -- "$work"; }
trap clean_up EXIT
trap 'exit 1' HUP INT TERM

)sh";

// The SHA-256 of a file.
inline constexpr std::string_view kScriptHash =
    R"sh(hash_of() {
  if command -v sha256sum > /dev/null 2>&1; then
    sha256sum < "$1"
  else
    shasum -a 256 < "$1"
  fi
}
)sh";

// After say() and fail(), $client, $client_needs and $old_client, and client_version() and
// wanted_version() of the cloud.
inline constexpr std::string_view kScriptClient =
    R"sh(# at_least HAVE WANTED: numbers with points, compared part by part.
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

)sh";

// After say() and fail(), $answers and $work, which --answers sets.
inline constexpr std::string_view kAnswersFolder =
    R"sh(# Only the caller can write to the folder of answers: nobody else can put a link there.
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

)sh";

// After kScriptClient and $print.
inline constexpr std::string_view kScriptCommands =
    R"sh(# Prints one command with every word quoted for a shell.
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

)sh";

}  // namespace keyrite::provider
