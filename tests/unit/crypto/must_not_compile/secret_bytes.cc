// A secret has one owner, which is moved and never copied; plain bytes and it do not turn into each
// other by themselves; and it is neither compared by ==, which takes a time that depends on it, nor
// written to a stream. One file, since reading the headers takes a compiler long.

// refused: use of deleted function
// refused: call to deleted constructor
// refused: overload resolution selected deleted operator
// refused: conversion from 'const keyrite::
// refused: no viable conversion
// refused: no match for 'operator
// refused: invalid operands to binary expression
#include <iostream>
#include <utility>

#include "crypto/secret_bytes.h"

using keyrite::ByteView;
using keyrite::crypto::SecretBytes;

int main() {
  SecretBytes secret(16);
  SecretBytes other;
  const SecretBytes kept(16);
  const ByteView plain;
#ifdef KEYRITE_FORBIDDEN
  const SecretBytes copy = secret;  // forbidden
  other = secret;                   // forbidden
  const ByteView bytes = kept;      // forbidden: only where "reveal" is written
  const SecretBytes made = plain;   // forbidden: the plain bytes would stay unwiped
  if (secret == other) return 2;    // forbidden
  std::cout << secret;              // forbidden
#endif
  const SecretBytes moved = std::move(secret);
  other = SecretBytes(plain);
  if (kept.reveal().empty()) return 3;
  std::cout << moved.size();
  return moved.reveal().empty() && other.size() == 0 ? 1 : 0;
}
