"""What can be imported, and how: every (provider, key type, wrapping algorithm) that the providers' own documents
name. Stated here independently of keyrite's tables, so that a row forgotten there fails the rehearsal."""
from typing import NamedTuple, Optional

AWS, AZURE, GOOGLE = "aws", "azure", "google"
TITLES = {AWS: "AWS KMS", AZURE: "Azure Key Vault and Managed HSM", GOOGLE: "Google Cloud KMS"}


class Row(NamedTuple):
    """One import. `algorithm`: the provider's name for the wrapping; `cloud_type`: KeySpec, kty or algorithm."""
    provider: str
    key_type: str
    algorithm: str
    cloud_type: str
    wrapping_bits: int
    scheme: str  # "oaep": RSAES-OAEP(key); "rsa-aes": RSAES-OAEP(AES) || AES-KWP(key)
    digest: str
    unverified: bool = False  # no document confirms it: only under --allow-unverified
    purpose: Optional[str] = None  # Google
    verdict: str = "proven"

    @property
    def is_secret(self):
        return self.key_type.startswith(("aes-", "generic-secret-"))

    @property
    def name(self):
        return "-".join((self.provider, self.key_type, self.cloud_type, self.algorithm)).lower().replace("_", "-")


def secret(size):
    return f"generic-secret-{size}-bytes"


AWS_ALGORITHMS = {
    "RSAES_OAEP_SHA_256": ("oaep", "sha256"),
    "RSAES_OAEP_SHA_1": ("oaep", "sha1"),
    "RSA_AES_KEY_WRAP_SHA_256": ("rsa-aes", "sha256"),
    "RSA_AES_KEY_WRAP_SHA_1": ("rsa-aes", "sha1"),
}
AWS_TYPES = {
    "aes-256": "SYMMETRIC_DEFAULT",
    secret(28): "HMAC_224", secret(32): "HMAC_256", secret(48): "HMAC_384", secret(64): "HMAC_512",
    secret(128): "HMAC_512",
    "rsa-2048": "RSA_2048", "rsa-3072": "RSA_3072", "rsa-4096": "RSA_4096",
    "ec-p256": "ECC_NIST_P256", "ec-p384": "ECC_NIST_P384", "ec-p521": "ECC_NIST_P521",
    "ec-secp256k1": "ECC_SECG_P256K1", "ed25519": "ECC_NIST_EDWARDS25519",
}
AZURE_TYPES = {
    "aes-128": "oct", "aes-192": "oct", "aes-256": "oct",
    **{secret(size): "oct" for size in (20, 28, 32, 48, 64, 128)},
    "rsa-2048": "RSA", "rsa-3072": "RSA", "rsa-4096": "RSA",
    "ec-p256": "EC", "ec-p384": "EC", "ec-p521": "EC", "ec-secp256k1": "EC",
}
# Key type -> algorithms with their purpose; the first is tried with every import method, the others with one.
GOOGLE_TYPES = {
    "aes-128": [(f"aes-128-{mode}", "raw-encryption") for mode in ("gcm", "cbc", "ctr")],
    "aes-256": [("google-symmetric-encryption", "encryption"),
                *((f"aes-256-{mode}", "raw-encryption") for mode in ("gcm", "cbc", "ctr"))],
    secret(20): [("hmac-sha1", "mac")], secret(28): [("hmac-sha224", "mac")], secret(32): [("hmac-sha256", "mac")],
    secret(48): [("hmac-sha384", "mac")], secret(64): [("hmac-sha512", "mac")],
    "rsa-2048": [("rsa-decrypt-oaep-2048-sha256", "asymmetric-encryption"),
                 ("rsa-sign-pss-2048-sha256", "asymmetric-signing"),
                 ("rsa-sign-raw-pkcs1-2048", "asymmetric-signing")],
    "rsa-3072": [("rsa-decrypt-oaep-3072-sha1", "asymmetric-encryption"),
                 ("rsa-sign-pkcs1-3072-sha256", "asymmetric-signing")],
    "rsa-4096": [("rsa-decrypt-oaep-4096-sha512", "asymmetric-encryption"),
                 ("rsa-sign-pss-4096-sha512", "asymmetric-signing")],
    "ec-p256": [("ec-sign-p256-sha256", "asymmetric-signing")],
    "ec-p384": [("ec-sign-p384-sha384", "asymmetric-signing")],
    "ec-secp256k1": [("ec-sign-secp256k1-sha256", "asymmetric-signing")],
    "ed25519": [("ec-sign-ed25519", "asymmetric-signing")],
}
GOOGLE_METHODS = [("rsa-aes", "sha256"), ("rsa-aes", "sha1"), ("oaep", "sha256")]


def _aws():
    """Wrapping keys take turns, so that each size meets each kind of key."""
    turn = 0
    for key_type, spec in AWS_TYPES.items():
        for algorithm, (scheme, digest) in AWS_ALGORITHMS.items():
            if scheme == "oaep" and key_type.startswith("rsa-"):
                continue  # longer than RSAES-OAEP holds
            bits = (4096, 3072, 2048)[turn % 3]
            turn += 1
            if scheme == "oaep" and key_type == "ec-p521" and bits == 2048:
                bits = 3072  # excluded by AWS
            is_secret = key_type.startswith(("aes-", "generic-"))
            unverified = (scheme == "rsa-aes" and is_secret) or key_type == "ed25519"
            yield Row(AWS, key_type, algorithm, spec, bits, scheme, digest, unverified)


def _azure():
    for turn, (key_type, kty) in enumerate(AZURE_TYPES.items()):
        unverified = key_type.startswith("generic-") and key_type != secret(32)
        yield Row(AZURE, key_type, "CKM_RSA_AES_KEY_WRAP", kty, (2048, 3072, 4096)[turn % 3], "rsa-aes", "sha1",
                  unverified)


def _google():
    turn = 0
    for key_type, algorithms in GOOGLE_TYPES.items():
        for number, (algorithm, purpose) in enumerate(algorithms):
            for scheme, digest in GOOGLE_METHODS:
                if (scheme == "oaep" and key_type.startswith("rsa-")) or (number > 0 and scheme == "oaep"):
                    continue
                if number > 0 and digest == "sha1":
                    continue
                bits = (3072, 4096)[turn % 2]
                turn += 1
                method = f"rsa-oaep-{bits}-{digest}" + ("-aes-256" if scheme == "rsa-aes" else "")
                verdict = "consistent but not proven" if purpose == "encryption" else "proven"
                yield Row(GOOGLE, key_type, method, algorithm, bits, scheme, digest, purpose=purpose, verdict=verdict)


def rows():
    return [*_aws(), *_azure(), *_google()]


def key_types():
    """Every type with the providers it is made for, in the order of the rows."""
    types = {}
    for row in rows():
        types.setdefault(row.key_type, set()).add(row.provider)
    return types


def cannot_be_expected(row):
    """Whether no token of Debian's packages does this row: SoftHSM alone makes these two types, does not put private
    keys directly under RSA-OAEP, and wraps no Ed25519 key at all."""
    return row.key_type == "ed25519" or (row.key_type == "ec-secp256k1" and row.scheme == "oaep")
