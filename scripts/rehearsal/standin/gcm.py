"""AES-GCM (SP 800-38D), which openssl's command line has not: AES comes from openssl, the rest is polynomial
arithmetic."""
from . import openssl


class TagError(Exception):
    """The tag does not belong to the ciphertext."""


def _multiply(x, y):
    product = 0
    for bit in range(127, -1, -1):
        if x >> bit & 1:
            product ^= y
        y = (y >> 1) ^ (0xE1 << 120 if y & 1 else 0)
    return product


def _blocks(data):
    for at in range(0, len(data), 16):
        yield int.from_bytes(data[at:at + 16].ljust(16, b"\x00"), "big")


def _tag(key, iv, aad, ciphertext):
    subkey = int.from_bytes(openssl.aes("ecb", key, b"", bytes(16)), "big")
    digest = 0
    for block in (*_blocks(aad), *_blocks(ciphertext), len(aad) * 8 << 64 | len(ciphertext) * 8):
        digest = _multiply(digest ^ block, subkey)
    mask = int.from_bytes(openssl.aes("ecb", key, b"", iv + b"\x00\x00\x00\x01"), "big")
    return (digest ^ mask).to_bytes(16, "big")


def encrypt(key, iv, plaintext, aad=b""):
    """(ciphertext, 16-byte tag) under a 12-byte IV."""
    ciphertext = openssl.aes("ctr", key, iv + b"\x00\x00\x00\x02", plaintext)
    return ciphertext, _tag(key, iv, aad, ciphertext)


def decrypt(key, iv, ciphertext, tag, aad=b""):
    if _tag(key, iv, aad, ciphertext) != tag:
        raise TagError("the tag does not match")
    return openssl.aes("ctr", key, iv + b"\x00\x00\x00\x02", ciphertext)
