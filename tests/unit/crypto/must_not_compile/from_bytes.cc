// Plain bytes do not turn into a secret by themselves: their own copy would stay unwiped.
// refused: conversion from 'const keyrite::ByteView'
// refused: no viable conversion
#include "crypto/secret_bytes.h"

int main() {
  const keyrite::ByteView plain;
#ifdef KEYRITE_FORBIDDEN
  const keyrite::crypto::SecretBytes secret = plain;
#endif
  const keyrite::crypto::SecretBytes copied(plain);
  return copied.empty() ? 0 : 1;
}
