// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The parts of fetch.sh that are the same for every cloud: POSIX sh, no extension of any shell.
// Constants. Internal to provider.
#pragma once

#include <string_view>

namespace keyrite::provider {

// After the settings $client, $client_needs and $ask_sha256.
inline constexpr std::string_view kFetchStart = R"sh(print=no
answers=
old_client=no
recorded=
work=

say() { printf 'fetch.sh: %s\n' "$1" >&2; }
fail() {
  say "$1"
  exit 1
}
)sh";

// After kScriptHash.
inline constexpr std::string_view kFetchFiles = R"sh(
check_ask() {
  [ -f ask.json ] || fail "ask.json is missing: copy the whole folder again"
  found=$(hash_of ask.json)
  [ "${found%% *}" = "$ask_sha256" ] || fail "ask.json was changed: do not use this folder"
}

# What is fetched says what for.
keep_ask() {
  if [ -e "$answers/ask.json" ]; then
    cmp -s ask.json "$answers/ask.json" || fail "$answers was fetched for something else: give another folder with --answers"
    return 0
  fi
  cp ask.json "$work/ask.json"
  mv "$work/ask.json" "$answers/ask.json"
}

# member FILE NAME: the first member of that name in what was fetched.
member() {
  [ -f "$answers/$1" ] || return 0
  sed -n "s/.*\"$2\": *\"\{0,1\}\([^\",}]*\).*/\1/p" "$answers/$1" | sed -n 1p
}

# is_ahead TIME: in UTC, or in seconds since 1970. What cannot be read is over.
is_ahead() {
  case $1 in
    '') return 1 ;;
    *[!0-9.]*)
      case $1 in
        ????-??-??T??:??:??*Z | ????-??-??T??:??:??*+00:00) ;;
        *) return 1 ;;
      esac
      digits=$(printf '%s' "$1" | tr -cd '0-9' | cut -c 1-14)
      [ "$digits" -gt "$(date -u +%Y%m%d%H%M%S)" ]
      ;;
    *) [ "${1%%.*}" -gt "$(date +%s)" ] ;;
  esac
}

# fingerprint WHAT: of the public key (DER, base64) on standard input. Not saved: what lies beside
# the parameters compares nothing.
fingerprint() {
  if base64 -d > "$work/key.der" 2> /dev/null && [ -s "$work/key.der" ]; then
    digest=$(hash_of "$work/key.der")
    say "SHA-256 of the wrapping key in $1, to be compared over a second channel:"
    say "  ${digest%% *}"
  else
    say "the wrapping key in $1 cannot be shown here"
  fi
}

)sh";

// After fetch() of the cloud: options, checks, and the work.
inline constexpr std::string_view kFetchMain = R"sh(usage() {
  cat << 'END_OF_USAGE'
usage: ./fetch.sh [--print] [--old-client] [--answers DIR]

  --print              prints the commands without running them
  --old-client         does not check the version of the client
  --answers DIR        saves there, in a folder that only you can write to;
                       default: next to this folder, with .fetched at the end
END_OF_USAGE
}

while [ $# -gt 0 ]; do
  case $1 in
    --print) print=yes ;;
    --old-client) old_client=yes ;;
    --answers)
      [ -n "${2:-}" ] || fail '--answers needs a folder after it'
      case $2 in
        /*) answers=$2 ;;
        *) answers=$PWD/$2 ;;
      esac
      shift
      ;;
    -h | --help)
      usage
      exit 0
      ;;
    *) fail "$1 is not an option" ;;
  esac
  shift
done

CDPATH='' cd -- "$(dirname -- "$0")"
[ -n "$answers" ] || answers=$(pwd -P).fetched
fix_environment
if [ "$print" = no ]; then
  check_ask
  check_client
  open_answers
  keep_ask
fi
fetch_all
[ "$print" = yes ] || say "bring the folder $answers to the token"
)sh";

}  // namespace keyrite::provider
