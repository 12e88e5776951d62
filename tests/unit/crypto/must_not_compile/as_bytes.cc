// A secret does not turn into plain bytes by itself: only where "reveal" is written.
// refused: conversion from 'const keyrite::crypto::SecretBytes' to non-scalar type
// refused: no viable conversion
#include "crypto/secret_bytes.h"

int main() {
  const keyrite::crypto::SecretBytes secret(16);
#ifdef KEYRITE_FORBIDDEN
  const keyrite::ByteView plain = secret;
  if (plain.empty()) return 2;
#endif
  const keyrite::ByteView revealed = secret.reveal();
  return revealed.empty() ? 1 : 0;
}
