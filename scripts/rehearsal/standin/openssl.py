"""The openssl command line as functions. Bytes in, bytes out; a refusal is an OpensslError."""
import os
import subprocess
import tempfile


class OpensslError(Exception):
    """openssl did not do it; the text is its first line."""


def run(*arguments, data=b""):
    """Standard output of `openssl ARGUMENTS`, with `data` as its input."""
    result = subprocess.run(["openssl", *arguments], input=data, capture_output=True, check=False)
    if result.returncode != 0:
        lines = result.stderr.decode(errors="replace").strip().splitlines()
        raise OpensslError(f"openssl {arguments[0]}: {lines[0] if lines else 'failed'}")
    return result.stdout


class Files:
    """Files that openssl wants by name: `with Files(key=b"...") as names: names["key"]`. Gone at the end."""

    def __init__(self, **contents):
        self._contents = contents
        self._folder = None

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="standin-")
        names = {}
        for name, content in self._contents.items():
            names[name] = os.path.join(self._folder.name, name)
            with open(names[name], "wb") as file:
                file.write(content)
        return names

    def __exit__(self, *_):
        self._folder.cleanup()


def _oaep(digest):
    return ["-pkeyopt", "rsa_padding_mode:oaep", "-pkeyopt", f"rsa_oaep_md:{digest}", "-pkeyopt",
            f"rsa_mgf1_md:{digest}"]


def oaep_decrypt(private_file, digest, ciphertext, form="PEM"):
    """RSAES-OAEP with MGF1 of the same digest and an empty label."""
    return run("pkeyutl", "-decrypt", "-inkey", private_file, "-keyform", form, *_oaep(digest), data=ciphertext)


def oaep_encrypt(public_file, digest, message):
    return run("pkeyutl", "-encrypt", "-pubin", "-inkey", public_file, *_oaep(digest), data=message)


def aes(mode, key, iv, data, decrypt=False, padding=False):
    """AES in `mode` "cbc", "ctr" or "ecb"; CBC with PKCS#7 padding only when asked."""
    vector = ["-iv", iv.hex()] if iv else []
    return run("enc", "-d" if decrypt else "-e", f"-aes-{len(key) * 8}-{mode}", "-K", key.hex(), *vector,
               *([] if padding else ["-nopad"]), data=data)


def hmac(digest, key, message):
    return run("mac", "-digest", digest, "-macopt", f"hexkey:{key.hex()}", "-binary", "-in", "-", "HMAC", data=message)


def public_of(private_der):
    """DER SubjectPublicKeyInfo of a PKCS#8 private key."""
    return run("pkey", "-inform", "DER", "-pubout", "-outform", "DER", data=private_der)


def check_private(private_der):
    """openssl's own consistency check of a PKCS#8 private key."""
    run("pkey", "-inform", "DER", "-check", "-noout", data=private_der)


def pem_of(spki):
    return run("pkey", "-pubin", "-inform", "DER", "-pubout", data=spki).decode("ascii")


def sign_message(private_der, digest, message, pss=False):
    """RSA or ECDSA (DER) signature of a message; `digest` None: Ed25519 (RFC 8032)."""
    with Files(key=private_der, message=message) as names:
        if digest is None:
            return run("pkeyutl", "-sign", "-rawin", "-inkey", names["key"], "-keyform", "DER", "-in",
                       names["message"])
        options = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"] if pss else []
        return run("dgst", f"-{digest}", "-sign", names["key"], "-keyform", "DER", *options, names["message"])


def is_signature(spki, digest, message, signature, pss=False):
    """Of a message, as sign_message makes it."""
    with Files(key=spki, message=message, signature=signature) as names:
        public = ["-pubin", "-inkey", names["key"], "-keyform", "DER"]
        options = ["-digest", digest] if digest else []
        if pss:
            options += ["-pkeyopt", "rsa_padding_mode:pss", "-pkeyopt", "rsa_pss_saltlen:digest"]
        try:
            run("pkeyutl", "-verify", "-rawin", *public, "-in", names["message"], "-sigfile", names["signature"],
                *options)
        except OpensslError:
            return False
    return True


def sign_digest(private_der, digest, value, pss=False):
    """As sign_message, of a digest that was made elsewhere."""
    with Files(key=private_der, digest=value) as names:
        options = ["-pkeyopt", f"digest:{digest}"]
        if pss:
            options += ["-pkeyopt", "rsa_padding_mode:pss", "-pkeyopt", "rsa_pss_saltlen:digest"]
        return run("pkeyutl", "-sign", "-inkey", names["key"], "-keyform", "DER", "-in", names["digest"], *options)


def sign_padded(private_der, value):
    """RSASSA-PKCS1-v1_5 of a DigestInfo that was made elsewhere."""
    with Files(key=private_der, value=value) as names:
        return run("pkeyutl", "-sign", "-inkey", names["key"], "-keyform", "DER", "-in", names["value"], "-pkeyopt",
                   "rsa_padding_mode:pkcs1")


def new_rsa_key(bits):
    """PEM of a fresh RSA private key with e = 65537."""
    return run("genpkey", "-quiet", "-algorithm", "RSA", "-pkeyopt", f"rsa_keygen_bits:{bits}")


def rsa_public_of(private_pem):
    """DER SubjectPublicKeyInfo of a PEM private key."""
    return run("pkey", "-pubout", "-outform", "DER", data=private_pem)
