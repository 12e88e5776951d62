"""Opens what was imported and looks at it as strictly as a cloud does."""
import os

from . import der, key_wrap, openssl

RSA_SIZES = {2048: 256, 3072: 384, 4096: 512}


class Unwrappable(Exception):
    """The blob does not open under this wrapping key and algorithm."""


class WrongMaterial(Exception):
    """The blob opened, and holds something else than the key asks for."""


def unwrap(private_file, bits, scheme, digest, blob):
    """The plaintext of an RSAES-OAEP ("oaep") or RSAES-OAEP || AES-KWP ("rsa-aes") blob."""
    size = RSA_SIZES[bits]
    try:
        if scheme == "oaep":
            if len(blob) != size:
                raise Unwrappable(f"{len(blob)} bytes, an RSA-{bits} ciphertext has {size}")
            return openssl.oaep_decrypt(private_file, digest, blob)
        tail = blob[size:]
        if len(tail) < 16 or len(tail) % 8 != 0:
            raise Unwrappable(f"{len(tail)} bytes behind the RSA part are no AES-KWP")
        transport = openssl.oaep_decrypt(private_file, digest, blob[:size])
        if len(transport) != 32:
            raise Unwrappable(f"the transport key has {len(transport)} bytes instead of 32")
        return key_wrap.run("unwrap", "kwp", transport, tail)
    except (openssl.OpensslError, key_wrap.KeyWrapError) as error:
        raise Unwrappable(str(error)) from error


def check_secret(plain, shortest, longest):
    """Raw bytes of a secret key."""
    if not shortest <= len(plain) <= longest:
        wanted = str(shortest) if shortest == longest else f"{shortest} to {longest}"
        raise WrongMaterial(f"{len(plain)} bytes of key material, {wanted} are needed")
    return plain


def check_private(plain, kind, bits=None):
    """A PKCS#8 private key of `kind` ("rsa", "p256", ..., "ed25519") and nothing behind it. Zero bytes behind it are
    taken off only where REHEARSAL_PADDED_PKCS8=accept says that this cloud's reader does so."""
    try:
        found, rest = der.private_key_info(plain)
    except der.DerError as error:
        raise WrongMaterial(f"not a PKCS#8 private key: {error}") from error
    if rest:
        lenient = os.environ.get("REHEARSAL_PADDED_PKCS8") == "accept"
        if not lenient or any(rest):
            raise WrongMaterial(f"{len(rest)} bytes behind the PKCS#8 private key")
        plain = plain[:-len(rest)]
    if found != kind:
        raise WrongMaterial(f"a key of type {found}, the key needs {kind}")
    try:
        openssl.check_private(plain)
        spki = openssl.public_of(plain)
    except openssl.OpensslError as error:
        raise WrongMaterial(f"not a private key that openssl reads: {error}") from error
    if kind == "rsa":
        modulus, exponent = der.public_numbers(spki)
        if len(modulus) * 8 != bits:
            raise WrongMaterial(f"an RSA key of {len(modulus) * 8} bits, the key needs {bits}")
        if int.from_bytes(exponent, "big") < 65537:
            raise WrongMaterial("an RSA key with an exponent below 65537")
    return plain
