#include "audit/internal/export_part.h"

namespace keyrite::audit {

namespace {

constexpr std::string_view kVerifySignatureProgram = R"sh(#!/bin/sh
# Who signed a checkpoint (c2sp.org/signed-note). A shell, coreutils and openssl 3 are enough.
#
#   sh verify-signature.sh CHECKPOINT VKEYS [NAME...]
#
# VKEYS is a file with a vkey in each line: NAME+ID+BASE64. A vkey of the log itself must have signed,
# and every NAME that is given (a witness). A wrong signature by anybody in VKEYS is an error; lines
# by others are skipped.
set -eu
checkpoint=$1
vkeys=$2
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

wrong() {
  echo "WRONG: $1" >&2
  exit 1
}
hex() {
  od -An -v -tx1 | tr -d ' \n'
}

# Three lines are signed; the fourth is empty; the others are signatures.
head -n 3 "$checkpoint" > "$work/text"
[ "$(head -n 4 "$checkpoint" | tail -n 1 | wc -c)" -eq 1 ] || wrong "$checkpoint is no checkpoint"
tail -n +5 "$checkpoint" > "$work/lines"
origin=$(head -n 1 "$checkpoint")

# read_vkey LINE: sets name, id and type; work/spki becomes the key as openssl reads it.
read_vkey() {
  name=${1%%+*}
  rest=${1#*+}
  id=${rest%%+*}
  printf '%s' "${rest#*+}" | base64 -d > "$work/coded" || wrong "the vkey of $name is not base64"
  type=$(head -c 1 "$work/coded" | hex)
  tail -c +2 "$work/coded" > "$work/key"
  case $type in
    01 | 04)
      # What stands before the 32 bytes of an Ed25519 key (RFC 8410 section 4).
      {
        printf '\060\052\060\005\006\003\053\145\160\003\041\000'
        cat "$work/key"
      } > "$work/spki"
      {
        printf '%s\n' "$name"
        cat "$work/coded"
      } > "$work/named"
      ;;
    02)
      cat "$work/key" > "$work/spki"
      cat "$work/key" > "$work/named"
      ;;
    *) wrong "the vkey of $name has the unknown type $type" ;;
  esac
  [ "$id" = "$(openssl dgst -sha256 -binary "$work/named" | head -c 4 | hex)" ] ||
    wrong "the vkey of $name has another key id than its key"
}

ed25519() {
  openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey "$work/spki" \
    -in "$1" -sigfile "$work/signature" > "$work/said" 2>&1
}

# verify_line: whether work/line (key id and signature) is over work/text.
verify_line() {
  tail -c +5 "$work/line" > "$work/signature"
  case $type in
    01) ed25519 "$work/text" ;;
    02)
      openssl dgst -sha256 -verify "$work/spki" -keyform DER \
        -signature "$work/signature" "$work/text" > "$work/said" 2>&1
      ;;
    04)
      seconds=$(head -c 8 "$work/signature" | od -An -tu8 --endian=big | tr -d ' \n')
      {
        printf 'cosignature/v1\ntime %s\n' "$seconds"
        cat "$work/text"
      } > "$work/cosigned"
      tail -c +13 "$work/line" > "$work/signature"
      ed25519 "$work/cosigned"
      ;;
  esac
}

: > "$work/signers"
own=no
while IFS= read -r vkey <&3; do
  [ -n "$vkey" ] || continue
  read_vkey "$vkey"
  while read -r dash signer coded <&4; do
    [ "$dash $signer" = "— $name" ] || continue
    printf '%s' "$coded" | base64 -d > "$work/line" || wrong "a signature of $name is not base64"
    [ "$(head -c 4 "$work/line" | hex)" = "$id" ] || continue
    verify_line || wrong "the signature of $name ($id) is not over this checkpoint"
    if [ "$type" = 04 ]; then
      echo "right: witnessed by $name ($id) at $(date -u -d "@$seconds" +%Y-%m-%dT%H:%M:%SZ)"
    else
      echo "right: signed by $name ($id)"
      [ "$name" != "$origin" ] || own=yes
    fi
    printf '%s\n' "$name" >> "$work/signers"
  done 4< "$work/lines"
done 3< "$vkeys"

[ "$own" = yes ] || wrong "no key of $origin signed $checkpoint"
for wanted in "$@"; do
  found=no
  while IFS= read -r signer; do
    [ "$signer" != "$wanted" ] || found=yes
  done < "$work/signers"
  [ "$found" = yes ] || wrong "$wanted did not sign $checkpoint"
done
)sh";

}  // namespace

std::string_view verify_signature_program() { return kVerifySignatureProgram; }

}  // namespace keyrite::audit
